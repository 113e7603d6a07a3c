import { describe, expect, it } from '@jest/globals';
import type { Principal } from '@kernel';
import { JP, markedFor, person, RECORD, secretariat, specify, US } from '@kernel/testing';
import { briefRecordType } from './brief.record.js';
import type { BriefCommand } from './brief.record.js';

const content = { title: 'Gallium', text: 'Enough.', sources: [], approvals: [] };
const commands: readonly BriefCommand[] = [
  { type: 'WriteBrief', ...content },
  { type: 'ReviseBrief', id: RECORD, ...content },
  { type: 'WithdrawBrief', id: RECORD, reason: 'overtaken' },
];
const { mayIssue, mayAct } = specify(briefRecordType);
const issuedBy = (who: Principal) => commands.filter((each) => mayIssue(each, who)).map(({ type }) => type);
const actedBy = (who: Principal) =>
  commands.filter((each) => mayAct(each, who, [], markedFor(JP, 'MEMBERS'))).map(({ type }) => type);

describe('A brief', () => {
  it.each(['LIAISON', 'DELEGATE'] as const)('is the business of every %s', (role) =>
    expect(issuedBy(person(US, role))).toEqual(commands.map(({ type }) => type)),
  );
  it('is nobody else’s', () => {
    expect(issuedBy(person(JP, ['APPROVER', 'AUDITOR', 'OBSERVER']))).toEqual([]);
    expect(issuedBy(secretariat)).toEqual([]);
    expect(issuedBy({ ...person(JP, ['LIAISON', 'DELEGATE']), country: null })).toEqual([]);
  });
  it('is, once written, in the hands of the country that wrote it', () => {
    expect(actedBy(person(JP, 'LIAISON'))).toEqual(commands.map(({ type }) => type));
    expect(actedBy(person(JP, 'APPROVER'))).toEqual([]);
    expect(actedBy(person(US, ['LIAISON', 'DELEGATE']))).toEqual([]);
  });
  it('is a new record when written, and the one named afterwards', () => {
    expect(commands.map((each) => briefRecordType.targetOf(each, JP))).toEqual([
      { fresh: true },
      { id: RECORD },
      { id: RECORD },
    ]);
  });
  it('is its country’s alone unless released', () => expect(briefRecordType.defaultMarking).toBeUndefined());
});
