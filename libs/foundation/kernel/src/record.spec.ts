import { describe, expect, it } from '@jest/globals';
import { EU, JP, markedFor, person, RECORD, secretariat, US } from '@kernel/testing';
import { accept } from './decision.js';
import { ownerAlone, type Marking } from './marking.js';
import {
  decideRecord,
  mayActOnRecord,
  mayIssueOfRecord,
  NO_RECORD,
  type ErasureRequested,
  type RecordCommand,
  type RecordState,
} from './record.js';

import { ROLES, type Principal } from './principal.js';
import type { PersonRef } from './values.js';

const change: RecordCommand = { type: 'ChangeMarking', id: RECORD, reason: 'agreed' };
const ask: RecordCommand = { type: 'RequestErasure', id: RECORD, basis: 'Article 17' };
const agree: RecordCommand = { type: 'ApproveErasure', id: RECORD };
const shared: Marking = { ...markedFor(JP, 'MEMBERS'), level: 'RESTRICTED' };
const alone: Marking = { ...markedFor(JP), level: 'RESTRICTED' };
const [asker, other] = [person(JP, 'DELEGATE', 'a'), person(JP, 'DELEGATE', 'b')];
const asked: ErasureRequested['data'] = { basis: 'Article 17', requestedBy: asker.person, marking: alone };
const before: RecordState = { ...NO_RECORD, marking: shared };
const decided = (
  command: RecordCommand,
  who: Principal,
  record: RecordState = before,
  of: { isMarkingFixed?: boolean } = {},
  marking: Marking = alone,
) => decideRecord(command, record, of as never, { who, marking });

describe('Whom a record is released to, and whether it is to be no more', () => {
  it.each<[RecordCommand, readonly string[]]>([
    [change, ['DELEGATE', 'SECRETARIAT']],
    [ask, ['DELEGATE', 'SECRETARIAT']],
    [agree, ['DELEGATE', 'APPROVER', 'SECRETARIAT']],
  ])('is said by some roles and no others: %j', (command, roles) =>
    expect(ROLES.filter((role) => mayIssueOfRecord(command, person(JP, role)))).toEqual(roles),
  );

  it('is not said under a mandate', () => {
    const mandate = { id: RECORD, delegate: EU, subjects: ['access', 'projects'], mayCommand: true };
    for (const command of [change, ask, agree])
      expect(mayIssueOfRecord(command, { ...person(JP, ['DELEGATE', 'APPROVER']), mandate })).toBe(false);
  });

  it('is said by the owner’s people alone', () => {
    expect(mayActOnRecord(asker, before)).toBe(true);
    expect(mayActOnRecord(person(US, 'DELEGATE'), before)).toBe(false);
    expect(mayActOnRecord(secretariat, before)).toBe(false);
    expect(mayActOnRecord(person(null, 'AUDITOR'), NO_RECORD)).toBe(false);
  });
});

describe('Another audience', () => {
  it('stands in the record with its reason; the same one is no fact', () => {
    const changed = { type: 'access.MarkingChanged.v1' as const, data: { marking: alone, reason: 'agreed' } };
    expect(decided(change, asker)).toEqual(accept(changed));
    expect(decided(change, asker, before, {}, shared)).toEqual(accept());
  });

  it('is not for a record whose audience follows from what it is', () =>
    expect(decided(change, asker, before, { isMarkingFixed: true })).toMatchObject({ code: 'MARKING.FIXED' }));
});

describe('An erasure', () => {
  it('is asked for once, and told to the owner alone', () => {
    expect(decided(ask, asker)).toEqual(accept({ type: 'access.ErasureRequested.v1', data: asked }));
    expect(decided(ask, other, { ...before, erasure: asked })).toEqual(accept());
    expect(asked.marking).toEqual(ownerAlone(shared));
  });

  it('is carried out when a second person agrees, and not before', () => {
    const requested = { ...before, erasure: asked };
    expect(decided(agree, other)).toMatchObject({ code: 'ERASURE.NOT_REQUESTED' });
    expect(decided(agree, asker, requested)).toMatchObject({ code: 'ERASURE.SAME_PERSON' });
    expect(decided(agree, other, requested)).toEqual(accept({ type: 'access.ContentErased.v1', data: asked }));
    expect(decided(agree, { ...other, person: asker.person as PersonRef }, requested)).toMatchObject({ ok: false });
  });
});
