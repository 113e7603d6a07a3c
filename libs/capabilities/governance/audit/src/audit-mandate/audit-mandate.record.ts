import {
  accept,
  heightOf,
  inCapitals,
  inPerson,
  recordType,
  level,
  many,
  otherwise,
  owners,
  partyOf,
  personRef,
  reject,
  required,
  secretariat,
  text,
  withoutTerms,
  type Given,
  type Party,
} from '@kernel';
import {
  AUDIT_SUBJECTS,
  auditMandateTerms,
  auditSubject,
  type AuditMandateEvent,
  type AuditMandateTerms,
} from './audit-mandate.events.js';

export const auditMandateRejections = {
  'AUDITS.NOT_FOUND': 'There is no such audit mandate, or it was not released to you.',
  'AUDITS.NO_SUBJECT': 'An audit mandate without a subject opens nothing: name one at least.',
  'AUDITS.NEVER_IN_FORCE': 'The audit mandate would have ended before it begins: give a later end.',
  'AUDITS.OWN_MANDATE': 'Nobody audits by their own leave: another delegate of your party grants it.',
  'AUDITS.LEVEL_TOO_HIGH': 'You cannot let an auditor read what you are not cleared for yourself.',
} as const;

/** The terms in force; null where nothing is granted, or no more. */
export type AuditMandateState = { readonly party: Party; readonly terms: AuditMandateTerms | null } | null;

const auditMandate = recordType<AuditMandateEvent, AuditMandateState>()({
  category: 'auditMandate',
  endsWith: ['audit.AuditMandateRevoked.v1'],
  rejections: auditMandateRejections,
  notFound: 'AUDITS.NOT_FOUND',
  isMarkingFixed: true,
  encrypted: false,
  initial: null,
  evolve: {
    'audit.AuditMandateGranted.v1': (_, { party, marking: __, ...terms }) => ({ party, terms }),
    'audit.AuditMandateRevoked.v1': withoutTerms,
  },
});

export const grantAuditMandate = auditMandate.upsert({
  type: 'GrantAuditMandate',
  description:
    'Let an auditor replay the records of your party, in the subjects and for the time named. For delegates; not passed on.',
  input: {
    description:
      'What an auditor may read of your party, its history included. Granted again to the same person, it takes the earlier one’s place.',
    of: {
      ...auditMandateTerms,
      person: required(personRef, 'Reference of the auditor, as the person finds it under me.'),
      subjects: many(inCapitals(auditSubject), 'In what; of everything else the auditor sees structure and proof.', {
        most: AUDIT_SUBJECTS.length,
      }),
      level: otherwise(required(level, 'Up to which level; your own at most. Left out: OPEN.'), 'OPEN'),
    },
  },
  // One record for each pair: what the party last granted the person is all that holds.
  target: ({ person }, party) => ({ key: `${party} ${person}`, mayCreate: true }),
  defaultMarking: ({ person }) => ({ releaseTo: [`person:${person}`] }),
  may: [inPerson(owners('DELEGATE')), inPerson(secretariat)],
  decide: (given, state, { now, who, marking }) => {
    const { person, level: height, until } = given;
    if (person === who.person) return reject('AUDITS.OWN_MANDATE', { field: 'person' });
    const subjects = AUDIT_SUBJECTS.filter((each) => given.subjects.includes(each));
    if (subjects.length === 0) return reject('AUDITS.NO_SUBJECT', { field: 'subjects' });
    if (until <= now) return reject('AUDITS.NEVER_IN_FORCE', { field: 'until' });
    if (heightOf(height) > heightOf(who.clearance)) return reject('AUDITS.LEVEL_TOO_HIGH', { field: 'level' });

    const terms: AuditMandateTerms = { ...given, subjects };
    if (state?.terms && isSame(state.terms, terms)) return accept();
    return accept({
      type: 'audit.AuditMandateGranted.v1',
      data: { party: partyOf(who)!, ...terms, ...(state === null && { marking }) },
    });
  },
});

export const revokeAuditMandate = auditMandate.change({
  type: 'RevokeAuditMandate',
  description: 'End an audit mandate at once. For delegates of the party that granted it.',
  input: { description: 'An audit mandate to end.', of: { reason: required(text(2000), 'Why, for the record.') } },
  may: [inPerson(owners('DELEGATE')), inPerson(secretariat)],
  again: (_, { terms }) => terms === null,
  decide: (given) => accept({ type: 'audit.AuditMandateRevoked.v1', data: given }),
});

export const auditMandateRecordType = auditMandate.withCommands(grantAuditMandate, revokeAuditMandate);
export type GrantAuditMandate = Given<typeof grantAuditMandate>;

const isSame = (one: AuditMandateTerms, other: AuditMandateTerms): boolean =>
  one.subjects.join() === other.subjects.join() && one.level === other.level && one.until === other.until;
