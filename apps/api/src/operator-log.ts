import type { Log, More } from '@adapters/telemetry';
import { Logger, type LoggerService } from '@nestjs/common';

/** What a part of the platform tells beside a mere sentence. */
type Told = More & { readonly event: string; readonly msg: string };

/** Nest's loggers write to the operator's log, a context being a part of the program. What is for developers is left out. */
export class OperatorLog implements LoggerService {
  constructor(private readonly to: Log) {}

  readonly error = (message: unknown, ...rest: unknown[]): void => this.#tell('error', message, rest);
  readonly fatal = this.error;
  readonly warn = (message: unknown, ...rest: unknown[]): void => this.#tell('warn', message, rest);
  readonly log = (): void => undefined;

  /** @param rest perhaps a stack, and the context */
  #tell(level: 'error' | 'warn', message: unknown, rest: readonly unknown[]): void {
    const texts = rest.filter((each) => typeof each === 'string');
    const context = texts.at(-1);
    const stack = texts.length > 1 ? texts[0] : undefined;
    const part = context === undefined ? this.to : this.to.about(context);
    const { event, msg, ...more } = isTold(message)
      ? message
      : { event: `${(context ?? 'api').replaceAll(' ', '-').toLowerCase()}.said`, msg: String(message), why: stack };
    part[level](event, msg, more);
  }
}

/** Tells the operator, by a part's name and what happened, of something that somebody has to see to. */
export const telling =
  (part: string, event: string) =>
  (msg: string): void =>
    new Logger(part).error({ event, msg });

const isTold = (message: unknown): message is Told =>
  typeof message === 'object' && message !== null && 'event' in message && 'msg' in message;
