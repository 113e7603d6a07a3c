import { describe, expect, it } from '@jest/globals';
import type { Instant } from '@kernel';
import { nextTry } from './retrying.js';

const NOW = '2026-06-01T09:00:00.000Z' as Instant;
const secondsUntil = (at: Instant | null): number | null => at && (Date.parse(at) - Date.parse(NOW)) / 1_000;

describe('A delivery that failed', () => {
  it('is tried again ever more rarely, and is given up after the tenth time', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((tries) => secondsUntil(nextTry(NOW, tries, 0)));
    expect(waits).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400, null]);
  });
  it('waits up to a fifth longer', () => expect(secondsUntil(nextTry(NOW, 2, 1))).toBe(360));
  it('waits as long as its receiver asks', () => expect(secondsUntil(nextTry(NOW, 1, 0, 120))).toBe(120));
});
