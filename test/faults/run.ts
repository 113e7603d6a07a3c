import { PATIENCE_MS } from '../support/patience.js';
import { until } from '../support/waiting.js';
import { Checks } from './checks.js';
import type { Chance, Fault } from './faults.js';
import { startStage } from './stage.js';
import { Writers } from './writers.js';

/** How many commands of each writer show that all is in order. */
const IN_ORDER = 2;
/** How much of what is wrong a failure names. */
const NAMED = 5;

/**
 * Does one thing after the other to a platform that is written to, and after each asks whether everything that was
 * acknowledged is there. Nothing is started again, or otherwise helped, from here.
 *
 * @param seed said with what went wrong, so that it can be done again
 * @param told of each round
 * @throws Error that names seed, fault and what is missing
 */
export const runFaults = async (
  faults: readonly Fault[],
  seed: number,
  chance: Chance,
  told: (line: string) => void = () => undefined,
): Promise<void> => {
  const stage = await startStage();
  const writers = new Writers(stage.platform);
  const checks = new Checks(stage);
  const failed = (round: number, name: string, wrong: readonly string[], cause?: unknown): Error =>
    new Error(
      [
        `seed ${seed}, round ${round}, ${name}:`,
        ...wrong.slice(0, NAMED).map((each) => `- ${each}`),
        ...(wrong.length > NAMED ? [`- and ${wrong.length - NAMED} more`] : []),
        'The platform said last:',
        ...stage.said(),
      ].join('\n'),
      { cause },
    );

  for (const [index, { name, happen, leftOut }] of faults.entries()) {
    const round = index + 1;
    const reason = leftOut?.(stage) ?? null;
    if (reason !== null) {
      told(`round ${round}: ${name}: LEFT OUT, since ${reason}`);
      continue;
    }
    const before = writers.acknowledged.length;
    try {
      writers.start();
      const begun = writers.counts;
      await until('every writer writes', () => writers.allHaveWritten(begun, 1));
      await happen(stage, chance);
      const healed = writers.counts;
      await until('every writer writes again', () => writers.allHaveWritten(healed, IN_ORDER), 2 * PATIENCE_MS);
      await writers.stop();
      await checks.isWell();
    } catch (error) {
      throw failed(round, name, [(error as Error).message, ...writers.wrong], error);
    }
    const fresh = writers.acknowledged.slice(before);
    const wrong = [
      ...(await checks.recordedAndLogged(fresh)),
      ...(await checks.shown(fresh)),
      ...(await checks.told(fresh, writers.told)),
      ...writers.wrong,
    ];
    if (wrong.length > 0) throw failed(round, name, wrong);
    told(`round ${round}: ${name}: ${fresh.length} commands, all there`);
  }
  const all = writers.acknowledged;
  const wrong = [...(await checks.recordedAndLogged(all)), ...(await checks.shown(all)), ...(await checks.verified())];
  if (wrong.length > 0) throw failed(faults.length, 'in the end', wrong);
  told(`${all.length} commands were acknowledged, and all are there.`);
};
