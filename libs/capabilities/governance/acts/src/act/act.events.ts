import {
  instant,
  many,
  personRef,
  recordId,
  required,
  role,
  text,
  value,
  type DomainEvent,
  type Instant,
  type Marked,
  type Of,
  type PersonRef,
} from '@kernel';

/** Up to the longest request that the platform takes. */
const canonicalText = value('String', 'prose', (given: string): string => given);

/** A command that waits for a second person. */
export const prepared = {
  category: required(text(60), 'Which kind of record it is given to, such as signingKeys.'),
  record: required(recordId, 'Id of the record that it is given to, or that it will make.'),
  command: required(text(100), 'The command, such as DemandSignatures.'),
  input: required(
    canonicalText,
    'All that it says, as RFC 8785 JSON of what the platform has read: audiences, for example, as country:JP.',
  ),
  digest: required(text(60), 'SHA-256 of the RFC 8785 JSON of { command, input }, base64url: name it to approve it.'),
};
export const preparedFully = {
  ...prepared,
  roles: many(role, 'In which the first person gave it.'),
};
export type Prepared = Of<typeof preparedFully>;
export const lapsesAt = required(instant, 'The first instant at which it cannot be approved any more.');
export const preparedBy = required(personRef, 'Reference of the person who gave it.');

/** Stream `act-<id>`: one command that takes two persons, known to their party alone. */
export type ActEvent = ActPrepared | ActCarriedOut | ActWithdrawn | ActLapsed;

/** The first person has given it; it was judged, and its record knows nothing of it. */
export type ActPrepared = DomainEvent<
  'acts.ActPrepared.v1',
  Prepared & { readonly preparedBy: PersonRef; readonly lapsesAt: Instant } & Marked
>;
/** A second person has approved it, and its facts are in its record. Who approved it is left out where that is told by those facts alone. */
export type ActCarriedOut = DomainEvent<'acts.ActCarriedOut.v1', { readonly approvedBy?: PersonRef }>;
export type ActWithdrawn = DomainEvent<'acts.ActWithdrawn.v1', { readonly withdrawnBy: PersonRef }>;
/** Nobody has approved it in time. */
export type ActLapsed = DomainEvent<'acts.ActLapsed.v1', { readonly at: Instant }>;
