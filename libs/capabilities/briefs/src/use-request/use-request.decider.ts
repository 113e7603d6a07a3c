import {
  accept,
  ownerAudience,
  reject,
  type Audience,
  type Circumstances,
  type Command,
  type Decider,
  type Decision,
  type Instant,
  type Marking,
  type Party,
  type Permit,
  type RecordId,
} from '@kernel';
import { sourceNotFound } from '../brief/brief.decider.js';
import type { Approval, Use, UseRequestEvent } from './use-request.events.js';

type On<Type extends string> = Command<Type> & { readonly id: RecordId };
export type RequestUse = Command<'RequestUse'> & Use;
/** `audience` left out: the one asked for. `until` left out: until it is taken back. */
export type ApproveUse = On<'ApproveUse'> & { readonly audience?: readonly Audience[]; readonly until?: Instant };
export type RefuseUse = On<'RefuseUse'> & { readonly reason: string };
export type WithdrawUse = On<'WithdrawUse'>;
export type UseRequestCommand = RequestUse | ApproveUse | RefuseUse | WithdrawUse;

export const useRequestRefusals = {
  ...sourceNotFound,
  'USES.NOT_FOUND': 'There is no such use request, or it is between other parties.',
  'USES.OWN_RECORD': 'The record is your own: you need nobody’s approval to use it.',
  'USES.UNKNOWN_AUDIENCE': 'The audience names a group that does not exist or that you do not belong to.',
  'USES.UNTIL_IN_PAST': 'An approval cannot end before it is given. Name a later instant, or none.',
  'USES.WITHDRAWN': 'The request is withdrawn. Ask anew.',
} as const;
export type UseRequestRefusal = keyof typeof useRequestRefusals;

/** Null before it is asked. */
export type UseRequestState =
  | (Use & {
      readonly requester: Party;
      readonly sourceOwner: Party;
      readonly isWithdrawn: boolean;
      /** What the owner allows now. */
      readonly approval: Approval | null;
      /** Why the owner refused last; null where it has not, or allows it now. */
      readonly refusedBecause: string | null;
    })
  | null;

type UseDecision = Decision<UseRequestEvent, UseRequestRefusal>;

export const useRequestDecider: Decider<UseRequestCommand, UseRequestEvent, UseRequestState, UseRequestRefusal> = {
  initial: null,

  evolve: (state, event) => {
    switch (event.type) {
      case 'briefs.UseRequested.v1': {
        const { marking, ...asked } = event.data;
        return { ...asked, requester: marking.owner, isWithdrawn: false, approval: null, refusedBecause: null };
      }
      case 'briefs.UseApproved.v1':
        return state && { ...state, approval: event.data, refusedBecause: null };
      case 'briefs.UseRefused.v1':
        return state && { ...state, approval: null, refusedBecause: event.data.reason };
      case 'briefs.UseWithdrawn.v1':
        return state && { ...state, approval: null, isWithdrawn: true };
    }
  },

  decide: (command, state, when) => {
    if (command.type === 'RequestUse') return request(command, when);
    if (state === null) return reject('USES.NOT_FOUND');
    if (command.type === 'WithdrawUse')
      return state.isWithdrawn ? accept() : accept({ type: 'briefs.UseWithdrawn.v1', data: {} });
    if (state.isWithdrawn) return reject('USES.WITHDRAWN');
    if (command.type === 'RefuseUse') {
      const { reason } = command;
      return state.refusedBecause === reason ? accept() : accept({ type: 'briefs.UseRefused.v1', data: { reason } });
    }
    return approve(command, state, when);
  },
};

/** What an approved request permits in a text of the requester's own; passing the record on as it is takes place elsewhere. */
export const permitOf = (state: UseRequestState): Permit | null => {
  if (!state?.approval || state.purpose === 'FORWARD') return null;
  const { audience, until = null } = state.approval;
  return { source: state.source.id, to: state.requester, audience, until };
};

const request = (command: RequestUse, { who, marking, referred }: Circumstances): UseDecision => {
  const { source, purpose, audience, explanation } = command;
  const [{ marking: ofSource }] = referred as [{ marking: Marking }];
  if (ofSource.owner === marking.owner) return reject('USES.OWN_RECORD', { field: 'source' });
  if (isStrange(audience, who.audiences)) return reject('USES.UNKNOWN_AUDIENCE', { field: 'audience' });
  return accept({
    type: 'briefs.UseRequested.v1',
    data: {
      source,
      sourceOwner: ofSource.owner,
      purpose,
      audience,
      explanation,
      marking: betweenThem(marking, ofSource),
    },
  });
};

/** The request speaks of its source, and so asks the same clearance of its readers. */
const betweenThem = ({ owner, handling }: Marking, source: Marking): Marking => ({
  owner,
  releaseTo: [ownerAudience(source.owner)],
  handling,
  ...(source.level && { level: source.level }),
});

const approve = (
  { audience, until }: ApproveUse,
  state: NonNullable<UseRequestState>,
  { now, who }: Circumstances,
): UseDecision => {
  const approval: Approval = { audience: audience ?? state.audience, ...(until !== undefined && { until }) };
  if (isStrange(approval.audience, [...who.audiences, ...state.audience]))
    return reject('USES.UNKNOWN_AUDIENCE', { field: 'audience' });
  if (until !== undefined && until <= now) return reject('USES.UNTIL_IN_PAST', { field: 'until' });
  if (state.approval && isSame(approval, state.approval)) return accept();
  return accept({ type: 'briefs.UseApproved.v1', data: approval });
};

/** Whether it names a group that is none of those known. */
const isStrange = (audience: readonly Audience[], known: readonly Audience[]): boolean =>
  audience.some((one) => one.startsWith('group:') && !known.includes(one));

const isSame = (one: Approval, other: Approval): boolean =>
  one.until === other.until &&
  one.audience.length === other.audience.length &&
  one.audience.every((each) => other.audience.includes(each));
