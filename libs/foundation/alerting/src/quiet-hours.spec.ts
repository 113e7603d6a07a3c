import { describe, expect, it } from '@jest/globals';
import type { Instant } from '@kernel';
import { nextDigest, quietUntil } from './quiet-hours.js';

const at = (text: string): Instant => `${text}:00.000Z` as Instant;
const paris = { zone: 'Europe/Paris', quietFrom: '22:00', quietTo: '07:00' };

describe('Quiet hours', () => {
  it.each([
    ['in the evening until the morning', '2026-06-01T20:30', '2026-06-02T05:00'],
    ['at night until the morning', '2026-06-02T01:00', '2026-06-02T05:00'],
    ['not from their end on', '2026-06-02T05:00', '2026-06-02T05:00'],
    ['not before they begin', '2026-06-01T19:59', '2026-06-01T19:59'],
    // On 25 October 2026 clocks go back, on 29 March they go forward: the night is an hour longer, or shorter.
    ['an hour longer when clocks go back', '2026-10-24T21:00', '2026-10-25T06:00'],
    ['an hour shorter when clocks go forward', '2026-03-28T22:00', '2026-03-29T05:00'],
  ])('last %s', (_, from, until) => expect(quietUntil(paris, at(from))).toBe(at(until)));

  it('within a day end on it', () => {
    const midday = { zone: 'Asia/Tokyo', quietFrom: '12:00', quietTo: '13:00' };
    expect(quietUntil(midday, at('2026-06-01T03:30'))).toBe(at('2026-06-01T04:00'));
    expect(quietUntil(midday, at('2026-06-01T04:00'))).toBe(at('2026-06-01T04:00'));
  });
  it('of quiet days last until the first that is not, and its own hours', () => {
    const weekend = { ...paris, quietDays: ['SAT', 'SUN'] };
    expect(quietUntil(weekend, at('2026-06-05T22:30'))).toBe(at('2026-06-08T05:00'));
  });
  it('are none where nothing is said', () =>
    expect(quietUntil({ zone: 'UTC' }, at('2026-06-01T03:00'))).toBe(at('2026-06-01T03:00')));
});

describe('A digest', () => {
  it('leaves at its local time, every day once', () => {
    expect(nextDigest({ zone: 'Europe/Paris' }, at('2026-06-01T04:59'))).toBe(at('2026-06-01T05:00'));
    expect(nextDigest({ zone: 'Europe/Paris' }, at('2026-06-01T05:00'))).toBe(at('2026-06-02T05:00'));
  });
  it('at an hour that the change of clocks leaves out leaves at the next that there is', () => {
    const night = { zone: 'Europe/Paris', digestAt: '02:30' };
    expect(nextDigest(night, at('2026-03-28T12:00'))).toBe(at('2026-03-29T01:30'));
    expect(nextDigest(night, at('2026-03-29T01:30'))).toBe(at('2026-03-30T00:30'));
  });
  it('at an hour that comes twice leaves once', () => {
    const night = { zone: 'Europe/Paris', digestAt: '02:30' };
    const first = nextDigest(night, at('2026-10-24T12:00'));
    expect(first).toBe(at('2026-10-25T00:30'));
    expect(nextDigest(night, first)).toBe(at('2026-10-26T01:30'));
  });
});
