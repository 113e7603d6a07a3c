import { describe, expect, it } from '@jest/globals';
import { JP, markedFor, NOW, person, RECORD, secretariat, specify } from '@kernel/testing';
import { rejectionRecordType } from './rejection.record.js';
import { rejectionOf } from './rejection.reaction.js';

const refused = rejectionOf({
  code: 'PROJECTS.NOT_FOUND',
  command: 'EndorseProject',
  category: 'project',
  record: RECORD,
  party: JP,
  times: 1,
  marking: markedFor(JP),
});
const { given, mayIssue, mayAct } = specify(rejectionRecordType);

describe('A refusal', () => {
  it('is recorded under its own name', () => expect(refused).toMatchObject({ type: 'audit.CommandRefused.v1' }));
  it('is nobody’s to record by a command', () => {
    const command = { type: 'NoteRejection' } as const;
    for (const who of [person(JP, ['DELEGATE', 'AUDITOR']), secretariat]) {
      expect(mayIssue(command, who)).toBe(false);
      expect(mayAct(command, who, [refused], markedFor(JP))).toBe(false);
    }
    given(refused).when(command, person(JP, 'DELEGATE'), { now: NOW }).thenRejected('REFUSALS.NOT_FOUND');
  });
  it('has a stream of its own', () =>
    expect(rejectionRecordType.targetOf({ type: 'NoteRejection' }, JP)).toEqual({ fresh: true }));
});
