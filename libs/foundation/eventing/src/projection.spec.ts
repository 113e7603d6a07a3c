import { describe, expect, it } from '@jest/globals';
import {
  CONTENT_WITHHELD,
  ownerAlone,
  view,
  type ContentErased,
  type DomainEvent,
  type Marked,
  type MarkingChanged,
  type PersonRef,
} from '@kernel';
import { JP, markedFor, RECORD, recorded } from '@kernel/testing';
import { concerns, keysTouched, rowAfter } from './projection.js';

type Noted = DomainEvent<'notes.Noted.v1', Marked & { text: string }>;
type Note = Marked & { text: string };
const notes = view<Noted, Note>({
  name: 'test.notes',
  version: 1,
  events: ['notes.Noted.v1'],
  fields: {},
  project: (_, { event }) => ({ text: event.data.text, marking: event.data.marking }),
});
const drafts = view<Noted, Note>({
  ...notes,
  onMarkingChanged: (row, marking) => ({ ...row, marking: ownerAlone(marking) }),
});
const changes = view<MarkingChanged, Marked>({
  name: 'test.changes',
  version: 1,
  events: ['access.MarkingChanged.v1'],
  fields: {},
  keysOf: ({ recordId, revision }) => [`${recordId}:${revision}`],
  keysToErase: ({ recordId, revision }) => [`${recordId}:${revision - 1n}`],
  project: (_, { event }) => ({ marking: ownerAlone(event.data.marking) }),
});

const wide = markedFor(JP, 'MEMBERS');
const row: Note = { text: 'a', marking: markedFor(JP) };
const onMarkingChanged = recorded<DomainEvent>({
  type: 'access.MarkingChanged.v1',
  data: { marking: wide, reason: 'agreed' },
} satisfies MarkingChanged);
const erased = recorded<DomainEvent>(
  {
    type: 'access.ContentErased.v1',
    data: { basis: 'law', requestedBy: 'p' as PersonRef, marking: markedFor(JP) },
  } satisfies ContentErased,
  1,
);
const withheld = recorded<DomainEvent>({ type: CONTENT_WITHHELD, data: { of: 'notes.Noted.v1' } });

describe('A row', () => {
  it('goes under the new marking of its record, as its view puts it', () => {
    expect(concerns(notes, onMarkingChanged.event)).toBe(true);
    expect(rowAfter(notes, row, onMarkingChanged, RECORD)).toEqual({ ...row, marking: wide });
    expect(rowAfter(drafts, { ...row, marking: wide }, onMarkingChanged, RECORD)).toEqual(row);
    expect(rowAfter(notes, null, onMarkingChanged, RECORD)).toBeNull();
  });

  it('is gone with the content of its record', () => {
    for (const fact of [erased, withheld]) {
      expect(concerns(notes, fact.event)).toBe(true);
      expect(rowAfter(notes, row, fact, RECORD)).toBeNull();
    }
    expect(keysTouched(notes, erased)).toEqual([RECORD]);
    expect(keysTouched(changes, erased)).toEqual([`${RECORD}:0`]);
  });

  it('is made of such a fact where its view is about those facts', () => {
    expect(keysTouched(changes, onMarkingChanged)).toEqual([`${RECORD}:0`]);
    expect(rowAfter(changes, null, onMarkingChanged, `${RECORD}:0`)).toEqual({ marking: markedFor(JP) });
  });

  it('is left alone by what its view is not about', () => {
    const other: DomainEvent = { type: 'others.Happened.v1', data: {} };
    expect(concerns(notes, other)).toBe(false);
    expect(concerns(notes, { type: CONTENT_WITHHELD, data: { of: other.type } } as DomainEvent)).toBe(false);
  });
});
