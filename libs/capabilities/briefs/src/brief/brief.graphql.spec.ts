import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { problemsOf } from '@foundation/transport';
import type { RecordId } from '@kernel';
import { JP, markedFor, NOW, person, RECORD, US } from '@kernel/testing';
import { toBrief, toReviseBrief, toWriteBrief, ReviseBriefInput, WriteBriefInput } from './brief.graphql.js';
import type { BriefRow } from './briefs.view.js';

const source = { kind: 'PROJECT', id: RECORD };
const least = { title: 'Gallium', text: 'Enough.', sources: [source] };
const writing = (given: object) => problemsOf(WriteBriefInput, given as WriteBriefInput);

describe('The input of a brief', () => {
  it('becomes the command, its values in their one spelling', async () => {
    const { input, problems } = await writing({
      ...least,
      title: ' Gallium ',
      commandId: 'c-1',
      approvals: [RECORD],
      marking: { releaseTo: ['MEMBERS', 'US'] },
    });
    expect(problems).toEqual({});
    expect(toWriteBrief(input)).toEqual({
      type: 'WriteBrief',
      ...least,
      approvals: [RECORD],
      marking: { releaseTo: ['MEMBERS', 'country:US'] },
    });
  });
  it('may leave out or null what is optional', async () => {
    const { input, problems } = await writing({ ...least, approvals: null, marking: null, commandId: null });
    expect(problems).toEqual({});
    expect(toWriteBrief(input)).toEqual({ type: 'WriteBrief', ...least, approvals: [] });
  });
  it.each([
    ['title', { title: ' ' }],
    ['title', { title: 'x'.repeat(201) }],
    ['text', { text: 'x'.repeat(10_001) }],
    ['sources', { sources: [] }],
    ['sources', { sources: [source, { ...source }] }],
    ['sources.0.kind', { sources: [{ ...source, kind: 'MATERIAL' }] }],
    ['sources.0.id', { sources: [{ ...source, id: 'gallium' }] }],
    ['approvals', { approvals: ['x'] }],
    ['approvals', { approvals: [RECORD, RECORD] }],
    ['marking.releaseTo', { marking: { releaseTo: ['everybody'] } }],
  ])('is refused with the name of the field: %s', async (field, wrong) => {
    const { problems } = await writing({ ...least, ...wrong });
    expect(Object.keys(problems).map((path) => path.replace('sources.sources', 'sources'))).toEqual([field]);
  });
  it('names the brief where it is written anew', async () => {
    const { input, problems } = await problemsOf(ReviseBriefInput, { ...least, id: RECORD } as ReviseBriefInput);
    expect(problems).toEqual({});
    expect(toReviseBrief(input)).toEqual({ type: 'ReviseBrief', id: RECORD, ...least, approvals: [] });
  });
});

describe('A brief as it is shown', () => {
  const row: BriefRow = {
    id: RECORD as RecordId,
    owner: JP,
    title: 'Gallium',
    sources: [],
    status: 'WITHDRAWN',
    withdrawnBecause: 'overtaken',
    writtenAt: NOW,
    revisedAt: NOW,
    marking: markedFor(JP, 'MEMBERS'),
  };
  it('has no text once withdrawn', () => expect(toBrief(row, person(US, 'LIAISON')).text).toBeNull());
  it('tells whom it was released to, to its owner only', () => {
    expect(toBrief(row, person(JP, 'LIAISON')).marking.releaseTo).toEqual(['MEMBERS']);
    expect(toBrief(row, person(US, 'LIAISON')).marking.releaseTo).toBeNull();
  });
});
