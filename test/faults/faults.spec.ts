import { expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chanceOf, FAULTS, type Fault } from './faults.js';
import { runFaults } from './run.js';

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

it('loses nothing acknowledged, answers outages alone and recovers by itself, whatever fails', async () => {
  const number = seed();
  const told: string[] = [];
  await runFaults(share(number), number, chanceOf(number), (line) => told.push(line));
  const leftOut = told.filter((line) => line.includes('LEFT OUT'));
  if (leftOut.length > 0) console.warn(leftOut.join('\n'));
  expect(told.at(-1)).toMatch(/all are there/);
});
