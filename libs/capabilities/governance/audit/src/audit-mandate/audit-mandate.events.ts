import {
  instant,
  level,
  many,
  oneOf,
  personRef,
  required,
  type DomainEvent,
  type Marked,
  type Of,
  type Party,
} from '@kernel';

/** What an auditor can be let into, by names of capabilities. */
export const auditSubject = oneOf('AuditSubject', 'What an auditor may read of a party.', {
  materials: 'Materials, lists and production figures.',
  projects: 'Projects and pledges.',
  stockpiles: 'Stock declarations.',
  briefs: 'Briefs.',
  comments: 'Comments, whatever record they stand on.',
  sharing: 'Who has read what.',
});
export type AuditSubject = ReturnType<typeof auditSubject>;
export const AUDIT_SUBJECTS = Object.keys(auditSubject.meanings) as readonly AuditSubject[];

export const auditMandateTerms = {
  person: required(personRef, 'Reference of the auditor.'),
  /** In the order of AUDIT_SUBJECTS, each once. */
  subjects: many(auditSubject, 'In what.'),
  level: required(level, 'Up to which level.'),
  until: required(instant, 'The first instant at which it holds no longer.'),
};
export type AuditMandateTerms = Of<typeof auditMandateTerms>;

/** Stream `auditMandate-<id>`, one per party and auditor: that the auditor may read what is the party's. */
export type AuditMandateEvent = AuditMandateGranted | AuditMandateRevoked;

/** A later grant to the same person takes the place of an earlier one; the first carries the marking. */
export type AuditMandateGranted = DomainEvent<
  'audit.AuditMandateGranted.v1',
  AuditMandateTerms & { readonly party: Party } & Partial<Marked>
>;
export type AuditMandateRevoked = DomainEvent<'audit.AuditMandateRevoked.v1', { readonly reason: string }>;
