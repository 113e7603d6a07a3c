import { accept, reject, type Command, type CountryCode, type Decider, type Instant, type RecordId } from '@kernel';
import { SUBJECTS, type MandateEvent, type MandateTerms, type Subject } from './mandate.events.js';

/** A country lets the people of another act for it. */
export type GrantMandate = Command<'GrantMandate'> & {
  readonly delegate: CountryCode;
  readonly subjects: readonly Subject[];
  readonly mayCommand: boolean;
  /** From the moment of recording where left out. */
  readonly from?: Instant;
  readonly until: Instant;
};
export type RevokeMandate = Command<'RevokeMandate'> & { readonly id: RecordId; readonly reason: string };
export type MandateCommand = GrantMandate | RevokeMandate;

export const mandateRefusals = {
  'MANDATES.NOT_FOUND': 'There is no such mandate, or it was not released to you.',
  'MANDATES.OWN_COUNTRY': 'Your own people act for your country without a mandate: name another country.',
  'MANDATES.NO_SUBJECT': 'A mandate without a subject allows nothing: name one at least.',
  'MANDATES.NEVER_IN_FORCE': 'The mandate would have ended before it begins, or in the past: give a later end.',
} as const;
export type MandateRefusal = keyof typeof mandateRefusals;

/** The terms in force or to come into force; null where nothing is granted, or no more. */
export type MandateState = { readonly principal: CountryCode; readonly terms: MandateTerms | null } | null;

export const mandateDecider: Decider<MandateCommand, MandateEvent, MandateState, MandateRefusal> = {
  initial: null,

  evolve: (state, event) => {
    if (event.type === 'access.MandateRevoked.v1') return state && { ...state, terms: null };
    const { principal, marking: _, ...terms } = event.data;
    return { principal, terms };
  },

  decide: (command, state, { now, who, marking }) => {
    if (command.type === 'RevokeMandate') {
      return state?.terms ? accept({ type: 'access.MandateRevoked.v1', data: { reason: command.reason } }) : accept();
    }
    const { delegate, mayCommand, until } = command;
    const principal = who.country;
    if (principal === null || delegate === principal) return reject('MANDATES.OWN_COUNTRY', { field: 'delegate' });
    const subjects = SUBJECTS.filter((each) => command.subjects.includes(each));
    if (subjects.length === 0) return reject('MANDATES.NO_SUBJECT', { field: 'subjects' });

    const from = command.from ?? now;
    if (until <= from || until <= now) return reject('MANDATES.NEVER_IN_FORCE', { field: 'until' });
    if (state?.terms && isSame(state.terms, { ...command, subjects })) return accept();
    const terms: MandateTerms = { delegate, subjects, mayCommand, from, until };
    return accept({
      type: 'access.MandateGranted.v1',
      data: { principal, ...terms, ...(state === null && { marking }) },
    });
  },
};

const isSame = (terms: MandateTerms, wanted: Omit<MandateTerms, 'from'> & { readonly from?: Instant }): boolean =>
  terms.subjects.join() === wanted.subjects.join() &&
  terms.mayCommand === wanted.mayCommand &&
  terms.until === wanted.until &&
  (wanted.from === undefined || terms.from === wanted.from);
