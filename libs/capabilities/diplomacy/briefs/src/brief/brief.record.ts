import { accept, recordType, owners, reject, required, text, type Given, type RecordId, type Reference } from '@kernel';
import { sourceNotFound, sourceReference, type Cited } from '../source/source.events.js';
import { derivationApprovalOf, type UseRequestState } from '../use-request/use-request.record.js';
import { content, type BriefEvent, type Content } from './brief.events.js';

export const briefRejections = {
  ...sourceNotFound,
  'BRIEFS.NOT_FOUND': 'There is no such brief, or it was not released to you.',
  'BRIEFS.APPROVAL_NEEDED':
    'The owner of a source decides what is derived from it. Ask with requestUse, and name the approved request in approvals.',
  'BRIEFS.APPROVAL_NOT_FOUND': 'There is no such use request of yours. Check the ids in approvals.',
  'BRIEFS.WITHDRAWN': 'The brief is withdrawn and stays as it is. Write a new one.',
} as const;

/** Null before it is written. */
export type BriefState = (Content & { readonly isWithdrawn: boolean }) | null;

const brief = recordType<BriefEvent, BriefState>()({
  category: 'brief',
  endsWith: ['briefs.BriefWithdrawn.v1'],
  rejections: briefRejections,
  notFound: 'BRIEFS.NOT_FOUND',
  sourcesOf: (state) => (state ? sourcesOf(state) : []),
  closed: { if: (state) => state?.isWithdrawn ?? false, rejection: 'BRIEFS.WITHDRAWN' },
  initial: null,
  evolve: {
    'briefs.BriefWritten.v1': (_, data) => ({ ...contentOf(data), isWithdrawn: false }),
    'briefs.BriefRevised.v1': (state, data) => state && { ...state, ...contentOf(data) },
    'briefs.BriefWithdrawn.v1': (state) => state && { ...state, isWithdrawn: true },
  },
});

/** What a brief is written from, and the approvals that it leans on. */
const sourcesOf = ({ sources, approvals }: Pick<Content, 'sources' | 'approvals'>): readonly Reference[] => [
  ...sources.map((source) => ({
    ...sourceReference(source, 'sources'),
    derivedFrom: { unapproved: reject('BRIEFS.APPROVAL_NEEDED', { field: 'approvals', value: source.id }) },
  })),
  ...approvals.map(approvalReference),
];

const approvalReference = (id: RecordId): Reference<UseRequestState> => ({
  category: 'useRequest',
  at: { id },
  missing: reject('BRIEFS.APPROVAL_NOT_FOUND', { field: 'approvals', value: id }),
  approvalIn: derivationApprovalOf,
});

export const writeBrief = brief.create({
  type: 'WriteBrief',
  description: 'Write a brief from records that you can read. For liaisons and delegates.',
  input: { description: 'A brief to write in the name of your country.', of: content },
  marking: 'Who may see it: nobody who may not see its sources. Left out: your country alone.',
  refersTo: sourcesOf,
  may: [owners('LIAISON', 'DELEGATE')],
  decide: (given, { marking }) => accept({ type: 'briefs.BriefWritten.v1', data: { ...given, marking } }),
});

/** Says the whole of it anew, sources and approvals too: what no longer may be quoted cannot stay by being left out. */
export const reviseBrief = brief.change({
  type: 'ReviseBrief',
  description: 'Write a brief anew. For liaisons and delegates of the country that wrote it.',
  input: { description: 'The whole brief as it is to read from now on.', of: content },
  refersTo: sourcesOf,
  may: [owners('LIAISON', 'DELEGATE')],
  decide: (given, state, { recordId }) => {
    if (given.sources.some(({ id }) => id === recordId))
      return reject('BRIEFS.SOURCE_NOT_FOUND', { field: 'sources', value: recordId });
    return isSame(given, state) ? accept() : accept({ type: 'briefs.BriefRevised.v1', data: given });
  },
});

export const withdrawBrief = brief.change({
  type: 'WithdrawBrief',
  description: 'Withdraw a brief. For liaisons and delegates of the country that wrote it.',
  input: {
    description: 'The withdrawal of a brief.',
    of: { reason: required(text(2000), 'Why; whoever sees the brief reads it.') },
  },
  may: [owners('LIAISON', 'DELEGATE')],
  again: (_, { isWithdrawn }) => isWithdrawn,
  decide: (given) => accept({ type: 'briefs.BriefWithdrawn.v1', data: given }),
});

export const briefRecordType = brief.withCommands(writeBrief, reviseBrief, withdrawBrief);
export type BriefCommand = Given<(typeof briefRecordType.commands)[number]>;

const contentOf = ({ title, text: body, sources, approvals }: Content): Content => ({
  title,
  text: body,
  sources,
  approvals,
});

const isSame = (one: Content, other: Content): boolean =>
  one.title === other.title &&
  one.text === other.text &&
  isSameList(one.sources.map(nameOf), other.sources.map(nameOf)) &&
  isSameList(one.approvals, other.approvals);

const nameOf = ({ kind, id }: Cited): string => `${kind} ${id}`;

const isSameList = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((each, index) => each === other[index]);
