import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setImmediate as breath } from 'node:timers/promises';
import { inBatches } from './batches.js';

/** A source that pauses where told, counts what was taken from it, and notes whether it was closed. */
const source = (pauses: readonly boolean[], failure?: Error) => {
  const seen = { taken: 0, closed: false };
  async function* items(): AsyncGenerator<number> {
    try {
      for (const isPause of pauses) {
        if (isPause) await breath();
        yield seen.taken++;
      }
      if (failure) throw failure;
    } finally {
      seen.closed = true;
    }
  }
  return { items: items(), seen };
};
const pauses = fc.array(fc.boolean(), { maxLength: 60 });
const limits = fc.integer({ min: 1, max: 8 });

describe('Batches', () => {
  it('hold every item once, in order, and at most the limit of them', () =>
    fc.assert(
      fc.asyncProperty(pauses, limits, pauses, async (rhythm, limit, slowness) => {
        const batches: number[][] = [];
        for await (const batch of inBatches(source(rhythm).items, limit)) {
          batches.push(batch);
          if (slowness[batches.length]) await breath();
        }
        expect(batches.flat()).toEqual(rhythm.map((_, index) => index));
        for (const { length } of batches) {
          expect(length).toBeGreaterThan(0);
          expect(length).toBeLessThanOrEqual(limit);
        }
      }),
    ));

  it('are full while the source pours and its reader works', async () => {
    const sizes: number[] = [];
    for await (const batch of inBatches(source(Array<boolean>(100).fill(false)).items, 10)) {
      sizes.push(batch.length);
      await breath();
    }
    expect(sizes.slice(1, -1).every((size) => size === 10)).toBe(true);
  });

  it('hand on a single item at once while the source trickles', async () => {
    const next = Promise.withResolvers<void>();
    async function* trickle(): AsyncGenerator<string> {
      yield 'first';
      await next.promise;
      yield 'second';
    }
    const batches = inBatches(trickle(), 100);
    expect((await batches.next()).value).toEqual(['first']);
    next.resolve();
    expect((await batches.next()).value).toEqual(['second']);
    expect((await batches.next()).done).toBe(true);
  });

  it('are read at most one ahead of a reader that waits', () =>
    fc.assert(
      fc.asyncProperty(limits, async (limit) => {
        const { items, seen } = source(Array<boolean>(100).fill(false));
        const batches = inBatches(items, limit);
        let handed = 0;
        for (let turn = 0; turn < 4; turn++) {
          const { value } = await batches.next();
          handed += (value as number[]).length;
          for (let wait = 0; wait < 5; wait++) await breath();
          expect(seen.taken).toBeLessThanOrEqual(handed + limit);
        }
        await batches.return(undefined);
      }),
      { numRuns: 8 },
    ));

  it('come to the failure of the source only after all that was ready before it', () =>
    fc.assert(
      fc.asyncProperty(pauses, limits, async (rhythm, limit) => {
        const failure = new Error('the source broke');
        const read: number[] = [];
        const reading = (async () => {
          for await (const batch of inBatches(source(rhythm, failure).items, limit)) read.push(...batch);
        })();
        await expect(reading).rejects.toBe(failure);
        expect(read).toEqual(rhythm.map((_, index) => index));
      }),
    ));

  it('report a failure even where what was thrown is undefined', async () => {
    async function* items(): AsyncGenerator<number> {
      yield 1;
      throw undefined;
    }
    const reading = (async () => {
      for await (const _ of inBatches(items(), 2));
    })();
    await expect(reading).rejects.toBeUndefined();
  });

  it('close the source when their reader leaves', async () => {
    const { items, seen } = source(Array<boolean>(100).fill(true));
    for await (const _ of inBatches(items, 3)) break;
    for (let wait = 0; wait < 5; wait++) await breath();
    expect(seen.closed).toBe(true);
    expect(seen.taken).toBeLessThan(20);
  });
});
