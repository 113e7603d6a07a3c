import type { Instant } from '@kernel';
import type { Alert } from './alert.js';
import type { Recipient } from './recipients.js';

/** That an alert is to go to a person by e-mail, from an instant on. */
export type QueuedMail = {
  readonly alert: string;
  /** A person in a party: `JP <person>`. */
  readonly recipient: Recipient;
  readonly sendAt: Instant;
};

/** What waits for one person, held while it is sent. */
export interface HeldMail {
  readonly recipient: Recipient;
  readonly alerts: readonly Alert[];
  /** How often it was tried. */
  readonly tries: number;
  /** It was sent, or there was nothing to send; what is kept of it says neither to whom nor of what. */
  done(state: 'DELIVERED' | 'GONE' | 'FAILED', reason?: string): Promise<void>;
  /** It waits on. */
  later(at: Instant, reason: string): Promise<void>;
}

/** The e-mails that wait. Several notifiers may send: what one holds, no other does. */
export abstract class MailQueue {
  /**
   * Does the work with what is due for one person, where there is any; what is sent and not noted, because whoever sent it
   * has ended, is sent again under the same id.
   * @param pauseMs how long a person is left alone after a message, unless something critical waits
   * @returns whether there was anything
   */
  abstract next(now: Instant, pauseMs: number, work: (held: HeldMail) => Promise<void>): Promise<boolean>;
  abstract close(): Promise<void>;
}
