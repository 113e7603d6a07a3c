import { describe, expect, it } from '@jest/globals';
import { Durations, Load, STEPS, stepOf, UNSEEN } from './steps.js';

/** A clock that is set by hand, in minutes. */
const clock = () => {
  let minutes = 0;
  return { time: () => minutes * 60_000, pass: (more: number) => (minutes += more) };
};
const times = (count: number, act: () => void): void => Array.from({ length: count }).forEach(act);

/** Whatever is drawn, from the least to the most. */
const DRAWN = [0, 0.25, 0.5, 0.75, 0.999];

describe('How often people do something', () => {
  it.each(DRAWN)(
    'is told alike for nothing and for just less than a hundred in ten minutes, with %d drawn',
    (drawn) => {
      const told = [0, 1, UNSEEN - 1].map((count) => {
        const { time, pass } = clock();
        const load = new Load(() => drawn, time);
        times(count, () => load.take());
        const during = load.perMinute;
        pass(10);
        return [during, load.perMinute];
      });
      expect(told).toEqual([
        [10, 10],
        [10, 10],
        [10, 10],
      ]);
    },
  );

  it('is told in tens a minute, of the last full window', () => {
    const { time, pass } = clock();
    const load = new Load(() => 0.5, time);
    times(1_030, () => load.take());
    pass(10);
    expect(load.perMinute).toBe(100);
    pass(9);
    expect(load.perMinute).toBe(100);
    pass(1);
    expect(load.perMinute).toBe(10);
  });

  it('moves by one more in one window of a hundred, wherever others have brought it', () => {
    const moved = Array.from({ length: 1_000 }, (_, draw) => {
      const of = (count: number): number => {
        const { time, pass } = clock();
        const load = new Load(() => draw / 1_000, time);
        times(count, () => load.take());
        pass(10);
        return load.perMinute;
      };
      return of(499) === of(500) ? 0 : 1;
    }).reduce<number>((sum, each) => sum + each, 0);
    expect(moved).toBe(10);
  });

  it('is nothing again after windows in which nobody came', () => {
    const { time, pass } = clock();
    const load = new Load(() => 0, time);
    times(900, () => load.take());
    pass(25);
    expect(load.perMinute).toBe(10);
  });
});

describe('How long what people do takes', () => {
  it('is told in steps', () => {
    expect([0, 0.01, 0.011, 0.3, 9, 10, 3_600].map(stepOf)).toEqual([0.01, 0.01, 0.025, 0.5, 10, 10, 10]);
  });

  it('is the shortest step while there was little, however long that took', () => {
    const durations = new Durations(clock().time);
    times(UNSEEN - 1, () => durations.take(7));
    expect(durations.quantile(0.95)).toBe(STEPS[0]);
    durations.take(7);
    expect(durations.quantile(0.95)).toBe(10);
  });

  it('is the step that so large a part does not exceed, and four in a hundred do not move it', () => {
    const durations = new Durations(clock().time);
    times(96, () => durations.take(0.02));
    times(4, () => durations.take(9));
    expect([durations.quantile(0.5), durations.quantile(0.95)]).toEqual([0.025, 0.025]);
    times(20, () => durations.take(9));
    expect([durations.quantile(0.5), durations.quantile(0.95)]).toEqual([0.025, 10]);
  });

  it('is of the last ten to twenty minutes', () => {
    const { time, pass } = clock();
    const durations = new Durations(time);
    times(200, () => durations.take(9));
    pass(10);
    expect(durations.quantile(0.5)).toBe(10);
    pass(10);
    expect(durations.quantile(0.5)).toBe(STEPS[0]);
  });
});
