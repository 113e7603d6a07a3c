import {
  country,
  recordId,
  required,
  text,
  type DomainEvent,
  type Instant,
  type Marked,
  type Of,
  type PersonRef,
} from '@kernel';

export const emergency = {
  record: required(recordId, 'Id of the record, which may not exist.'),
  reason: required(text(2000), 'Why it was asked for.'),
  approver: required(country, 'The member state that has to agree.'),
};
export type Emergency = Of<typeof emergency>;

/** Stream `emergencyAccess-<id>`: that a person of the secretariat asks to read one record whatever its marking says. */
export type EmergencyAccessEvent = EmergencyAccessRequested | EmergencyAccessApproved | EmergencyAccessRefused;

/** Whether such a record exists is not known when this is recorded. */
export type EmergencyAccessRequested = DomainEvent<
  'access.EmergencyAccessRequested.v1',
  Emergency & { readonly requestedBy: PersonRef } & Marked
>;
export type EmergencyAccessApproved = DomainEvent<
  'access.EmergencyAccessApproved.v1',
  {
    readonly approvedBy: PersonRef;
    /** The first instant at which the record is closed again: an hour after the approval. */
    readonly until: Instant;
  }
>;
/** The request was turned down, or the access ended before its time. */
export type EmergencyAccessRefused = DomainEvent<
  'access.EmergencyAccessRefused.v1',
  { readonly refusedBy: PersonRef; readonly reason: string }
>;
