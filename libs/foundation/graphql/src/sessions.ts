import type { Identity } from './caller.js';

/** Turns the cookie of a browser that has signed in into an identity. */
export abstract class Sessions {
  /**
   * Who has signed in, with `session` set; null where the cookie is of no session, or of none any more.
   * @throws an error with `isOutage` true when that cannot be told now
   */
  abstract identityOf(cookie: string): Promise<Identity | null>;
  /** Hears the `session` of an identity when it is over, wherever it was ended. */
  abstract onEnd(listener: (session: string) => void): void;
}
