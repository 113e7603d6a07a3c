import {
  accept,
  inPerson,
  instant,
  recordType,
  omittable,
  optional,
  otherwise,
  ownerAudience,
  owners,
  many,
  audience,
  peopleIn,
  reject,
  required,
  text,
  type Audience,
  type Given,
  type Marking,
  type Party,
  type DerivationApproval,
} from '@kernel';
import { sourceNotFound, sourceReference } from '../source/source.events.js';
import { use, type Approval, type Use, type UseRequestEvent } from './use-request.events.js';

export const useRequestRejections = {
  ...sourceNotFound,
  'USES.NOT_FOUND': 'There is no such use request, or it is between other parties.',
  'USES.OWN_RECORD': 'The record is your own: you need nobody’s approval to use it.',
  'USES.UNKNOWN_AUDIENCE': 'The audience names a group that does not exist or that you do not belong to.',
  'USES.UNTIL_IN_PAST': 'An approval cannot end before it is given. Name a later instant, or none.',
  'USES.WITHDRAWN': 'The request is withdrawn. Ask anew.',
} as const;

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

const useRequest = recordType<UseRequestEvent, UseRequestState>()({
  category: 'useRequest',
  endsWith: ['briefs.UseWithdrawn.v1'],
  rejections: useRequestRejections,
  notFound: 'USES.NOT_FOUND',
  isMarkingFixed: true,
  closed: { if: (state) => state?.isWithdrawn ?? false, rejection: 'USES.WITHDRAWN' },
  initial: null,
  evolve: {
    'briefs.UseRequested.v1': (_, { marking, ...asked }) => ({
      ...asked,
      requester: marking.owner,
      ...{ isWithdrawn: false, approval: null, refusedBecause: null },
    }),
    'briefs.UseApproved.v1': (state, data) => state && { ...state, approval: data, refusedBecause: null },
    'briefs.UseRefused.v1': (state, data) => state && { ...state, approval: null, refusedBecause: data.reason },
    'briefs.UseWithdrawn.v1': (state) => state && { ...state, approval: null, isWithdrawn: true },
  },
});

/** Delegates of the source's owner, of its own people: as with every question of who may learn what. */
const ownersOfSource = inPerson(peopleIn((state: UseRequestState) => state?.sourceOwner ?? null, 'DELEGATE'));

export const requestUse = useRequest.create({
  type: 'RequestUse',
  description:
    'Ask the owner of a record that you can read whether you may use it beyond reading it. For liaisons and delegates.',
  input: {
    description: 'A use of another party’s record, for which its owner is asked.',
    of: { ...use, audience: otherwise(use.audience, []) },
  },
  refersTo: ({ source }) => [sourceReference(source, 'source')],
  may: [owners('LIAISON', 'DELEGATE')],
  decide: (given, { who, marking, references }) => {
    const [{ marking: ofSource }] = references as [{ marking: Marking }];
    if (ofSource.owner === marking.owner) return reject('USES.OWN_RECORD', { field: 'source' });
    if (isStrange(given.audience, who.audiences)) return reject('USES.UNKNOWN_AUDIENCE', { field: 'audience' });
    return accept({
      type: 'briefs.UseRequested.v1',
      data: {
        ...given,
        audience: inOneOrder(given.audience),
        sourceOwner: ofSource.owner,
        marking: betweenThem(marking, ofSource),
      },
    });
  },
});

export const approveUse = useRequest.change({
  type: 'ApproveUse',
  description: 'Approve a use of your record, for an audience and a time. For delegates of its owner.',
  input: {
    description: 'The approval of a use of your record.',
    of: {
      audience: omittable(
        many(audience, 'For whom, besides those whom the record is released to. Left out: the audience asked for.', {
          most: 300,
        }),
      ),
      until: optional(instant, 'Until when. Left out: until you take it back.'),
    },
  },
  may: [ownersOfSource],
  decide: (given, state, { now, who }) => {
    const { until } = given;
    const approval: Approval = {
      audience: inOneOrder(given.audience ?? state.audience),
      ...(until !== undefined && { until }),
    };
    if (isStrange(approval.audience, [...who.audiences, ...state.audience]))
      return reject('USES.UNKNOWN_AUDIENCE', { field: 'audience' });
    if (until !== undefined && until <= now) return reject('USES.UNTIL_IN_PAST', { field: 'until' });
    if (state.approval && isSame(approval, state.approval)) return accept();
    return accept({ type: 'briefs.UseApproved.v1', data: approval });
  },
});

export const refuseUse = useRequest.change({
  type: 'RefuseUse',
  description:
    'Refuse a use of your record, or take back what you allowed: what was derived meanwhile stays, and goes no further. For delegates of its owner.',
  input: {
    description: 'The refusal of a use of your record, or the end of its approval.',
    of: { reason: required(text(2000), 'Why; the party that asked reads it.') },
  },
  may: [ownersOfSource],
  again: ({ reason }, { isWithdrawn, refusedBecause }) => !isWithdrawn && refusedBecause === reason,
  decide: (given) => accept({ type: 'briefs.UseRefused.v1', data: given }),
});

export const withdrawUse = useRequest.change({
  type: 'WithdrawUse',
  description: 'Withdraw a use request. For liaisons and delegates of the country that asked.',
  input: { description: 'The end of a use request of yours, and of its approval.', of: {} },
  may: [owners('LIAISON', 'DELEGATE')],
  again: (_, { isWithdrawn }) => isWithdrawn,
  decide: () => accept({ type: 'briefs.UseWithdrawn.v1', data: {} }),
});

export const useRequestRecordType = useRequest.withCommands(requestUse, approveUse, refuseUse, withdrawUse);
export type UseRequestCommand = Given<(typeof useRequestRecordType.commands)[number]>;

/** What an approved request permits in a text of the requester's own; passing the record on as it is takes place elsewhere. */
export const derivationApprovalOf = (state: UseRequestState): DerivationApproval | null => {
  if (!state?.approval || state.purpose === 'FORWARD') return null;
  const { audience: to, until = null } = state.approval;
  return { source: state.source.id, to: state.requester, audience: to, until };
};

/** The request speaks of its source, and so asks the same clearance of its readers. */
const betweenThem = ({ owner, handling }: Marking, source: Marking): Marking => ({
  owner,
  releaseTo: [ownerAudience(source.owner)],
  handling,
  ...(source.level && { level: source.level }),
});

/** Each once and in one order, so that equal audiences are equal. */
const inOneOrder = (given: readonly Audience[]): readonly Audience[] => [...new Set(given)].sort();

/** Whether it names a group that is none of those known. */
const isStrange = (given: readonly Audience[], known: readonly Audience[]): boolean =>
  given.some((one) => one.startsWith('group:') && !known.includes(one));

const isSame = (one: Approval, other: Approval): boolean =>
  one.until === other.until &&
  one.audience.length === other.audience.length &&
  one.audience.every((each) => other.audience.includes(each));
