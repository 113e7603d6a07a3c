import { describe, expect, it } from '@jest/globals';
import { JP, markedFor, person, RECORD, secretariat, specify, US } from '@kernel/testing';
import type { CommentEvent, CommentKind } from './comment.events.js';
import { commentRecordType } from './comment.record.js';

const about = { kind: 'PROJECT', id: RECORD } as const;
const write = (kind: CommentKind, more: object = {}) =>
  ({ type: 'WriteComment', about, kind, text: 'Words.', ...more }) as const;
const withdraw = { type: 'WithdrawComment', id: RECORD } as const;
const marking = markedFor(US, 'PUBLIC');
const onJapans: CommentEvent = {
  type: 'comments.CommentWritten.v1',
  data: { about, kind: 'COMMENT', text: 'Words.', targetOwner: JP, marking },
};
const onTheSecretariats: CommentEvent = {
  ...onJapans,
  data: { ...onJapans.data, targetOwner: 'SECRETARIAT' },
} as never;
const { mayIssue, mayAct } = specify(commentRecordType);

describe('A comment', () => {
  it('is written by liaisons and delegates of any country, and by the secretariat', () => {
    for (const who of [person(US, 'LIAISON'), person(US, 'DELEGATE'), secretariat])
      expect(mayIssue(write('COMMENT'), who)).toBe(true);
    for (const who of [person(US, ['APPROVER', 'AUDITOR', 'OBSERVER']), person(null, ['AUDITOR', 'OBSERVER'])])
      expect(mayIssue(write('COMMENT'), who)).toBe(false);
  });
  it.each(['REPLY', 'STATEMENT'] as const)('commits its party as a %s, and so is for delegates', (kind) => {
    expect(mayIssue(write(kind), person(US, 'LIAISON'))).toBe(false);
    expect(mayIssue(write(kind), person(US, 'DELEGATE'))).toBe(true);
    expect(mayIssue(write(kind), secretariat)).toBe(true);
  });
  it('speaks for who is no party by the secretariat alone', () => {
    const quoting = write('REPLY', { bySource: { name: 'A ministry', source: 'A newspaper' } });
    expect(mayIssue(quoting, secretariat)).toBe(true);
    expect(mayIssue(quoting, person(US, ['LIAISON', 'DELEGATE']))).toBe(false);
  });
  it('is taken back by liaisons and delegates of its author', () => {
    for (const role of ['LIAISON', 'DELEGATE'] as const)
      expect(mayAct(withdraw, person(US, role), [onJapans], marking)).toBe(true);
    expect(mayAct(withdraw, person(US, 'APPROVER'), [onJapans], marking)).toBe(false);
  });
  it('is hidden by delegates of the party on whose record it stands, and by nobody else', () => {
    expect(mayAct(withdraw, person(JP, 'DELEGATE'), [onJapans], marking)).toBe(true);
    expect(mayAct(withdraw, person(JP, ['LIAISON', 'APPROVER']), [onJapans], marking)).toBe(false);
    expect(mayAct(withdraw, secretariat, [onJapans], marking)).toBe(false);
    expect(mayAct(withdraw, secretariat, [onTheSecretariats], marking)).toBe(true);
    expect(mayAct(withdraw, person(JP, 'DELEGATE'), [onTheSecretariats], marking)).toBe(false);
  });
  it('takes two persons to hide, and one to take back', () => {
    const { twoPersons } = commentRecordType.access;
    const state = commentRecordType.decider.evolve(null, onJapans);
    expect(twoPersons!(withdraw, person(JP, 'DELEGATE'), state)).toBe(true);
    expect(twoPersons!(withdraw, person(US, 'DELEGATE'), state)).toBe(false);
    expect(twoPersons!(write('COMMENT'), person(US, 'DELEGATE'), null)).toBe(false);
  });
  it('is a part of its record, and its audience stays as it was said', () => {
    expect(commentRecordType.parentOf!(commentRecordType.decider.evolve(null, onJapans))).toEqual({
      category: 'project',
      at: { id: RECORD },
    });
    expect(commentRecordType.isMarkingFixed).toBe(true);
    expect(commentRecordType.defaultMarking!(write('COMMENT'), RECORD)).toEqual({ releaseTo: ['PUBLIC'] });
  });
});
