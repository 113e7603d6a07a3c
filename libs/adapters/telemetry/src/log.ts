import { pino, type Logger } from 'pino';
import { types } from 'node:util';

/** Standard error: standard output says that a program is ready, and no more. */
const STDERR = 2;

/** What else is told of what happened. Nothing of what a request or a record holds: no text, no variable, no address. */
export type More = {
  /** Of the request that it happened in. */
  readonly correlationId?: string;
  /** An error, or whatever else somebody threw. */
  readonly why?: unknown;
};

/** Whoever takes what is written. */
type Sink = { readonly write: (line: string) => void };
export type LogOptions = {
  /** JSON, one object a line; else sentences for a person at a terminal. */
  readonly json: boolean;
  /** Standard error where left out. */
  readonly sink?: Sink;
};

/**
 * What a program tells its operator. As JSON: `level`, `time`, `component`, `event` (what happened, the same name each
 * time), `msg`, and, where there are any, `correlationId` and `why`.
 */
export class Log {
  static #errors = 0;

  private constructor(
    private readonly lines: Logger | Sink,
    private readonly component: string,
  ) {}

  /** @param component the program that tells */
  static of(component: string, { json, sink }: LogOptions): Log {
    // In step: what a program says last is said before it ends.
    const to = sink ?? pino.destination({ fd: STDERR, sync: true });
    return new Log(json ? jsonTo(to) : to, component);
  }

  /** How many errors this process has told. */
  static get errors(): number {
    return Log.#errors;
  }

  /** The same log, of a part of the program. */
  about(part: string): Log {
    return new Log(this.lines, `${this.component}.${part}`);
  }

  /** Somebody has to see to it. */
  error(event: string, msg: string, more: More = {}): void {
    Log.#errors++;
    this.#tell('error', event, msg, more);
  }

  warn(event: string, msg: string, more: More = {}): void {
    this.#tell('warn', event, msg, more);
  }

  info(event: string, msg: string, more: More = {}): void {
    this.#tell('info', event, msg, more);
  }

  /** What Node.js itself would tell in its own words: warnings, and the error of which the process ends. */
  ofProcess(): this {
    process.removeAllListeners('warning');
    process.on('warning', (warning) => {
      // The flag that silences these for Node's own words has no hold on ours.
      if (warning.name !== 'ExperimentalWarning') this.warn('process.warning', warning.message);
    });
    process.on('uncaughtException', (why) => {
      this.error('process.failed', 'ended by an error that nobody foresaw', { why });
      process.exit(1);
    });
    return this;
  }

  #tell(level: 'error' | 'warn' | 'info', event: string, msg: string, { correlationId, why }: More): void {
    const reason = why === undefined ? undefined : reasonOf(why);
    const { lines, component } = this;
    if (isJson(lines)) {
      lines[level]({ component, event, ...(correlationId && { correlationId }), ...(reason && { why: reason }) }, msg);
    } else
      lines.write(`${correlationId === undefined ? '' : `${correlationId} `}${msg}${reason ? `: ${reason}` : ''}\n`);
  }
}

const jsonTo = (to: Sink): Logger =>
  pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } },
    to as never,
  );

const isJson = (lines: Logger | Sink): lines is Logger => 'error' in lines;

const reasonOf = (why: unknown): string => (types.isNativeError(why) ? (why.stack ?? why.message) : String(why));
