import { describe, expect, it } from '@jest/globals';
import { SharedClock } from './clock.js';

/** A clock on a machine that is so far ahead of the reference. */
const aheadBy = (
  ms: number,
): { clock: SharedClock; said: string[]; set: (ms: number) => void; silence: () => void } => {
  const said: string[] = [];
  let [offset, isSilent] = [ms, false];
  const reference = async (): Promise<number> => {
    if (isSilent) throw new Error('no answer');
    return Date.now() - offset;
  };
  const clock = new SharedClock(reference, (problem) => said.push(problem));
  return { clock, said, set: (to) => (offset = to), silence: () => (isSilent = true) };
};

/** How far the clock's time is from the machine's, rounded to seconds. */
const secondsFrom = (clock: SharedClock): number => Math.round((Date.now() - Date.parse(clock.now())) / 1_000);

describe('The shared clock', () => {
  it('is the machine’s own before the first measurement', () => {
    const { clock } = aheadBy(90_000);
    expect([secondsFrom(clock), clock.measured, clock.isOff]).toEqual([0, null, false]);
  });
  it.each([90_000, -90_000, 4_000])(
    'is the reference’s, where the machine is %d ms ahead, and tells so once',
    async (ms) => {
      const { clock, said } = aheadBy(ms);
      await clock.measure();
      await clock.measure();
      expect(secondsFrom(clock)).toBe(ms / 1_000);
      expect(clock.isOff).toBe(true);
      expect(said).toEqual([expect.stringContaining(ms > 0 ? 'ahead of the database' : 'behind the database')]);
    },
  );
  it('says nothing of a machine that is right', async () => {
    const { clock, said } = aheadBy(0);
    await clock.measure();
    expect([clock.isOff, said]).toEqual([false, []]);
  });
  it('tells when the machine is right again', async () => {
    const { clock, said, set } = aheadBy(4_000);
    await clock.measure();
    set(0);
    await clock.measure();
    expect(secondsFrom(clock)).toBe(0);
    expect(said.at(-1)).toContain('agrees');
  });
  it('keeps the last measurement where the reference does not answer', async () => {
    const { clock, silence } = aheadBy(4_000);
    await clock.measure();
    silence();
    await clock.measure();
    expect([secondsFrom(clock), clock.isOff]).toEqual([4, true]);
  });
});
