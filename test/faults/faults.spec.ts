import { beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chanceOf, FAULTS, type Fault } from './faults.js';
import { FaultRun } from './run.js';

/** Another for each commit, so that all of the table is tried in time; LODESTONE_SEED for the same again. */
const seed = (): number => {
  const given = process.env['LODESTONE_SEED'];
  if (given !== undefined) return Number(given);
  const { stdout } = spawnSync('git', ['rev-parse', '--short=7', 'HEAD'], { encoding: 'utf8' });
  return parseInt(stdout, 16) || 0;
};

/** One of each group: `npm run test:faults` does all. */
const share = (number: number): Fault[] =>
  Object.values(Object.groupBy(FAULTS, ({ group }) => group)).map((of) => of[number % of.length]!);

const number = seed();
let run: FaultRun;
beforeAll(async () => {
  run = await FaultRun.start(number, chanceOf(number));
});

describe('A platform under twenty writers', () => {
  it.each(share(number))(
    'loses nothing acknowledged, answers outages alone and recovers by itself: $name',
    async (fault) => {
      const told = await run.round(fault);
      if (told.includes('LEFT OUT')) console.warn(told);
    },
  );

  it('has everything that was acknowledged in all rounds, as its auditor finds', async () => {
    expect(await run.end()).toMatch(/all are there/);
  });
});
