import { describe, expect, it } from '@jest/globals';
import { fold, reject, type RecordId } from '@kernel';
import { JP, markedFor, person, RECORD, specify } from '@kernel/testing';
import { briefRecordType } from './brief.record.js';
import type { BriefEvent, Content } from './brief.events.js';

const [SOURCE, APPROVAL] = ['2', '3'].map((n) => RECORD.replace(/1$/, n)) as [RecordId, RecordId];
const content: Content = {
  title: 'Gallium',
  text: 'There is enough of it.',
  sources: [{ kind: 'PROJECT', id: SOURCE }],
  approvals: [APPROVAL],
};
const marking = markedFor(JP, 'MEMBERS');
const liaison = person(JP, 'LIAISON');
const written: BriefEvent = { type: 'briefs.BriefWritten.v1', data: { ...content, marking } };
const withdrawn: BriefEvent = { type: 'briefs.BriefWithdrawn.v1', data: { reason: 'overtaken' } };
const write = { type: 'WriteBrief', ...content } as const;
const revise = (changes: Partial<Content>) => ({ type: 'ReviseBrief', id: RECORD, ...content, ...changes }) as const;
const withdraw = { type: 'WithdrawBrief', id: RECORD, reason: 'overtaken' } as const;
const brief = specify(briefRecordType);

describe('A brief', () => {
  it('is written with its sources and the approvals that it leans on', () =>
    brief.given().when(write, liaison, { marking }).then(written));
  it('is written anew as a whole', () => {
    const changes = { text: 'There is not.', sources: [], approvals: [] };
    brief
      .given(written)
      .when(revise(changes), liaison)
      .then({ type: 'briefs.BriefRevised.v1', data: { ...content, ...changes } });
  });
  it.each([
    { title: 'Gallium and germanium' },
    { text: 'There is not.' },
    { sources: [{ kind: 'PLEDGE' as const, id: SOURCE }] },
    { approvals: [] },
  ])('is another one when only this is: %j', (changes) =>
    brief
      .given(written)
      .when(revise(changes), liaison)
      .then({ type: 'briefs.BriefRevised.v1', data: { ...content, ...changes } }),
  );
  it('stays as it is where nothing changes', () => brief.given(written).when(revise({}), liaison).thenNothing());
  it('is no source of itself', () =>
    brief
      .given(written)
      .when(revise({ sources: [{ kind: 'BRIEF', id: RECORD }] }), liaison)
      .thenRejected('BRIEFS.SOURCE_NOT_FOUND'));
  it('is withdrawn once', () => {
    brief.given(written).when(withdraw, liaison).then(withdrawn);
    brief.given(written, withdrawn).when(withdraw, liaison).thenNothing();
  });
  it('is not written anew once withdrawn', () =>
    brief.given(written, withdrawn).when(revise({}), liaison).thenRejected('BRIEFS.WITHDRAWN'));
  it.each([revise({}), withdraw])('that does not exist is not found: $type', (command) =>
    brief.given().when(command, liaison).thenRejected('BRIEFS.NOT_FOUND'),
  );
});

describe('What binds a brief', () => {
  const expected = [
    {
      category: 'project',
      at: { id: SOURCE },
      missing: reject('BRIEFS.SOURCE_NOT_FOUND', { field: 'sources', value: SOURCE }),
      derivedFrom: { unapproved: reject('BRIEFS.APPROVAL_NEEDED', { field: 'approvals', value: SOURCE }) },
    },
    {
      category: 'useRequest',
      at: { id: APPROVAL },
      missing: reject('BRIEFS.APPROVAL_NOT_FOUND', { field: 'approvals', value: APPROVAL }),
    },
  ];
  it('is every source and every approval that it names, when it is written and anew', () => {
    expect(briefRecordType.refersTo!(write)).toMatchObject(expected);
    expect(briefRecordType.refersTo!(revise({}))).toMatchObject(expected);
    expect(briefRecordType.refersTo!(revise({ sources: [], approvals: [] }))).toEqual([]);
  });
  it('is what it names now, whenever its marking changes', () => {
    const stateAfter = (...events: BriefEvent[]) => fold(briefRecordType.decider, events);
    expect(briefRecordType.sourcesOf!(stateAfter(written))).toMatchObject(expected);
    const revised: BriefEvent = { type: 'briefs.BriefRevised.v1', data: { ...content, approvals: [] } };
    expect(briefRecordType.sourcesOf!(stateAfter(written, revised))).toHaveLength(1);
    expect(briefRecordType.sourcesOf!(stateAfter())).toEqual([]);
  });
  it('does not keep it from being withdrawn', () => expect(briefRecordType.refersTo!(withdraw)).toEqual([]));
  it.each([
    ['PROJECT', 'project'],
    ['PLEDGE', 'pledge'],
    ['STOCK_DECLARATION', 'stockDeclaration'],
    ['BRIEF', 'brief'],
  ] as const)('is kept, for a %s, in a stream of the category %s', (kind, category) =>
    expect(briefRecordType.refersTo!(revise({ sources: [{ kind, id: SOURCE }] }))[0]).toMatchObject({ category }),
  );
});
