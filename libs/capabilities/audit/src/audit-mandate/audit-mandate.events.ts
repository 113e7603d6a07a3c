import type { DomainEvent, Instant, Level, Marked, Party, PersonRef } from '@kernel';

/** Stream `auditMandate-<id>`, one per party and auditor: that the auditor may read what is the party's. */
export type AuditMandateEvent = AuditMandateGranted | AuditMandateRevoked;

/** What an auditor can be let into, by names of capabilities. */
export const AUDIT_SUBJECTS = ['materials', 'projects', 'stockpiles', 'briefs', 'sharing'] as const;
export type AuditSubject = (typeof AUDIT_SUBJECTS)[number];

export type AuditMandateTerms = {
  readonly person: PersonRef;
  /** In the order of AUDIT_SUBJECTS, each once. */
  readonly subjects: readonly AuditSubject[];
  /** Up to which level the auditor reads. */
  readonly level: Level;
  /** The first instant at which it holds no longer. */
  readonly until: Instant;
};

/** A later grant to the same person takes the place of an earlier one; the first carries the marking. */
export type AuditMandateGranted = DomainEvent<
  'audit.AuditMandateGranted.v1',
  AuditMandateTerms & { readonly party: Party } & Partial<Marked>
>;
export type AuditMandateRevoked = DomainEvent<'audit.AuditMandateRevoked.v1', { readonly reason: string }>;
