import { describe, expect, it } from '@jest/globals';
import { CONTENT_WITHHELD, type Capability, type DomainEvent, type Party, type RecordId } from '@kernel';
import { JP, markedFor, NOW, RECORD, recorded, US } from '@kernel/testing';
import { noReadings, noteFact, recallCausingFacts, recallsDue } from './recall.reaction.js';

const day = NOW.slice(0, 10) as never;
const marking = markedFor(JP, `country:${US}`);
const readingOf = (reader: Party) => `00000000-0000-5000-8000-0000000000${reader}` as RecordId;
const read = (reader: Party): [RecordId, DomainEvent] => [
  readingOf(reader),
  {
    type: 'sharing.RecordRead.v1',
    data: { record: RECORD, kind: 'projects.projects', reader, how: 'READ', day, marking },
  },
];
const recalled = (reader: Party): [RecordId, DomainEvent] => [
  readingOf(reader),
  {
    type: 'sharing.RecallIssued.v1',
    data: { record: RECORD, kind: 'projects.projects', reader, cause: 'NARROWED', marking },
  },
];
const changed: [RecordId, DomainEvent] = [RECORD, { type: 'access.MarkingChanged.v1', data: { marking, reason: 'x' } }];
const withdrawn: [RecordId, DomainEvent] = [RECORD, { type: 'projects.ProjectWithdrawn.v1', data: {} }];
const erased: [RecordId, DomainEvent] = [RECORD, { type: 'access.ContentErased.v1', data: { basis: 'x' } }];
const withheld: [RecordId, DomainEvent] = [RECORD, { type: CONTENT_WITHHELD, data: { of: 'x' } }];

const lifted: [RecordId, DomainEvent] = [RECORD, { type: 'mines.MeasureLifted.v1', data: {} }];
const capabilities = [
  { streams: [{ endsWith: ['projects.ProjectWithdrawn.v1'] }, { category: 'mine' }] },
  { streams: [{ endsWith: ['mines.MeasureLifted.v1'] }], views: [{ events: ['mines.AlertWithdrawn.v1'] }] },
] as unknown as readonly Capability[];

const after = (...facts: [RecordId, DomainEvent][]) => {
  const state = noReadings(capabilities);
  facts.forEach(([recordId, event], index) => noteFact(state, { ...recorded(event, index), recordId }));
  return state;
};
const due = (state: ReturnType<typeof after>, ...stillRead: Party[]) =>
  recallsDue(state, RECORD, marking, (party) => stillRead.includes(party!)).map(({ command }) => [
    command.reader,
    command.cause,
  ]);

describe('Recalls are due', () => {
  it('to those who had read and may not any more', () => {
    const state = after(read(US), read('EU' as Party), changed);
    expect(state.suspects).toEqual(new Set([RECORD]));
    expect(due(state, 'EU' as Party)).toEqual([['US', 'NARROWED']]);
    expect(due(state, US, 'EU' as Party)).toEqual([]);
  });
  it('to nobody who had read something else', () => {
    const other = '00000000-0000-5000-8000-000000000002' as RecordId;
    const [id, { type, data }] = read('EU' as Party);
    const ofOther: [RecordId, DomainEvent] = [id, { type, data: { ...(data as object), record: other } }];
    expect(due(after(read(US), ofOther, changed))).toEqual([['US', 'NARROWED']]);
  });
  it('once, and again when it was read again', () => {
    expect(due(after(read(US), changed, recalled(US)))).toEqual([]);
    expect(due(after(read(US), changed, recalled(US), read(US)))).toEqual([['US', 'NARROWED']]);
  });
  it('also where the reading is noted after the change', () => {
    const state = after(changed, read(US));
    expect(state.suspects).toEqual(new Set([RECORD]));
    expect(due(state)).toEqual([['US', 'NARROWED']]);
  });
  it.each([
    ['withdrawn', withdrawn],
    ['erased', erased],
    ['ended by a fact of any name', lifted],
  ] as const)('to those who had read before it was %s, and to none who read only that it is', (_, fact) => {
    expect(due(after(read(US), fact), US)).toEqual([['US', 'WITHDRAWN']]);
    expect(due(after(fact, read(US)), US)).toEqual([]);
    expect(due(after(read(US), fact, changed), US)).toEqual([['US', 'WITHDRAWN']]);
  });
  it('never to the owner', () => expect(due(after(read(JP), changed))).toEqual([]));
  it('of nothing that only was read', () => expect(after(read(US)).suspects).toEqual(new Set()));
  it('of nothing that cannot be read any more for its own sake', () =>
    expect(after(read(US), withheld).suspects).toEqual(new Set()));
});

describe('The facts that are followed', () => {
  it('are readings, recalls, changes of audience, erasures, and what streams declare as their ends, whatever its name', () =>
    expect(recallCausingFacts(capabilities)).toEqual([
      'access.MarkingChanged.v1',
      'sharing.RecordRead.v1',
      'sharing.RecallIssued.v1',
      'access.ContentErased.v1',
      'projects.ProjectWithdrawn.v1',
      'mines.MeasureLifted.v1',
    ]));
});
