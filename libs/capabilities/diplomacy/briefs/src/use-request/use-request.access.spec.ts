import { describe, expect, it } from '@jest/globals';
import type { Audience, Principal } from '@kernel';
import { EU, JP, markedFor, person, RECORD, secretariat, specify, US } from '@kernel/testing';
import { useRequestRecordType } from './use-request.record.js';
import type { UseRequestCommand } from './use-request.record.js';
import type { Use, UseRequestEvent } from './use-request.events.js';

const use: Use = { source: { kind: 'PROJECT', id: RECORD }, purpose: 'QUOTE', audience: [], explanation: 'a note' };
const commands: readonly UseRequestCommand[] = [
  { type: 'RequestUse', ...use },
  { type: 'ApproveUse', id: RECORD },
  { type: 'RefuseUse', id: RECORD, reason: 'no' },
  { type: 'WithdrawUse', id: RECORD },
];
const marking = markedFor(US, 'country:JP' as Audience);
const asked: UseRequestEvent = { type: 'briefs.UseRequested.v1', data: { ...use, sourceOwner: JP, marking } };
const { mayIssue, mayAct } = specify(useRequestRecordType);
const issuedBy = (who: Principal) => commands.filter((each) => mayIssue(each, who)).map(({ type }) => type);
const actedBy = (who: Principal) =>
  commands
    .slice(1)
    .filter((each) => mayAct(each, who, [asked], marking))
    .map(({ type }) => type);

describe('What may be asked of use requests at all', () => {
  it('by a liaison: to ask and to withdraw', () =>
    expect(issuedBy(person(US, 'LIAISON'))).toEqual(['RequestUse', 'WithdrawUse']));
  it('by a delegate: everything', () =>
    expect(issuedBy(person(US, 'DELEGATE'))).toEqual(commands.map(({ type }) => type)));
  it('by a delegate of another party under a mandate: no answer in the name of the owner', () => {
    const mandate = { id: RECORD, delegate: EU, subjects: ['briefs'], mayCommand: true };
    expect(issuedBy({ ...person(US, 'DELEGATE'), mandate })).toEqual(['RequestUse', 'WithdrawUse']);
  });
  it('by others: nothing', () => {
    expect(issuedBy(person(US, ['APPROVER', 'AUDITOR', 'OBSERVER']))).toEqual([]);
    expect(issuedBy(secretariat)).toEqual([]);
    expect(issuedBy({ ...person(US, ['LIAISON', 'DELEGATE']), country: null })).toEqual([]);
  });
});

describe('What may be done to a use request', () => {
  it('by the party that asks: to withdraw it', () => {
    expect(actedBy(person(US, 'DELEGATE'))).toEqual(['WithdrawUse']);
    expect(actedBy(person(US, 'LIAISON'))).toEqual(['WithdrawUse']);
  });
  it('by delegates of the record’s owner: to answer it', () => {
    expect(actedBy(person(JP, 'DELEGATE'))).toEqual(['ApproveUse', 'RefuseUse']);
    expect(actedBy(person(JP, ['LIAISON', 'APPROVER']))).toEqual([]);
  });
  it('by others: nothing', () => expect(actedBy(person(EU, ['LIAISON', 'DELEGATE']))).toEqual([]));
});

describe('A use request', () => {
  it('is a new record when made, and the one named afterwards', () =>
    expect(commands.map((each) => useRequestRecordType.targetOf(each, US))).toEqual([
      { fresh: true },
      ...commands.slice(1).map(() => ({ id: RECORD })),
    ]));
  it('names its record once, when made', () =>
    expect(commands.map((each) => useRequestRecordType.refersTo!(each).length)).toEqual([1, 0, 0, 0]));
  it('stays between the two parties', () => expect(useRequestRecordType.isMarkingFixed).toBe(true));
});
