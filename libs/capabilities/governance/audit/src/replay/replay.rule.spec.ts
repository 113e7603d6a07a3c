import { describe, expect, it } from '@jest/globals';
import { instant, view, type DomainEvent, type Marked, type Reader } from '@kernel';
import { JP, markedFor, NOW, person, RECORD, US } from '@kernel/testing';
import { columnChanges, columnsOf, mayReplay } from './replay.rule.js';

const america: Reader = person(US, 'LIAISON');
const japan: Reader = person(JP, 'LIAISON');
const row = (...releaseTo: Parameters<typeof markedFor>[1][]): Marked => ({ marking: markedFor(JP, ...releaseTo) });
const shared = row(`country:${US}`);
const may = (then: Marked, now: Marked | null, reader: Reader, readsNow: boolean, at = NOW) =>
  mayReplay({ then, now }, reader, readsNow, at, RECORD);

describe('A row of the past', () => {
  it('is shown to whom it was shown then and is shown now', () => {
    expect(may(shared, shared, america, true)).toBe(true);
    expect(may(shared, row(), america, false)).toBe(false);
    expect(may(row(), shared, america, true)).toBe(false);
  });
  it('is not shown as of a time under its embargo, but to its owner', () => {
    const until = instant('2026-07-01T00:00:00.000Z');
    const then = { marking: { ...shared.marking, embargoUntil: until } };
    expect(may(then, then, america, true, NOW)).toBe(false);
    expect(may(then, then, america, true, until)).toBe(true);
    expect(may(then, then, japan, true, NOW)).toBe(true);
  });
  it('is its owner’s alone once it is no more', () => {
    expect(may(shared, null, america, false)).toBe(false);
    expect(may(shared, null, japan, false)).toBe(true);
  });
  it('binds its owner’s people by its level', () =>
    expect(
      may({ marking: { ...shared.marking, level: 'SECRET' } }, shared, { ...japan, clearance: 'OPEN' }, true),
    ).toBe(false));
  it('is shown to whom an emergency access opens the record', () =>
    expect(may(row(), row(), { ...america, breakGlassRecords: [RECORD] }, true)).toBe(true));
});

describe('The columns of a row', () => {
  type Row = Marked & { readonly title: string; readonly hidden: string; readonly note?: string };
  const rows = view<DomainEvent, Row>({
    name: 'sheds.sheds',
    version: 1,
    events: [],
    fields: {},
    notInReplay: ['hidden'],
    project: (one) => one,
  });
  const one: Row = { title: 'a', hidden: 'x', ...shared };
  const other: Row = { ...one, title: 'b', hidden: 'y', note: 'n' };
  it('leave out the marking, and what the view says', () =>
    expect([...columnsOf(rows, one)]).toEqual([['title', 'a']]));
  it('are told as they change, from nothing and to nothing too', () => {
    expect(columnChanges(rows, one, other)).toEqual([
      { column: 'title', before: 'a', after: 'b' },
      { column: 'note', before: null, after: 'n' },
    ]);
    expect(columnChanges(rows, null, one)).toEqual([{ column: 'title', before: null, after: 'a' }]);
    expect(columnChanges(rows, one, null)).toEqual([{ column: 'title', before: 'a', after: null }]);
    expect(columnChanges(rows, one, { ...one, ...row() })).toEqual([]);
  });
});
