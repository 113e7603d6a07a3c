import { describe, expect, it } from '@jest/globals';
import type { OpenDue } from '@foundation/alerting';
import type { Instant } from '@kernel';
import { DueWatch } from './due-watch.js';

const at = (text: string): Instant => `${text}:00.000Z` as Instant;
const due: OpenDue = { kind: 'ACT_LAPSES', view: 'acts.acts', key: 'r', due: 'lapses', at: at('2026-12-08T10:00') };
const leads = (): readonly number[] => [1_440, 180];
/** It has announced what was due up to an instant; what is due of records is what was kept. */
const watching = (clock: Instant, open: readonly OpenDue[] = [due]): DueWatch =>
  new DueWatch([], new Map([['act-r', open]]), null as never, clock);
const told = (watch: DueWatch, until: Instant) => watch.passed(until, leads).map(({ lead }) => lead);

describe('A deadline (example 1)', () => {
  it('is announced a day and three hours ahead, once each, whenever it is looked', () => {
    const watch = watching(at('2026-12-07T09:00'));
    expect(watch.next(at('2026-12-07T09:00'), leads)).toBe(at('2026-12-07T10:00'));
    expect(told(watch, at('2026-12-07T09:59'))).toEqual([]);
    expect(told(watch, at('2026-12-07T10:00'))).toEqual([1_440]);
    expect(told(watch, at('2026-12-07T10:00'))).toEqual([]);
    expect(watch.next(at('2026-12-07T10:00'), leads)).toBe(at('2026-12-08T07:00'));
    expect(told(watch, at('2026-12-08T09:00'))).toEqual([180]);
    expect(told(watch, at('2026-12-09T00:00'))).toEqual([]);
  });
  it('is announced late by one that was stopped, and not again by one that goes on from there', () => {
    expect(told(watching(at('2026-12-07T09:00')), at('2026-12-08T08:00'))).toEqual([1_440, 180]);
    expect(told(watching(at('2026-12-07T10:00')), at('2026-12-08T08:00'))).toEqual([180]);
  });
  it('is announced to nobody once it is none of its record any more', () => {
    const watch = watching(at('2026-12-07T10:00'), []);
    expect(told(watch, at('2026-12-09T00:00'))).toEqual([]);
    expect(watch.next(at('2026-12-07T10:00'), leads)).toBeNull();
  });
});
