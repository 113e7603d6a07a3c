import { instant, oneOf, optional, party, readModel, recordId, required, text, type RowOf } from '@kernel';
import { comment, commentTarget, replyTo, TARGETS, type CommentEvent } from './comment.events.js';

export const commentState = oneOf('CommentState', 'What has become of a comment.', {
  WRITTEN: 'It stands as it was written.',
  WITHDRAWN: 'Its author took it back; its text is gone.',
  HIDDEN: 'The owner of the record took it down; its text is gone.',
});

const shown = {
  id: required(recordId, 'Id of the comment.'),
  about: required(comment.about.value, 'The record that it stands on.'),
  kind: required(comment.kind.value, 'What it is.'),
  owner: required(party, 'The party that wrote it.'),
  text: optional(comment.text.value, 'What it says; null once it is withdrawn or hidden.'),
  section: comment.section,
  bySource: optional(comment.bySource.value, 'Who said it, where that is no party.'),
  state: required(commentState, 'What has become of it.'),
  reason: optional(text(2000), 'Why it was withdrawn or hidden.'),
  writtenAt: required(instant, 'When it was written.'),
};
const row = {
  ...shown,
  about: required(recordId, 'Id of the record that it stands on.'),
  target: required(commentTarget, 'What kind of record that is.'),
  /** Of one that not every reader of this one may read: so no list filters by it. */
  replyTo,
};
export type CommentRow = RowOf<typeof row>;

/** The comments, each for those to whom it was said and who can see its record. */
export const commentsView = readModel<CommentEvent, CommentRow>({
  name: 'comments.comments',
  version: 1,
  of: row,
  node: {
    name: 'Comment',
    description: 'Something that is said beside a record.',
    of: shown,
    show: ({ about, target, ...rest }) => ({ ...rest, about: { kind: target, id: about } }),
    marking: 'Who may see it, of those who see the record.',
  },
  list: { name: 'comments', description: 'The comments that you may see, on records that you may see.' },
  changed: 'Comments that you may see, as they change.',
  filter: {
    about: 'Ids of records that they stand on.',
    target: 'Kinds of records that they stand on.',
    kind: 'What they are.',
    owner: 'Who wrote them.',
    state: 'What has become of them.',
  },
  sort: ['writtenAt'],
  parent: { view: Object.values(TARGETS).map(({ view }) => view), field: 'about' },
  notInReplay: ['replyTo'],
  on: {
    'comments.CommentWritten.v1': (_, { event, recordId: id, recordedAt: writtenAt }) => {
      const { about, targetOwner: __, ...written } = event.data;
      const { owner } = written.marking;
      return { ...written, id, about: about.id, target: about.kind, owner, state: 'WRITTEN', writtenAt };
    },
    'comments.CommentWithdrawn.v1': (before, { event }) =>
      before && { ...gone(before), ...event.data, state: 'WITHDRAWN' },
    'comments.CommentHidden.v1': (before, { event }) => before && { ...gone(before), ...event.data, state: 'HIDDEN' },
  },
});

const gone = ({ text: _, bySource: __, ...left }: CommentRow): CommentRow => left;
