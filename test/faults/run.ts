import { PATIENCE_MS } from '../support/patience.js';
import { until } from '../support/waiting.js';
import { Checks } from './checks.js';
import type { Chance, Fault } from './faults.js';
import { startStage, type Stage } from './stage.js';
import { Writers } from './writers.js';

/** How many commands of each writer show that all is in order. */
const IN_ORDER = 2;
/** How much of what is wrong a failure names. */
const NAMED = 5;

/**
 * Does one thing after the other to a platform that is written to, and after each asks whether everything that was
 * acknowledged is there. Nothing is started again, or otherwise helped, from here.
 */
export class FaultRun {
  readonly #writers: Writers;
  readonly #checks: Checks;
  #round = 0;

  private constructor(
    private readonly stage: Stage,
    private readonly seed: number,
    private readonly chance: Chance,
  ) {
    this.#writers = new Writers(stage.platform);
    this.#checks = new Checks(stage);
  }

  /**
   * Starts the platform; it is stopped after the spec file at the latest.
   * @param seed said with what went wrong, so that it can be done again
   */
  static async start(seed: number, chance: Chance): Promise<FaultRun> {
    return new FaultRun(await startStage(), seed, chance);
  }

  /**
   * @returns what was found, in a line
   * @throws Error that names seed, fault and what is missing
   */
  async round({ name, happen, leftOut }: Fault): Promise<string> {
    this.#round++;
    const told = `round ${this.#round}: ${name}`;
    const reason = leftOut?.(this.stage) ?? null;
    if (reason !== null) return `${told}: LEFT OUT, since ${reason}`;
    const writers = this.#writers;
    const before = writers.acknowledged.length;
    try {
      await writers.start();
      const begun = writers.counts;
      // A subscription that was told of nothing yet has no place to go on from.
      await until(
        'every writer writes, and the subscriber hears',
        async () => (await writers.allHaveWritten(begun, 1)) && writers.told.size > 0,
      );
      await happen(this.stage, this.chance);
      const healed = writers.counts;
      await until('every writer writes again', () => writers.allHaveWritten(healed, IN_ORDER), 2 * PATIENCE_MS);
      await writers.stop();
      await this.#checks.isWell();
    } catch (error) {
      throw this.#failed(name, [(error as Error).message, ...writers.wrong], error);
    }
    const fresh = writers.acknowledged.slice(before);
    this.#require(name, [...(await this.#missing(fresh)), ...(await this.#checks.logged(fresh)), ...writers.wrong]);
    return `${told}: ${fresh.length} commands, all there`;
  }

  /** The same of everything that was acknowledged in all rounds; the auditor holds the whole history against the log. @throws Error as a round */
  async end(): Promise<string> {
    const all = this.#writers.acknowledged;
    this.#require('in the end', [...(await this.#missing(all)), ...(await this.#checks.verified())]);
    return `${all.length} commands were acknowledged, and all are there.`;
  }

  async #missing(acknowledged: Writers['acknowledged']): Promise<string[]> {
    return [
      ...(await this.#checks.recorded(acknowledged)),
      ...(await this.#checks.shown(acknowledged)),
      ...(await this.#checks.told(acknowledged, this.#writers.told)),
    ];
  }

  #require(name: string, wrong: readonly string[]): void {
    if (wrong.length > 0) throw this.#failed(name, wrong);
  }

  #failed(name: string, wrong: readonly string[], cause?: unknown): Error {
    const lines = [
      `seed ${this.seed}, round ${this.#round}, ${name}:`,
      ...wrong.slice(0, NAMED).map((each) => `- ${each}`),
      ...(wrong.length > NAMED ? [`- and ${wrong.length - NAMED} more`] : []),
      'The platform said last:',
      ...this.stage.said(),
    ];
    return new Error(lines.join('\n'), { cause });
  }
}
