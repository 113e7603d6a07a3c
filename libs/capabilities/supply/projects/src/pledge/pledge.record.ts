import {
  accept,
  add,
  compare,
  country,
  hasBegun,
  hasEnded,
  recordType,
  newOwners,
  optional,
  owners,
  reject,
  required,
  subtract,
  ZERO,
  type Day,
  type Decimal,
  type Given,
  type PersonRef,
  type RecordId,
} from '@kernel';
import { explanation } from '../project/project.events.js';
import { projectReference, projectRejections } from '../project/project.state.js';
import { drawdown, pledge as promise, type PledgeEvent } from './pledge.events.js';

export const pledgeRejections = {
  'PLEDGES.NOT_FOUND': 'There is no such pledge, or it was not released to you.',
  'PLEDGES.SAME_PERSON': 'Whoever made the pledge does not confirm it: another approver of the country has to.',
  'PLEDGES.NOT_CONFIRMED': 'The pledge is not confirmed: an approver of the pledging country has to confirm it first.',
  'PLEDGES.EXPIRED':
    'The pledge is over: its last day is before the day named, or has ended everywhere on Earth (UTC−12).',
  'PLEDGES.EXCEEDS_PLEDGE': 'This is more than what is left of the pledge.',
  'PLEDGES.DATE_IN_FUTURE':
    'This is recorded once it has happened: give a day that has begun anywhere on Earth (UTC+14).',
  'PLEDGES.WITHDRAWN': 'The pledge was withdrawn: nothing more can be confirmed or drawn.',
  'PROJECTS.NOT_FOUND': projectRejections['PROJECTS.NOT_FOUND'],
  'PROJECTS.CLOSED': projectRejections['PROJECTS.CLOSED'],
} as const;

/** Null before it is made. */
export type PledgeState = {
  readonly projectId: RecordId;
  readonly by: PersonRef;
  readonly amount: Decimal;
  readonly drawn: Decimal;
  readonly expiresOn: Day | null;
  readonly isConfirmed: boolean;
  readonly isWithdrawn: boolean;
} | null;

const pledge = recordType<PledgeEvent, PledgeState>()({
  category: 'pledge',
  endsWith: ['projects.PledgeWithdrawn.v1'],
  rejections: pledgeRejections,
  notFound: 'PLEDGES.NOT_FOUND',
  parentOf: (state) => state && { category: 'project', at: { id: state.projectId } },
  closed: { if: (state) => state?.isWithdrawn ?? false, rejection: 'PLEDGES.WITHDRAWN' },
  initial: null,
  evolve: {
    'projects.InvestmentPledged.v1': (_, { projectId, by, amount, expiresOn = null }) => ({
      ...{ projectId, by, amount, expiresOn },
      drawn: ZERO,
      isConfirmed: false,
      isWithdrawn: false,
    }),
    'projects.PledgeConfirmed.v1': (state) => state && { ...state, isConfirmed: true },
    'projects.PledgeDrawnDown.v1': (state, data) => state && { ...state, drawn: add(state.drawn, data.amount) },
    'projects.PledgeWithdrawn.v1': (state) => state && { ...state, isWithdrawn: true },
  },
});

export const pledgeInvestment = pledge.create({
  type: 'PledgeInvestment',
  description: 'Pledge an investment of your country in a project that you can see. For delegates.',
  input: {
    description: 'What your country promises to put into a project. It can be drawn once a second person confirms.',
    of: { country: optional(country, 'The pledging country; your own, and no other, where given.'), ...promise },
  },
  marking: 'Who may see it, of those who see the project. Left out: your country alone.',
  refersTo: ({ projectId }) => [projectReference(projectId)],
  may: [newOwners('DELEGATE')],
  decide: ({ country: _, ...promised }, { now, who, marking }) =>
    promised.expiresOn !== undefined && hasEnded(promised.expiresOn, now)
      ? reject('PLEDGES.EXPIRED', { field: 'expiresOn' })
      : accept({ type: 'projects.InvestmentPledged.v1', data: { ...promised, by: who.person, marking } }),
});

export const confirmPledge = pledge.change({
  type: 'ConfirmPledge',
  description: 'Confirm a pledge. For an approver of the pledging country who did not make it.',
  input: { description: 'A pledge to confirm as the second person.', of: {} },
  may: [owners('APPROVER')],
  again: (_, { isConfirmed, isWithdrawn }) => isConfirmed && !isWithdrawn,
  decide: (_, { expiresOn, by }, { now, who }) => {
    if (expiresOn !== null && hasEnded(expiresOn, now)) return reject('PLEDGES.EXPIRED', { expiresOn });
    if (by === who.person) return reject('PLEDGES.SAME_PERSON');
    return accept({ type: 'projects.PledgeConfirmed.v1', data: {} });
  },
});

export const drawDownPledge = pledge.change({
  type: 'DrawDownPledge',
  description: 'Record an amount paid out of a confirmed pledge. For delegates of the pledging country.',
  input: { description: 'An amount paid out of a confirmed pledge.', of: drawdown },
  may: [owners('DELEGATE')],
  decide: (paid, { isConfirmed, expiresOn, amount, drawn }, { now }) => {
    const remaining = subtract(amount, drawn);
    if (!isConfirmed) return reject('PLEDGES.NOT_CONFIRMED');
    if (!hasBegun(paid.on, now)) return reject('PLEDGES.DATE_IN_FUTURE', { field: 'on' });
    if (expiresOn !== null && expiresOn < paid.on) return reject('PLEDGES.EXPIRED', { field: 'on', expiresOn });
    return compare(paid.amount, remaining) > 0
      ? reject('PLEDGES.EXCEEDS_PLEDGE', { field: 'amount', remaining })
      : accept({ type: 'projects.PledgeDrawnDown.v1', data: paid });
  },
});

export const withdrawPledge = pledge.change({
  type: 'WithdrawPledge',
  description: 'Withdraw what is left of a pledge. For delegates of the pledging country.',
  input: {
    description: 'A pledge to withdraw. What is drawn stays drawn.',
    of: { reason: required(explanation, 'Why, for the record.') },
  },
  may: [owners('DELEGATE')],
  again: (_, { isWithdrawn }) => isWithdrawn,
  decide: (given) => accept({ type: 'projects.PledgeWithdrawn.v1', data: given }),
});

export const pledgeRecordType = pledge.withCommands(pledgeInvestment, confirmPledge, drawDownPledge, withdrawPledge);
export type PledgeInvestment = Given<typeof pledgeInvestment>;
export type PledgeCommand = Given<(typeof pledgeRecordType.commands)[number]>;
