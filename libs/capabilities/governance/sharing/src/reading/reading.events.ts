import {
  nullable,
  oneOf,
  optional,
  party,
  personRef,
  required,
  rowKey,
  text,
  type Day,
  type DomainEvent,
  type Marked,
  type Of,
} from '@kernel';

export const way = oneOf('WayOfReading', 'How a record was read.', {
  READ: 'It was shown.',
  EXPORT: 'It left the platform.',
  EMERGENCY: 'Through an emergency access; the marking alone would not have allowed it.',
});
export type Way = ReturnType<typeof way>;

export const recallCause = oneOf('RecallCause', 'Why a record is recalled.', {
  NARROWED: 'Its owner does not release it to the reader any more.',
  WITHDRAWN: 'Its owner has withdrawn it.',
});
export type RecallCause = ReturnType<typeof recallCause>;

/** Which row, and who read it. */
export const subject = {
  /** Key of the row: the record's id where the row is the record's own. */
  record: required(rowKey, 'Id of the record.'),
  kind: required(text(200), 'The list that it stands in, such as projects.projects.'),
  reader: nullable(party, 'Who has read it; null for people who act for nobody, such as auditors.'),
};
export type Subject = Of<typeof subject>;

export const reading = {
  ...subject,
  how: required(way, 'How.'),
  delegate: optional(party, 'Whose person it was, under a mandate of the reader.'),
  person: optional(personRef, 'Reference of the person, where it was an emergency.'),
};

/**
 * Stream `reading-<id>`, one per row and party that read it: what the owner is told of it, and whether the party was
 * asked to give back what it had.
 */
export type ReadingEvent = RecordRead | RecallIssued | RecallAcknowledged;

/** Noted once a day for each way. The marking is the owner's, released to whoever read. */
export type RecordRead = DomainEvent<'sharing.RecordRead.v1', Of<typeof reading> & { readonly day: Day } & Marked>;
/** Whoever had read is told that what it has is not to be used any more. */
export type RecallIssued = DomainEvent<'sharing.RecallIssued.v1', Subject & Marked & { readonly cause: RecallCause }>;
/** The reader says that it has heard, and may say what it did about its copies. */
export type RecallAcknowledged = DomainEvent<'sharing.RecallAcknowledged.v1', { readonly note?: string }>;
