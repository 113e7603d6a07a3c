import {
  composite,
  oneOf,
  optional,
  recordId,
  required,
  text,
  type DomainEvent,
  type Marked,
  type Of,
  type Party,
} from '@kernel';

export const commentKind = oneOf('CommentKind', 'What a comment is.', {
  COMMENT: 'A remark.',
  QUESTION: 'A question.',
  ANSWER: 'The answer to a question.',
  FOLLOW_UP: 'What follows up another comment.',
  REPLY: 'What a party concerned says to it.',
  STATEMENT: 'A statement for the record.',
  CORRECTION: 'A fact that is contested, with what is right.',
  LESSON: 'What was learned.',
});
export type CommentKind = ReturnType<typeof commentKind>;

export const commentTarget = oneOf('CommentTarget', 'The kinds of records that comments stand on.', {
  PROJECT: 'A project.',
  PLEDGE: 'A pledge to a project.',
  STOCK_DECLARATION: 'A stock declaration.',
  BRIEF: 'A brief.',
  GROUP: 'A group of countries.',
});
export type CommentTarget = ReturnType<typeof commentTarget>;

const ON_EVERY = ['COMMENT', 'QUESTION', 'ANSWER', 'FOLLOW_UP', 'CORRECTION'] as const;
type Target = {
  /** Of the records. */
  readonly category: string;
  /** In which they are read: a comment is never shown without its record. */
  readonly view: string;
  /** Which comments may stand on them. */
  readonly kinds: readonly CommentKind[];
};
export const TARGETS: Readonly<Record<CommentTarget, Target>> = {
  PROJECT: {
    category: 'project',
    view: 'projects.projects',
    kinds: [...ON_EVERY, 'REPLY', 'STATEMENT', 'LESSON'],
  },
  PLEDGE: { category: 'pledge', view: 'projects.pledges', kinds: ON_EVERY },
  STOCK_DECLARATION: {
    category: 'stockDeclaration',
    view: 'stockpiles.stockDeclarations',
    kinds: [...ON_EVERY, 'REPLY'],
  },
  BRIEF: { category: 'brief', view: 'briefs.briefs', kinds: [...ON_EVERY, 'REPLY', 'STATEMENT'] },
  GROUP: { category: 'group', view: 'access.groups', kinds: [...ON_EVERY, 'STATEMENT'] },
};

export const about = composite('CommentAbout', 'The record that a comment stands on.', {
  kind: required(commentTarget, 'What kind of record it is.'),
  id: required(recordId, 'Id of the record.'),
});
export const bySource = composite('CommentSource', 'Somebody who is no party, and where it was said.', {
  name: required(text(200), 'Who said it.'),
  source: required(text(500), 'Where it can be read.'),
});

export const comment = {
  about: required(about, 'The record that it stands on: one that you can read.'),
  kind: required(commentKind, 'What it is.'),
  text: required(text(10_000), 'What it says.'),
  section: optional(text(100), 'Which part of the record it is about.'),
  bySource: optional(bySource, 'Who said it, where that is no party; by the secretariat alone.'),
};
export const replyTo = optional(
  recordId,
  'Id of the comment on the same record that it answers; an ANSWER and a FOLLOW_UP have one.',
);
export const written = { ...comment, replyTo };
export type Written = Of<typeof written>;

/** Stream `comment-<id>`: something that is said beside a record. It is never edited. */
export type CommentEvent = CommentWritten | CommentWithdrawn | CommentHidden;

export type CommentWritten = DomainEvent<
  'comments.CommentWritten.v1',
  Written & {
    /** Whose record it stands on, as it was written: that party may hide it. */
    readonly targetOwner: Party;
  } & Marked
>;
/** Its author takes it back. */
export type CommentWithdrawn = DomainEvent<'comments.CommentWithdrawn.v1', { readonly reason?: string }>;
/** The owner of its record takes it down, and says why. */
export type CommentHidden = DomainEvent<'comments.CommentHidden.v1', { readonly reason: string }>;
