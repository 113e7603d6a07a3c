import {
  accept,
  asPartOf,
  hasRole,
  optional,
  ownerAudience,
  owners,
  partyOf,
  recordType,
  reject,
  secretariat,
  SECRETARIAT,
  text,
  type Given,
  type Grant,
  type Marked,
  type Marking,
  type Party,
  type Reference,
} from '@kernel';
import { TARGETS, written, type CommentEvent, type CommentKind, type Written } from './comment.events.js';

export const commentRejections = {
  'COMMENTS.NOT_FOUND': 'There is no such comment on that record, or it was not released to you.',
  'COMMENTS.TARGET_NOT_FOUND':
    'There is no such record to comment on, or it was not released to you. Check its kind and id.',
  'COMMENTS.KIND_UNFIT':
    'No such comment stands there: see which kinds the record takes. An ANSWER names a QUESTION, a FOLLOW_UP any comment.',
  'COMMENTS.FLOOD': 'You have written a hundred comments within an hour. Write the next one later.',
  'COMMENTS.WITHDRAWN': 'The comment was withdrawn or hidden. Answer another one.',
  'COMMENTS.REASON_MISSING': 'Whoever hides the comment of another party says why, for its readers.',
} as const;

/** Null before it is written. */
export type CommentState =
  | (Pick<Written, 'about' | 'kind'> & {
      readonly by: Party;
      readonly targetOwner: Party;
      readonly isGone: boolean;
    })
  | null;

const comment = recordType<CommentEvent, CommentState>()({
  category: 'comment',
  rejections: commentRejections,
  notFound: 'COMMENTS.NOT_FOUND',
  endsWith: ['comments.CommentWithdrawn.v1', 'comments.CommentHidden.v1'],
  // Said once, to whom it was said: its record alone narrows or widens that.
  isMarkingFixed: true,
  defaultMarking: () => ({ releaseTo: ['PUBLIC'] }),
  parentOf: (state) => state && { category: TARGETS[state.about.kind].category, at: { id: state.about.id } },
  initial: null,
  evolve: {
    'comments.CommentWritten.v1': (_, { about, kind, targetOwner, marking }) => ({
      about,
      kind,
      targetOwner,
      by: marking.owner,
      isGone: false,
    }),
    'comments.CommentWithdrawn.v1': (state) => state && { ...state, isGone: true },
    'comments.CommentHidden.v1': (state) => state && { ...state, isGone: true },
  },
});

/** What commits the party that says it. */
const COMMITTING: readonly CommentKind[] = ['REPLY', 'STATEMENT'];
const REPLYING: readonly CommentKind[] = ['ANSWER', 'FOLLOW_UP'];

/** People of any country; the secretariat too, which alone writes for who is no party. */
const writers: Grant<Written, unknown> = {
  mayIssue: (who, { kind, bySource }) =>
    partyOf(who) === SECRETARIAT ||
    (who.country !== null &&
      !bySource &&
      hasRole(who, 'DELEGATE', ...(COMMITTING.includes(kind) ? [] : ['LIAISON' as const]))),
  mayAct: () => true,
};

/** Delegates of the party on whose record it stands. */
const ownersOfTarget: Grant<unknown, CommentState> = {
  mayIssue: (who) => partyOf(who) === SECRETARIAT || hasRole(who, 'DELEGATE'),
  mayAct: (who, state) => state !== null && partyOf(who) === state.targetOwner,
};

const commentReference = (id: NonNullable<Written['replyTo']>, { about, kind }: Written): Reference<CommentState> => ({
  category: 'comment',
  at: { id },
  missing: reject('COMMENTS.NOT_FOUND', { field: 'replyTo' }),
  rejectIf: (state) => {
    if (state?.about.id !== about.id) return reject('COMMENTS.NOT_FOUND', { field: 'replyTo' });
    if (state.isGone) return reject('COMMENTS.WITHDRAWN', { field: 'replyTo' });
    return kind === 'ANSWER' && state.kind !== 'QUESTION' ? reject('COMMENTS.KIND_UNFIT', { field: 'kind' }) : null;
  },
});

/** What is said to somebody is answered to them alone, unless the answer says otherwise. */
const answering = (marking: Marking, [, answered]: readonly Marked[]): Marking => {
  if (!answered || answered.marking.releaseTo.includes('PUBLIC')) return marking;
  const { owner, releaseTo } = answered.marking;
  return { ...marking, releaseTo: owner === marking.owner ? releaseTo : [ownerAudience(owner)], handling: 'AMBER' };
};

export const writeComment = comment.create({
  type: 'WriteComment',
  description:
    'Say something beside a record that you can read. For liaisons and delegates, REPLY and STATEMENT for delegates; for the secretariat.',
  input: {
    description: 'Something to say beside a record, a hundred times an hour at most.',
    of: written,
  },
  marking:
    'Who may see it, of those who see the record. Left out: all of them; of an answer to what was not said to all, those to whom that was said.',
  refersTo: (given) => [
    {
      category: TARGETS[given.about.kind].category,
      at: { id: given.about.id },
      missing: reject('COMMENTS.TARGET_NOT_FOUND', { field: 'about' }),
    },
    ...(given.replyTo ? [commentReference(given.replyTo, given)] : []),
  ],
  may: [writers],
  decide: (given, { marking, asked, references }) => {
    const isFit = TARGETS[given.about.kind].kinds.includes(given.kind);
    if (!isFit || (REPLYING.includes(given.kind) && !given.replyTo))
      return reject('COMMENTS.KIND_UNFIT', { field: 'kind' });
    const target = references[0]!.marking;
    return accept({
      type: 'comments.CommentWritten.v1',
      data: {
        ...given,
        targetOwner: target.owner,
        marking: asPartOf(asked === undefined ? answering(marking, references) : marking, target),
      },
    });
  },
});

/** Its author's to take back; on the record of another party, that party's to take down, by two persons. */
export const withdrawComment = comment.change({
  type: 'WithdrawComment',
  description:
    'Take back a comment of your party; or hide one on a record of yours, which a second person approves. For liaisons and delegates of its author, for delegates of the owner of its record, and for the secretariat as either.',
  input: {
    description: 'A comment that is not to be read any more.',
    of: { reason: optional(text(2000), 'Why; who could read the comment reads it. Whoever hides one says it.') },
  },
  may: [owners('LIAISON', 'DELEGATE'), secretariat, ownersOfTarget],
  twoPersons: (_, who, state) => state !== null && partyOf(who) !== state.by,
  again: (_, { isGone }) => isGone,
  decide: ({ reason }, { by }, { who }) => {
    if (partyOf(who) === by)
      return accept({ type: 'comments.CommentWithdrawn.v1', data: reason === undefined ? {} : { reason } });
    return reason === undefined
      ? reject('COMMENTS.REASON_MISSING', { field: 'reason' })
      : accept({ type: 'comments.CommentHidden.v1', data: { reason } });
  },
});

export const commentRecordType = comment.withCommands(writeComment, withdrawComment);
export type CommentCommand = Given<(typeof commentRecordType.commands)[number]>;
