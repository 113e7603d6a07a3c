import type { ViewStanding } from '@adapters/read-store-postgres';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { BEHIND_MS, ViewWatch } from './view-watch.js';

let now: number;
let end: bigint | null;
let views: ViewStanding[];
let told: string[];
let watch: ViewWatch;

beforeEach(() => {
  [now, end, told] = [0, null, []];
  views = [
    { name: 'test.one', position: null, failure: null },
    { name: 'test.other', position: null, failure: null },
  ];
  watch = new ViewWatch(
    { end: () => Promise.resolve(end), standings: () => Promise.resolve(views) },
    (sentence) => told.push(sentence),
    () => now,
  );
});
const at = (...positions: (bigint | null)[]): void => {
  views = views.map((view, index) => ({ ...view, position: positions[index]! }));
};

describe('The views', () => {
  it('are up where there is no history', async () => {
    expect(await watch.look()).toBe('up');
  });

  it('are behind at the first look, where one has not come to the end that is there', async () => {
    end = 10n;
    at(10n, 9n);
    expect(await watch.look()).toBe('behind');
    at(10n, 10n);
    expect(await watch.look()).toBe('up');
    expect(told).toEqual([
      expect.stringContaining('ALARM the view test.other is behind'),
      expect.stringContaining('test.other keeps up'),
    ]);
  });

  it('are up while they follow, however much is written', async () => {
    end = 0n;
    at(0n, 0n);
    await watch.look();
    for (let turn = 0; turn < 200; turn++) {
      now += 1_000;
      end += 7n;
      // Each is half the limit late.
      const reached = (end / 7n - 30n) * 7n;
      at(reached > 0n ? reached : 0n, end);
      expect(await watch.look()).toBe('up');
    }
  });

  it('are behind as soon as one has stood for longer than the limit, and no sooner', async () => {
    end = 5n;
    at(5n, 5n);
    await watch.look();
    [now, end] = [2_000, 6n];
    at(6n, 5n);
    expect(await watch.look()).toBe('up');
    now = 2_000 + BEHIND_MS - 1;
    expect(await watch.look()).toBe('up');
    now += 1;
    expect(await watch.look()).toBe('behind');
    at(6n, 6n);
    expect(await watch.look()).toBe('up');
  });

  it('are behind where one is not there for readers at all', async () => {
    end = 5n;
    at(5n, null);
    expect(await watch.look()).toBe('behind');
  });

  it('have failed where one has, however far it is, until it goes on', async () => {
    end = 5n;
    at(5n, 5n);
    views[0] = { ...views[0]!, failure: 'its rule threw' };
    expect(await watch.look()).toBe('failed');
    expect(await watch.look()).toBe('failed');
    views[0] = { ...views[0], failure: null };
    expect(await watch.look()).toBe('up');
    expect(told).toEqual([
      expect.stringContaining('ALARM the view test.one has failed'),
      expect.stringContaining('test.one keeps up'),
    ]);
  });
});
