import {
  accept,
  heightOf,
  partyOf,
  reject,
  type Command,
  type Decider,
  type Instant,
  type Level,
  type Party,
  type PersonRef,
  type RecordId,
} from '@kernel';
import {
  AUDIT_SUBJECTS,
  type AuditMandateEvent,
  type AuditMandateTerms,
  type AuditSubject,
} from './audit-mandate.events.js';

/** A party lets an auditor read its records. */
export type GrantAuditMandate = Command<'GrantAuditMandate'> & {
  readonly person: PersonRef;
  readonly subjects: readonly AuditSubject[];
  readonly level: Level;
  readonly until: Instant;
};
export type RevokeAuditMandate = Command<'RevokeAuditMandate'> & { readonly id: RecordId; readonly reason: string };
export type AuditMandateCommand = GrantAuditMandate | RevokeAuditMandate;

export const auditMandateRefusals = {
  'AUDITS.NOT_FOUND': 'There is no such audit mandate, or it was not released to you.',
  'AUDITS.NO_SUBJECT': 'An audit mandate without a subject opens nothing: name one at least.',
  'AUDITS.NEVER_IN_FORCE': 'The audit mandate would have ended before it begins: give a later end.',
  'AUDITS.OWN_MANDATE': 'Nobody audits by their own leave: another delegate of your party grants it.',
  'AUDITS.LEVEL_TOO_HIGH': 'You cannot let an auditor read what you are not cleared for yourself.',
} as const;
export type AuditMandateRefusal = keyof typeof auditMandateRefusals;

/** The terms in force; null where nothing is granted, or no more. */
export type AuditMandateState = { readonly party: Party; readonly terms: AuditMandateTerms | null } | null;

export const auditMandateDecider: Decider<
  AuditMandateCommand,
  AuditMandateEvent,
  AuditMandateState,
  AuditMandateRefusal
> = {
  initial: null,

  evolve: (state, event) => {
    if (event.type === 'audit.AuditMandateRevoked.v1') return state && { ...state, terms: null };
    const { party, marking: _, ...terms } = event.data;
    return { party, terms };
  },

  decide: (command, state, { now, who, marking }) => {
    if (command.type === 'RevokeAuditMandate') {
      return state?.terms
        ? accept({ type: 'audit.AuditMandateRevoked.v1', data: { reason: command.reason } })
        : accept();
    }
    const { person, level, until } = command;
    if (person === who.person) return reject('AUDITS.OWN_MANDATE', { field: 'person' });
    const subjects = AUDIT_SUBJECTS.filter((each) => command.subjects.includes(each));
    if (subjects.length === 0) return reject('AUDITS.NO_SUBJECT', { field: 'subjects' });
    if (until <= now) return reject('AUDITS.NEVER_IN_FORCE', { field: 'until' });
    if (heightOf(level) > heightOf(who.clearance)) return reject('AUDITS.LEVEL_TOO_HIGH', { field: 'level' });

    const terms: AuditMandateTerms = { person, subjects, level, until };
    if (state?.terms && isSame(state.terms, terms)) return accept();
    return accept({
      type: 'audit.AuditMandateGranted.v1',
      data: { party: partyOf(who)!, ...terms, ...(state === null && { marking }) },
    });
  },
};

const isSame = (one: AuditMandateTerms, other: AuditMandateTerms): boolean =>
  one.subjects.join() === other.subjects.join() && one.level === other.level && one.until === other.until;
