import type { HistoryState } from '@foundation/eventing';

/** How often the log is asked, in milliseconds. */
const EVERY_MS = 5_000;
/** How long it has to answer, in milliseconds. */
const PATIENCE_MS = 3_000;

/**
 * How the verifiable log is: it keeps up; what was recorded a minute ago is not in it; it is not continued, for what stands
 * in its own alarm; it does not answer; or nobody told this node where it is.
 */
export type LogState = 'up' | 'behind' | 'stopped' | 'unreachable' | 'unwatched';

const SENTENCES: Readonly<Record<LogState, string>> = {
  up: 'the verifiable log keeps up again',
  behind: 'ALARM the verifiable log is behind: what was recorded a minute ago is not under a published checkpoint',
  stopped: 'ALARM the verifiable log is not continued: its own /health says why',
  unreachable: 'ALARM the verifiable log does not answer at LOG_URL',
  unwatched: 'LOG_URL is not set: this node does not know how the verifiable log is',
};

/** Asks the log how it is, now and then: whoever asks for this node's health must not cause requests to others. */
export class LogWatch {
  #state: LogState;
  #history: HistoryState = 'up';

  /**
   * @param url of the log; null where it is not watched
   * @param report tells the operator when it becomes another
   */
  constructor(
    private readonly url: string | null,
    private readonly report: (sentence: string) => void,
  ) {
    this.#state = url === null ? 'unwatched' : 'up';
  }

  get state(): LogState {
    return this.#state;
  }

  /** What the log has met in the history, of which it reads all. */
  get history(): HistoryState {
    return this.#history;
  }

  /** Asks once. */
  async look(): Promise<void> {
    if (this.url === null) return;
    const { state, history } = await asked(new URL('/health', this.url));
    this.#history = history ?? this.#history;
    if (state !== this.#state) this.report(SENTENCES[state]);
    this.#state = state;
  }

  /** Asks until the signal aborts. */
  follow(signal: AbortSignal): void {
    if (this.url === null) return;
    const timer = setInterval(() => void this.look(), EVERY_MS).unref();
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  }
}

type Told = { readonly ok?: boolean; readonly log?: string; readonly history?: HistoryState };

const asked = async (health: URL): Promise<{ state: LogState; history?: HistoryState | undefined }> => {
  try {
    const response = await fetch(health, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const { ok, log, history } = (await response.json()) as Told;
    return { state: ok !== true ? 'stopped' : log === 'behind' ? 'behind' : 'up', history };
  } catch {
    return { state: 'unreachable' };
  }
};
