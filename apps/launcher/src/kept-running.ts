import { setTimeout as pause } from 'node:timers/promises';

const RESTART_PAUSE_MS = 500;

/** A process that is ready. */
export type Running<Answer> = {
  /** What it said when it was ready: its address. */
  readonly answer: Answer;
  /** Resolves with how it ended. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
};

/**
 * Starts a process.
 * @param before what it answered at its first start; it must come back at the same address
 * @param signal aborted when the start is no longer wanted: whatever was started is to be stopped
 */
export type Launch<Answer> = (before: Answer | null, signal: AbortSignal) => Promise<Running<Answer>>;

/** A part of the platform that is started again when it ends by itself, until it is stopped. */
export class KeptRunning<Answer> {
  readonly #stopping = new AbortController();
  #running: Running<Answer> | null = null;
  #launching: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly name: string,
    private readonly launch: Launch<Answer>,
  ) {}

  /** Resolves when the part is ready. Throws when its first start fails. */
  async start(): Promise<Answer> {
    const { answer } = await this.#launch(null);
    void this.#keep(answer);
    return answer;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#launching;
    await this.#running?.stop();
  }

  async #keep(first: Answer): Promise<void> {
    const { signal } = this.#stopping;
    let how = await this.#running!.ended;
    while (!signal.aborted) {
      console.error(`[launcher] the ${this.name} has ended (${how}); starting it again`);
      await pause(RESTART_PAUSE_MS, null, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        const running = await this.#launch(first);
        console.error(`[launcher] the ${this.name} runs again`);
        how = await running.ended;
      } catch (error) {
        how = (error as Error).message;
      }
    }
  }

  async #launch(before: Answer | null): Promise<Running<Answer>> {
    const launching = this.launch(before, this.#stopping.signal);
    this.#launching = launching.catch(() => undefined);
    this.#running = await launching;
    return this.#running;
  }
}
