import {
  accept,
  hasRole,
  hoursAfter,
  inPerson,
  NATIONAL_ROLES,
  optional,
  partyOf,
  personRef,
  platform,
  recordType,
  reject,
  required,
  SECRETARIAT,
  text,
  type Given,
  type Grant,
  type Instant,
  type PersonRef,
  type Principal,
} from '@kernel';
import { preparedFully, type ActEvent, type Prepared } from './act.events.js';

/** How long an act waits for its second person. */
const HOURS = 72n;

export const actRejections = {
  'ACTS.NOT_FOUND': 'There is no such act of your party.',
  'ACTS.SAME_PERSON': 'An act takes two persons: whoever prepared it cannot approve it as well.',
  'ACTS.DIFFERENT': 'The digest is not the one of this act. Look at the act again, and approve what you see there.',
  'ACTS.LAPSED': 'Nobody approved the act in time. Give the command anew.',
  'ACTS.WITHDRAWN': 'The act was withdrawn. Give the command anew.',
  'ACTS.CARRIED_OUT': 'The act is carried out, and cannot be withdrawn any more.',
} as const;

/** Null before it is prepared. */
export type ActState =
  | (Prepared & {
      readonly preparedBy: PersonRef;
      readonly lapsesAt: Instant;
      readonly state: 'PREPARED' | 'CARRIED_OUT' | 'WITHDRAWN' | 'LAPSED';
    })
  | null;

const act = recordType<ActEvent, ActState>()({
  category: 'act',
  rejections: actRejections,
  notFound: 'ACTS.NOT_FOUND',
  isMarkingFixed: true,
  dueOf: (state) =>
    state?.state === 'PREPARED'
      ? [{ at: state.lapsesAt, key: 'lapses', facts: [{ type: 'acts.ActLapsed.v1', data: { at: state.lapsesAt } }] }]
      : [],
  initial: null,
  evolve: {
    'acts.ActPrepared.v1': (_, { marking: __, ...prepared }) => ({ ...prepared, state: 'PREPARED' }),
    'acts.ActCarriedOut.v1': (state) => state && { ...state, state: 'CARRIED_OUT' },
    'acts.ActWithdrawn.v1': (state) => state && { ...state, state: 'WITHDRAWN' },
    'acts.ActLapsed.v1': (state) => state && { ...state, state: 'LAPSED' },
  },
});

const isOwn: Grant<unknown, ActState>['mayAct'] = (who, _, { owner }) => partyOf(who) === owner;
const isOfSecretariat = (who: Principal): boolean => partyOf(who) === SECRETARIAT;

/** Whoever may give the command itself, which was judged before: this is asked of nobody. */
const anyParty: Grant<unknown, ActState> = { mayIssue: (who) => partyOf(who) !== null, mayAct: isOwn };
/** An approver of the country, or somebody else of the secretariat; not for whom one acts under a mandate. */
const approvers = inPerson<unknown, ActState>({
  mayIssue: (who) => hasRole(who, 'APPROVER') || isOfSecretariat(who),
  mayAct: isOwn,
});
const anybodyOfIt = inPerson<unknown, ActState>({
  mayIssue: (who) => hasRole(who, ...NATIONAL_ROLES) || isOfSecretariat(who),
  mayAct: isOwn,
});

/** Given by the pipeline, in the name of the first person, when it has judged a command that takes two. */
export const prepareAct = act.create({
  type: 'PrepareAct',
  description: 'Keep a command for a second person. For the platform.',
  input: { description: 'The command.', of: preparedFully },
  isInternal: true,
  may: [anyParty],
  decide: (given, { now, who, marking }) =>
    accept({
      type: 'acts.ActPrepared.v1',
      data: { ...given, preparedBy: who.person, lapsesAt: hoursAfter(now, HOURS), marking },
    }),
});

/** Says whether it may be approved. The command that is kept in it is then judged and recorded by the pipeline. */
export const approveAct = act.change({
  type: 'ApproveAct',
  description:
    'Approve what another person of your party has prepared: only then is it carried out. For approvers, and for the secretariat in its own acts.',
  input: {
    description: 'An act of your party, as you have seen it.',
    of: { digest: required(text(60), 'The digest of the act that you approve.') },
  },
  may: [approvers],
  decide: ({ digest }, { state, preparedBy, ...prepared }, { who }) => {
    if (preparedBy === who.person) return reject('ACTS.SAME_PERSON');
    if (digest !== prepared.digest) return reject('ACTS.DIFFERENT', { field: 'digest' });
    if (state === 'WITHDRAWN') return reject('ACTS.WITHDRAWN');
    return state === 'LAPSED' ? reject('ACTS.LAPSED') : accept();
  },
});

export const withdrawAct = act.change({
  type: 'WithdrawAct',
  description: 'Take back what was prepared, before it is approved. For anybody of the party.',
  input: { description: 'An act of your party that is not to be carried out.', of: {} },
  may: [anybodyOfIt],
  again: (_, { state }) => state === 'WITHDRAWN',
  decide: (_, { state }, { who }) => {
    if (state === 'CARRIED_OUT') return reject('ACTS.CARRIED_OUT');
    if (state === 'LAPSED') return reject('ACTS.LAPSED');
    return accept({ type: 'acts.ActWithdrawn.v1', data: { withdrawnBy: who.person } });
  },
});

/** It is so whatever the act says meanwhile: its facts are recorded. */
export const carryOutAct = act.change({
  type: 'CarryOutAct',
  description: 'Note that an act is carried out. For the platform.',
  input: {
    description: 'The act.',
    of: { approvedBy: optional(personRef, 'Who approved it.') },
  },
  may: [platform],
  again: (_, { state }) => state === 'CARRIED_OUT',
  decide: (given) => accept({ type: 'acts.ActCarriedOut.v1', data: given }),
});

export const actRecordType = act.withCommands(prepareAct, approveAct, withdrawAct, carryOutAct);
export type ActCommand = Given<(typeof actRecordType.commands)[number]>;
