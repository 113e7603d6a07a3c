import type { Instant, PersonRef } from '@kernel';
import type { Alert, AlertFact } from './alert.js';
import type { AlertState } from './alert-inbox.js';
import type { QueuedMail } from './mail-queue.js';
import type { Recipient } from './recipients.js';

/** A deadline of a record that some kind announces. */
export type OpenDue = {
  readonly kind: string;
  readonly view: string;
  readonly key: string;
  readonly due: string;
  readonly at: Instant;
};

/** What somebody did with alerts. */
export type Taking = {
  readonly alerts: readonly string[];
  /** As whom: alerts of other recipients are left as they are. */
  readonly recipients: readonly Recipient[];
  readonly person: PersonRef;
  readonly answer: Exclude<AlertState, 'NEW'>;
  /** Whom they are passed to. */
  readonly to?: Recipient;
  readonly at: Instant;
};

/** What one step of the matcher adds; all of it is kept, or nothing. */
export type Step = {
  /** How far the history is matched with it. */
  readonly position: bigint | null;
  /** Up to which instant deadlines are announced with it. */
  readonly clock: Instant;
  readonly alerts: readonly Alert[];
  readonly facts: readonly (AlertFact & { readonly parties: readonly string[] })[];
  /** Facts of rules and settings, whole, by the id of the record; null where it is gone. */
  readonly kept: ReadonlyMap<string, { readonly category: string; readonly body: object } | null>;
  /** Deadlines of records, in place of those that were known of each. */
  readonly dues: ReadonlyMap<string, readonly OpenDue[]>;
  readonly takings: readonly Taking[];
  /** E-mails of the alerts that are new. */
  readonly mails: readonly QueuedMail[];
};

/** What a notifier that begins finds. */
export type Ledger = {
  readonly position: bigint | null;
  readonly clock: Instant | null;
  readonly kept: ReadonlyMap<string, { readonly category: string; readonly body: object }>;
  readonly dues: ReadonlyMap<string, readonly OpenDue[]>;
};

/** The notifier's own tables, held by one notifier at a time. */
export abstract class AlertLedger {
  /** Waits until no other notifier holds it. */
  abstract hold(signal: AbortSignal): Promise<HeldLedger>;
}

export interface HeldLedger extends AsyncDisposable {
  readonly ledger: Ledger;
  /** The alerts with these ids, where they are there. */
  find(ids: readonly string[]): Promise<readonly Alert[]>;
  /** One transaction. An alert that is there already stays as it is. */
  commit(step: Step): Promise<void>;
  /** Lets go of what is older than an instant. */
  forget(before: Instant): Promise<void>;
}
