import { parseArgs } from 'node:util';
import { undoEverything } from '../support/cleanup.js';
import { chanceOf, drawn, FAULTS } from './faults.js';
import { FaultRun } from './run.js';

// npm run test:faults [-- --rounds N --seed S --only KIND]: everything that may happen to a platform, 100 times.

const { values } = parseArgs({
  options: { rounds: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' } },
});
const rounds = Number(values.rounds ?? 100);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const chosen = FAULTS.filter(({ name, group }) => `${group}: ${name}`.includes(values.only ?? ''));
if (chosen.length === 0 || !Number.isInteger(rounds) || !Number.isInteger(seed)) {
  console.error(`--rounds and --seed are whole numbers, --only a part of one of these:`);
  for (const { name, group } of FAULTS) console.error(`  ${group}: ${name}`);
  process.exit(2);
}

console.log(`${rounds} rounds with seed ${seed}`);
const chance = chanceOf(seed);
// Its disks are not to stay mounted.
process.once('SIGINT', () => void undoEverything().finally(() => process.exit(130)));
let code = 0;
try {
  const run = await FaultRun.start(seed, chance);
  for (const fault of drawn(chosen, rounds, chance)) console.log(await run.round(fault));
  console.log(await run.end());
} catch (error) {
  console.error((error as Error).message);
  code = 1;
}
await undoEverything();
process.exit(code);
