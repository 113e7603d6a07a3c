import {
  accept,
  add,
  compare,
  hasBegun,
  hasEnded,
  reject,
  subtract,
  ZERO,
  type Circumstances,
  type Command,
  type CountryCode,
  type Day,
  type Decider,
  type Decimal,
  type Decision,
  type PersonRef,
  type RecordId,
} from '@kernel';
import { projectRefusals } from '../project/project.stream.js';
import type { Drawdown, Pledge, PledgeEvent } from './pledge.events.js';

/** `country` is the country that pledges: the actor's own. */
export type PledgeInvestment = Command<'PledgeInvestment'> & Pledge & { readonly country?: CountryCode };
export type ConfirmPledge = On<'ConfirmPledge'>;
export type DrawDownPledge = On<'DrawDownPledge'> & Drawdown;
export type WithdrawPledge = On<'WithdrawPledge'> & { readonly reason: string };
export type PledgeCommand = PledgeInvestment | ConfirmPledge | DrawDownPledge | WithdrawPledge;

type On<Type extends string> = Command<Type> & { readonly id: RecordId };

export const pledgeRefusals = {
  'PLEDGES.NOT_FOUND': 'There is no such pledge, or it was not released to you.',
  'PLEDGES.SAME_PERSON': 'Whoever made the pledge does not confirm it: another approver of the country has to.',
  'PLEDGES.NOT_CONFIRMED': 'The pledge is not confirmed: an approver of the pledging country has to confirm it first.',
  'PLEDGES.EXPIRED':
    'The pledge is over: its last day is before the day named, or has ended everywhere on Earth (UTC−12).',
  'PLEDGES.EXCEEDS_PLEDGE': 'This is more than what is left of the pledge.',
  'PLEDGES.DATE_IN_FUTURE':
    'This is recorded once it has happened: give a day that has begun anywhere on Earth (UTC+14).',
  'PLEDGES.WITHDRAWN': 'The pledge was withdrawn: nothing more can be confirmed or drawn.',
  'PROJECTS.NOT_FOUND': projectRefusals['PROJECTS.NOT_FOUND'],
  'PROJECTS.CLOSED': projectRefusals['PROJECTS.CLOSED'],
} as const;
export type PledgeRefusal = keyof typeof pledgeRefusals;

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

export const pledgeDecider: Decider<PledgeCommand, PledgeEvent, PledgeState, PledgeRefusal> = {
  initial: null,

  evolve: (state, event) => {
    switch (event.type) {
      case 'projects.InvestmentPledged.v1': {
        const { projectId, by, amount, expiresOn = null } = event.data;
        return { projectId, by, amount, expiresOn, drawn: ZERO, isConfirmed: false, isWithdrawn: false };
      }
      case 'projects.PledgeConfirmed.v1':
        return state && { ...state, isConfirmed: true };
      case 'projects.PledgeDrawnDown.v1':
        return state && { ...state, drawn: add(state.drawn, event.data.amount) };
      case 'projects.PledgeWithdrawn.v1':
        return state && { ...state, isWithdrawn: true };
    }
  },

  decide: (command, state, when) => {
    if (command.type === 'PledgeInvestment') return pledge(command, when);
    if (state === null) return reject('PLEDGES.NOT_FOUND');

    switch (command.type) {
      case 'ConfirmPledge':
        if (state.isWithdrawn) return reject('PLEDGES.WITHDRAWN');
        if (state.isConfirmed) return accept();
        if (state.expiresOn !== null && hasEnded(state.expiresOn, when.now))
          return reject('PLEDGES.EXPIRED', { expiresOn: state.expiresOn });
        if (state.by === when.who.person) return reject('PLEDGES.SAME_PERSON');
        return accept({ type: 'projects.PledgeConfirmed.v1', data: {} });
      case 'DrawDownPledge': {
        const { type: _, marking: __, id: ___, ...drawdown } = command;
        const remaining = subtract(state.amount, state.drawn);
        if (state.isWithdrawn) return reject('PLEDGES.WITHDRAWN');
        if (!state.isConfirmed) return reject('PLEDGES.NOT_CONFIRMED');
        if (!hasBegun(drawdown.on, when.now)) return reject('PLEDGES.DATE_IN_FUTURE', { field: 'on' });
        if (state.expiresOn !== null && state.expiresOn < drawdown.on) {
          return reject('PLEDGES.EXPIRED', { field: 'on', expiresOn: state.expiresOn });
        }
        if (compare(drawdown.amount, remaining) > 0) {
          return reject('PLEDGES.EXCEEDS_PLEDGE', { field: 'amount', remaining });
        }
        return accept({ type: 'projects.PledgeDrawnDown.v1', data: drawdown });
      }
      case 'WithdrawPledge':
        if (state.isWithdrawn) return accept();
        return accept({ type: 'projects.PledgeWithdrawn.v1', data: { reason: command.reason } });
    }
  },
};

const pledge = (
  command: PledgeInvestment,
  { now, who, marking }: Circumstances,
): Decision<PledgeEvent, PledgeRefusal> => {
  const { type: _, marking: __, country: ___, ...promised } = command;
  const { expiresOn } = promised;
  if (expiresOn !== undefined && hasEnded(expiresOn, now)) return reject('PLEDGES.EXPIRED', { field: 'expiresOn' });
  return accept({ type: 'projects.InvestmentPledged.v1', data: { ...promised, by: who.person, marking } });
};
