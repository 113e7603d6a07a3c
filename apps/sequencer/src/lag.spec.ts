import { describe, expect, it } from '@jest/globals';
import { BEHIND_MS, Lag } from './lag.js';

describe('What follows', () => {
  it('keeps up where there is nothing to follow, and where it is at the end', () => {
    let now = 0;
    const lag = new Lag<number>(() => now);
    lag.look(null, null);
    now += BEHIND_MS;
    expect(lag.isBehind).toBe(false);
    lag.look(5, 5);
    now += BEHIND_MS;
    expect(lag.isBehind).toBe(false);
  });

  it('keeps up where it comes within a minute to what was the end, though it never is at the end', () => {
    let now = 0;
    const lag = new Lag<bigint>(() => now);
    for (let end = 0n; end < 20n; end++) {
      lag.look(end, end - 1n);
      expect(lag.isBehind).toBe(false);
      now += BEHIND_MS / 2;
    }
  });

  it('is behind from a minute on after what was the end, until it has come there', () => {
    let now = 0;
    const lag = new Lag<number>(() => now);
    lag.look(5, null);
    now += BEHIND_MS - 1;
    lag.look(9, 4);
    expect(lag.isBehind).toBe(false);
    now += 1;
    expect(lag.isBehind).toBe(true);
    lag.look(9, 5);
    expect(lag.isBehind).toBe(false);
    now += BEHIND_MS;
    expect(lag.isBehind).toBe(true);
    lag.look(9, 9);
    expect(lag.isBehind).toBe(false);
  });
});
