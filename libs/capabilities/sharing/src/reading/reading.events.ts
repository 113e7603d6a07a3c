import type { Day, DomainEvent, Marked, Party, PersonRef } from '@kernel';

/**
 * Stream `reading-<id>`, one per row and party that read it: what the owner is told of it, and whether the party was
 * asked to give back what it had.
 */
export type ReadingEvent = RecordRead | RecallIssued | RecallAcknowledged;

/** EMERGENCY: through an emergency access, which the marking alone would not have allowed. */
export const WAYS = ['READ', 'EXPORT', 'EMERGENCY'] as const;
export type Way = (typeof WAYS)[number];

/** Which row, and who read it. */
export type Subject = {
  /** Key of the row: the record's id where the row is the record's own. */
  readonly record: string;
  /** Name of the view that the row stands in, `projects.projects`. */
  readonly kind: string;
  /** For whom it was read; null for people who act for nobody, such as auditors. */
  readonly reader: Party | null;
};

/** Noted once a day for each way. The marking is the owner's, released to whoever read. */
export type RecordRead = DomainEvent<
  'sharing.RecordRead.v1',
  Subject &
    Marked & {
      readonly how: Way;
      readonly day: Day;
      /** Whose person it was, where it was another party's under a mandate. */
      readonly delegate?: Party;
      /** Who it was, where it was an emergency. */
      readonly person?: PersonRef;
    }
>;

/** NARROWED: the reader may not read it any more. WITHDRAWN: the record holds no longer. */
export const RECALL_CAUSES = ['NARROWED', 'WITHDRAWN'] as const;
export type RecallCause = (typeof RECALL_CAUSES)[number];

/** Whoever had read is told that what it has is not to be used any more. */
export type RecallIssued = DomainEvent<'sharing.RecallIssued.v1', Subject & Marked & { readonly cause: RecallCause }>;

/** The reader says that it has heard, and may say what it did about its copies. */
export type RecallAcknowledged = DomainEvent<'sharing.RecallAcknowledged.v1', { readonly note?: string }>;
