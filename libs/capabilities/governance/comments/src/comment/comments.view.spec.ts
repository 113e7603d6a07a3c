import { capabilities } from '@compositions/capabilities';
import { describe, expect, it } from '@jest/globals';
import { JP, markedFor, NOW, RECORD, specifyView, US } from '@kernel/testing';
import { TARGETS, type CommentEvent } from './comment.events.js';
import { commentsView, type CommentRow } from './comments.view.js';

const marking = markedFor(US, 'PUBLIC');
const said = {
  kind: 'REPLY',
  text: 'No ban was imposed.',
  section: 'Schedule',
  replyTo: RECORD,
  bySource: { name: 'Ministry of Commerce of China', source: 'Press conference' },
} as const;
const written: CommentEvent = {
  type: 'comments.CommentWritten.v1',
  data: { ...said, about: { kind: 'PROJECT', id: RECORD }, targetOwner: JP, marking },
};
const row: CommentRow = {
  ...said,
  ...{ id: RECORD, about: RECORD, target: 'PROJECT', owner: US, state: 'WRITTEN', writtenAt: NOW, marking },
};
const { text: _, bySource: __, ...left } = row;
const list = specifyView(commentsView);

describe('A comment in the list', () => {
  it('is there as it was said, without whose record it stands on', () => list.given(written).thenRow(row));
  it('has no text and no source any more once its author takes it back', () =>
    list.given(written, { type: 'comments.CommentWithdrawn.v1', data: {} }).thenRow({ ...left, state: 'WITHDRAWN' }));
  it('has none either once it is hidden, and says why', () =>
    list
      .given(written, { type: 'comments.CommentHidden.v1', data: { reason: 'Names a person.' } })
      .thenRow({ ...left, state: 'HIDDEN', reason: 'Names a person.' }));
  it('is not there before it is written', () =>
    list.given({ type: 'comments.CommentWithdrawn.v1', data: {} }).thenRow(null));
  it('is shown with its record only, and says of the one that it answers only what its reader may know', () => {
    expect(commentsView.parent).toEqual({ view: Object.values(TARGETS).map(({ view }) => view), field: 'about' });
    expect(commentsView.notInReplay).toEqual(['replyTo']);
    expect(commentsView.filter).not.toHaveProperty('replyTo');
  });
  it('stands on records that there are, in views that show them under their ids', () => {
    for (const { category, view } of Object.values(TARGETS)) {
      const capability = capabilities.find(({ recordTypes }) => recordTypes.some((each) => each.category === category));
      expect(capability?.views.map(({ name }) => name)).toContain(view);
    }
  });
});
