import type { Instant, PersonRef, Severity } from '@kernel';
import type { Alert, AlertFact } from './alert.js';
import type { Recipient } from './recipients.js';

export const ALERT_STATES = ['NEW', 'SEEN', 'ACKNOWLEDGED', 'RESOLVED', 'ESCALATED'] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/** Who looks: as which recipients, and which person. */
export type Looker = { readonly recipients: readonly Recipient[]; readonly person: PersonRef };

/** An alert as it stands in the inbox of whoever looks. */
export type InboxRow = Omit<Alert, 'recipient'> & {
  /** Its place among all alerts: never shown. */
  readonly number: bigint;
  readonly state: AlertState;
};

export type InboxFilter = {
  readonly states?: readonly AlertState[] | undefined;
  readonly kinds?: readonly string[] | undefined;
  readonly severities?: readonly Severity[] | undefined;
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
};

/**
 * The alerts as they were matched, for whoever they are meant. Whether the record of one may be read now is not known here:
 * whoever shows one has to ask that, each time.
 */
export abstract class AlertInbox {
  /** Latest first, those before a number. */
  abstract before(who: Looker, filter: InboxFilter, number: bigint | null, limit: number): Promise<readonly InboxRow[]>;
  /**
   * In order, those after a number.
   * @throws FeedExpired where what came after it is no longer kept
   */
  abstract after(who: Looker, number: bigint, limit: number): Promise<readonly InboxRow[]>;
  /** The number of the latest. */
  abstract latest(): Promise<bigint>;
  /** For whom something has come after a number, on behalf of none; and the number of the latest. */
  abstract news(number: bigint): Promise<{ readonly number: bigint; readonly recipients: readonly Recipient[] }>;
  /** Facts of some kinds since an instant, latest first, those before a number: whoever may read their records. */
  abstract facts(
    kinds: readonly string[],
    since: Instant,
    number: bigint | null,
    limit: number,
  ): Promise<readonly (AlertFact & { readonly number: bigint; readonly parties: readonly string[] })[]>;
  /**
   * Resolves when all up to a position of the history has been matched.
   * @throws NotCaughtUp when it is not in time
   */
  abstract reached(position: bigint): Promise<void>;
  /** Calls back whenever there may be something new, until the signal aborts. */
  abstract listen(onNews: () => void, signal: AbortSignal): void;
}
