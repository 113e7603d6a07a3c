import { describe, expect, it } from '@jest/globals';
import {
  CONTENT_WITHHELD,
  type Audience,
  type Capability,
  type DomainEvent,
  type Marking,
  type Party,
  type RecordId,
} from '@kernel';
import { JP, markedFor, NOW, RECORD, recorded, US } from '@kernel/testing';
import { HeldReadings, recallCausingFacts } from './recall.reaction.js';

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
const opened: [RecordId, DomainEvent] = [
  read(US)[0],
  { type: 'sharing.RecordRead.v1', data: { ...read(US)[1].data, how: 'EMERGENCY' } },
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
  { recordTypes: [{ endsWith: ['projects.ProjectWithdrawn.v1'] }, { category: 'mine' }] },
  { recordTypes: [{ endsWith: ['mines.MeasureLifted.v1'] }], views: [{ events: ['mines.AlertWithdrawn.v1'] }] },
] as unknown as readonly Capability[];

const after = (...facts: [RecordId, DomainEvent][]) => {
  const state = new HeldReadings(capabilities);
  facts.forEach(([recordId, event], index) => state.note({ ...recorded(event, index), recordId }));
  return state;
};
const EU = 'EU' as Party;
const suspects = (state: HeldReadings) => [...state.suspects].map(({ subject }) => subject.reader);
/** Of what is suspected, the recalls that are due where these parties are still shown the row, or may know of a record that has gone. */
const due = (
  state: HeldReadings,
  seen: readonly Party[],
  { row = marking as Marking | null, mayRead = [] as readonly Party[] } = {},
) =>
  [...state.suspects].flatMap((held) => {
    const { reader } = held.subject;
    const recall = state.due(held, {
      isSeen: seen.includes(reader!),
      marking: row,
      mayRead: seen.includes(reader!) || mayRead.includes(reader!),
    });
    return recall ? [[recall.command.reader, recall.command.cause]] : [];
  });

describe('Recalls are due', () => {
  it('to those who had read and are not shown it any more, whatever it is that has changed', () => {
    const state = after(read(US), read(EU));
    state.suspects.clear();
    state.noteRow(RECORD);
    expect(suspects(state)).toEqual([US, EU]);
    expect(due(state, [EU])).toEqual([['US', 'NARROWED']]);
    expect(due(state, [US, EU])).toEqual([]);
    state.suspects.clear();
    state.noteParties(new Set([EU]));
    expect(suspects(state)).toEqual([EU]);
    expect(due(state, [])).toEqual([['EU', 'NARROWED']]);
  });
  it('to nobody who had read something else', () => {
    const other = '00000000-0000-5000-8000-000000000002' as RecordId;
    const [id, { type, data }] = read(EU);
    const state = after(read(US), [id, { type, data: { ...(data as object), record: other } }]);
    state.suspects.clear();
    state.noteRow(RECORD);
    expect(suspects(state)).toEqual([US]);
  });
  it('once, and again when it was read again', () => {
    expect(suspects(after(read(US), changed, recalled(US)))).toEqual([]);
    expect(due(after(read(US), changed, recalled(US), read(US)), [])).toEqual([['US', 'NARROWED']]);
  });
  it('also where the reading is noted after the change', () =>
    expect(due(after(changed, read(US)), [])).toEqual([['US', 'NARROWED']]));
  it.each([
    ['withdrawn', withdrawn],
    ['erased', erased],
    ['ended by a fact of any name', lifted],
  ] as const)('to those who had read before it was %s, and to none who read only that it is', (_, fact) => {
    expect(due(after(read(US), fact), [US])).toEqual([['US', 'WITHDRAWN']]);
    expect(due(after(read(US), fact), [], { row: null, mayRead: [US] })).toEqual([['US', 'WITHDRAWN']]);
    expect(due(after(read(US), fact), [], { row: null })).toEqual([['US', 'NARROWED']]);
    expect(due(after(fact, read(US)), [US])).toEqual([]);
    expect(due(after(read(US), fact, changed), [US])).toEqual([['US', 'WITHDRAWN']]);
  });
  it('never to the owner', () => expect(due(after(read(JP), changed), [])).toEqual([]));
  it('of nothing that is not there for its owner either, and has not ended: it was no record of its own', () =>
    expect(due(after(read(US)), [], { row: null })).toEqual([]));
  it('of what one person alone was shown, or an emergency opened, when its audience changes', () => {
    const toPerson = { row: { ...marking, releaseTo: [`person:${RECORD}` as Audience] } };
    expect(due(after(read(US)), [], toPerson)).toEqual([]);
    expect(due(after(read(US), changed), [], toPerson)).toEqual([['US', 'NARROWED']]);
    expect(due(after(opened), [])).toEqual([]);
    expect(due(after(opened, changed), [])).toEqual([['US', 'NARROWED']]);
    expect(due(after(opened, read(US)), [])).toEqual([['US', 'NARROWED']]);
  });
  it('of nothing that cannot be read any more for its own sake', () => {
    const state = after(read(US));
    state.suspects.clear();
    state.note({ ...recorded(withheld[1], 9), recordId: RECORD });
    expect(suspects(state)).toEqual([]);
  });
});

describe('The facts that are followed', () => {
  it('are readings, recalls, changes of audience, erasures, and what record types declare as their ends, whatever its name', () =>
    expect(recallCausingFacts(capabilities)).toEqual([
      'access.MarkingChanged.v1',
      'sharing.RecordRead.v1',
      'sharing.RecallIssued.v1',
      'access.ContentErased.v1',
      'projects.ProjectWithdrawn.v1',
      'mines.MeasureLifted.v1',
    ]));
});
