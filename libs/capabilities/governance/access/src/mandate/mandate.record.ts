import {
  accept,
  country,
  flag,
  inCapitals,
  inPerson,
  instant,
  recordType,
  many,
  optional,
  otherwise,
  owners,
  reject,
  required,
  text,
  withoutTerms,
  type CountryCode,
  type Given,
  type Instant,
} from '@kernel';
import { mandateSubject, SUBJECTS, type MandateEvent, type MandateTerms } from './mandate.events.js';

export const mandateRejections = {
  'MANDATES.NOT_FOUND': 'There is no such mandate, or it was not released to you.',
  'MANDATES.OWN_COUNTRY': 'Your own people act for your country without a mandate: name another country.',
  'MANDATES.NO_SUBJECT': 'A mandate without a subject allows nothing: name one at least.',
  'MANDATES.NEVER_IN_FORCE': 'The mandate would have ended before it begins, or in the past: give a later end.',
} as const;

/** The terms in force or to come into force; null where nothing is granted, or no more. */
export type MandateState = { readonly principal: CountryCode; readonly terms: MandateTerms | null } | null;

const mandate = recordType<MandateEvent, MandateState>()({
  category: 'mandate',
  endsWith: ['access.MandateRevoked.v1'],
  rejections: mandateRejections,
  notFound: 'MANDATES.NOT_FOUND',
  isMarkingFixed: true,
  encrypted: false,
  initial: null,
  evolve: {
    'access.MandateGranted.v1': (_, { principal, marking: __, ...terms }) => ({ principal, terms }),
    'access.MandateRevoked.v1': withoutTerms,
  },
});

export const grantMandate = mandate.upsert({
  type: 'GrantMandate',
  description:
    'Let the people of another country act for yours, in the subjects and for the time named. For delegates; not passed on.',
  input: {
    description:
      'What the people of another country may do in your country’s name. Granted again to the same country, it takes the earlier one’s place.',
    of: {
      delegate: required(country, 'The country whose people act for yours, such as "EU".'),
      subjects: many(inCapitals(mandateSubject), 'In what; everything else they see as the public does.', {
        most: SUBJECTS.length,
      }),
      mayCommand: otherwise(
        required(flag, 'Whether they may give commands in your country’s name. Otherwise they read.'),
        false,
      ),
      from: optional(instant, 'From when; from now on where left out.'),
      until: required(instant, 'Until when: the first instant at which it holds no longer.'),
    },
  },
  // One record for each pair: what the one last granted the other is all that holds.
  target: ({ delegate }, party) => ({ key: `${party} ${delegate}`, mayCreate: true }),
  defaultMarking: ({ delegate }) => ({ releaseTo: [`country:${delegate}`] }),
  may: [inPerson(owners('DELEGATE'))],
  decide: (given, state, { now, who, marking }) => {
    const { delegate, mayCommand, until } = given;
    const principal = who.country;
    if (principal === null || delegate === principal) return reject('MANDATES.OWN_COUNTRY', { field: 'delegate' });
    const subjects = SUBJECTS.filter((each) => given.subjects.includes(each));
    if (subjects.length === 0) return reject('MANDATES.NO_SUBJECT', { field: 'subjects' });

    const from = given.from ?? now;
    if (until <= from || until <= now) return reject('MANDATES.NEVER_IN_FORCE', { field: 'until' });
    if (state?.terms && isSame(state.terms, { ...given, subjects })) return accept();
    const terms: MandateTerms = { delegate, subjects, mayCommand, from, until };
    return accept({
      type: 'access.MandateGranted.v1',
      data: { principal, ...terms, ...(state === null && { marking }) },
    });
  },
});

export const revokeMandate = mandate.change({
  type: 'RevokeMandate',
  description: 'End a mandate at once. For delegates of the country that granted it.',
  input: {
    description: 'A mandate to end: at once nobody acts under it any more.',
    of: { reason: required(text(2000), 'Why, for the record.') },
  },
  may: [inPerson(owners('DELEGATE'))],
  again: (_, { terms }) => terms === null,
  decide: (given) => accept({ type: 'access.MandateRevoked.v1', data: given }),
});

export const mandateRecordType = mandate.withCommands(grantMandate, revokeMandate);
export type GrantMandate = Given<typeof grantMandate>;

const isSame = (terms: MandateTerms, wanted: Omit<MandateTerms, 'from'> & { readonly from?: Instant }): boolean =>
  terms.subjects.join() === wanted.subjects.join() &&
  terms.mayCommand === wanted.mayCommand &&
  terms.until === wanted.until &&
  (wanted.from === undefined || terms.from === wanted.from);
