import { describe, expect, it } from '@jest/globals';
import { instant, type Instant } from '@kernel';
import fc from 'fast-check';
import type { StoredEvent } from './event-store.js';
import { eventsUntil } from './moment.js';

const at = (second: number): Instant => instant(new Date(second * 1_000).toISOString());
/** Events with such stamps, as one stream has them. */
const streamOf = (stamps: readonly number[]): readonly StoredEvent[] =>
  stamps.map((second, index) => ({ recordedAt: at(second), position: BigInt(index * 10) }) as StoredEvent);
const stamps = fc.array(fc.nat(20), { maxLength: 8 });

describe('A record at a moment', () => {
  it('is a prefix of its stream, also where stamps go back', () =>
    fc.assert(
      fc.property(stamps, fc.nat(20), (seconds, second) => {
        const events = streamOf(seconds);
        const then = eventsUntil(events, { time: at(second) });
        expect(then).toEqual(events.slice(0, then.length));
        for (const { recordedAt } of then) expect(recordedAt <= at(second)).toBe(true);
      }),
    ));
  it('loses nothing as time goes on', () =>
    fc.assert(
      fc.property(stamps, fc.nat(20), fc.nat(20), (seconds, a, b) => {
        const [earlier, later] = [Math.min(a, b), Math.max(a, b)].map(
          (second) => eventsUntil(streamOf(seconds), { time: at(second) }).length,
        ) as [number, number];
        expect(earlier).toBeLessThanOrEqual(later);
      }),
    ));
  it('has every event whose stamp, and whose predecessors’, has come', () =>
    expect(eventsUntil(streamOf([2, 1, 3, 9, 4]), { time: at(4) })).toHaveLength(3));
  it('includes the event at a position, and none after it', () => {
    expect(eventsUntil(streamOf([1, 2, 3]), { position: 10n })).toHaveLength(2);
    expect(eventsUntil(streamOf([1, 2, 3]), { position: 9n })).toHaveLength(1);
  });
});
