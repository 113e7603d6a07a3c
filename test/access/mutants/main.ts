import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { complaints } from './compiles.js';
import { Copy } from './copy.js';
import type { Guard } from './guard.js';
import { guards } from './guards.js';
import { run } from './specs.js';
import { Verdicts, type Verdict } from './verdicts.js';

// Takes each guard of the access model out of a copy of the code in turn, and looks whether a test notices.

const USAGE = `npm run test:access:mutants -- [--list] [--only TEXT] [--at-once NUMBER]
  --list            tells the guards, and changes nothing
  --only TEXT       the guards in whose name, file or specs this text stands
  --at-once NUMBER  how many are looked at at once; 2 where left out, one for each core at most
What was found out about the code as it stands now is kept: a run that was cut off goes on where it was.`;

const asked = (): { readonly chosen: readonly Guard[]; readonly atOnce: number } => {
  const { values } = parseArgs({
    options: {
      list: { type: 'boolean' },
      only: { type: 'string' },
      'at-once': { type: 'string', default: String(Math.min(2, availableParallelism())) },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    process.exit();
  }
  const chosen = guards.filter(({ name, file, specs }) =>
    [name, file, ...specs].join('\n').includes(values.only ?? ''),
  );
  if (values.list) {
    for (const { name, file, specs } of chosen) console.log(`${name}\n    ${file}  ←  ${specs.join(' ')}`);
    console.log(`${chosen.length} guards`);
    process.exit();
  }
  if (chosen.length === 0) throw new Error(`no guard has "${values.only}" in its name, its file or its specs`);
  const atOnce = Number(values['at-once']);
  if (!(Number.isInteger(atOnce) && atOnce > 0)) throw new Error('--at-once is a whole number from 1 on');
  return { chosen, atOnce };
};

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** Throws where the specs do not pass on the code as it is, or a guard names a test that is not there. */
const passAsTheyAre = async (copy: Copy, chosen: readonly Guard[]): Promise<void> => {
  const specs = [...new Set(chosen.flatMap((guard) => guard.specs))];
  const absent = specs.filter((each) => globSync(`${each}*.ts`, { cwd: copy.folder }).length === 0);
  if (absent.length > 0) throw new Error(`these specs are not among the tracked files: ${absent.join(' ')}`);
  const { passed, failed, broken } = await run(copy.folder, specs);
  if (failed.length > 0 || broken.length > 0)
    throw new Error(
      `the specs must pass before a guard is taken out:\n${[...failed.map(({ test }) => test), ...broken].join('\n')}`,
    );
  for (const { name, tests } of chosen)
    if (tests !== undefined && !passed.some((each) => new RegExp(tests, 'i').test(each)))
      throw new Error(`the table of guards is out of date: "${name}" names a test that is not there: ${tests}`);
  console.log(`${specs.length} specs with ${passed.length} tests pass with every guard in its place`);
};

/** Looks at the specs of a guard one after the other, until one has a test that fails without it. */
const looked = async (copy: Copy, guard: Guard): Promise<Verdict> => {
  try {
    using _ = copy.without(guard);
    const unrun: string[] = [];
    for (const spec of guard.specs) {
      const { failed, broken } = await run(copy.folder, [spec], { tests: guard.tests, untilFirstFailure: true });
      const [first] = failed.toSorted((a, b) => Number(a.isLate) - Number(b.isLate));
      if (first) return { is: 'caught', by: first.test, isLate: first.isLate };
      unrun.push(...broken);
    }
    return unrun.length === 0
      ? { is: 'survives' }
      : { is: 'unclear', why: `a spec could not be run:\n${unrun.join('\n')}` };
  } catch (error) {
    return { is: 'unclear', why: (error as Error).message };
  }
};

/** On a busy machine these may be chance. */
const isDoubtful = (verdict: Verdict): boolean =>
  verdict.is === 'unclear' || (verdict.is === 'caught' && verdict.isLate === true);

const told = ({ name, file, specs }: Guard, verdict: Verdict, place: string): void => {
  const by = verdict.is === 'caught' ? verdict.by : verdict.is === 'unclear' ? verdict.why : specs.join(' ');
  console.log(`${{ caught: 'caught  ', survives: 'SURVIVES', unclear: 'UNCLEAR ' }[verdict.is]} ${place} ${name}`);
  console.log(`         ${file}  ←  ${by}`);
};

const begun = performance.now();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(2));
try {
  const { chosen, atOnce } = asked();
  const copy = Copy.made(process.cwd());
  const verdicts = new Verdicts(process.cwd(), copy.digest);
  const unknown = chosen.filter(({ name }) => verdicts.of(name) === undefined);
  if (unknown.length < chosen.length) console.log(`${chosen.length - unknown.length} are known from a run before`);

  let count = chosen.length - unknown.length;
  const uncompiled = complaints(copy.folder, unknown);
  const left = unknown.filter(({ name }) => !uncompiled.has(name));
  for (const guard of unknown.filter((each) => !left.includes(each))) {
    const why = `without it the code does not compile:\n${uncompiled.get(guard.name)}`;
    told(guard, { is: 'unclear', why }, `${++count}/${chosen.length}`);
    verdicts.note(guard.name, { is: 'unclear', why });
  }
  if (left.length > 0) await passAsTheyAre(copy, left);
  const look = async (each: Copy, guard: Guard, isFinal: boolean): Promise<void> => {
    const since = performance.now();
    const verdict = await looked(each, guard);
    // What is in doubt is looked at again, by itself, when all others are done.
    if (!isFinal && isDoubtful(verdict)) return void doubtful.push(guard);
    verdicts.note(guard.name, verdict);
    told(guard, verdict, `${++count}/${chosen.length} (${seconds(since)})`);
  };
  const doubtful: Guard[] = [];
  const queue = left.values();
  const copies = [copy, ...Array.from({ length: Math.max(1, Math.min(atOnce, left.length)) - 1 }, () => copy.twin())];
  await Promise.all(
    copies.map(async (each) => {
      for (const guard of queue) await look(each, guard, false);
    }),
  );
  for (const guard of doubtful) await look(copy, guard, true);

  const which = (is: Verdict['is']) => chosen.filter(({ name }) => verdicts.of(name)?.is === is);
  const [survivors, unclear] = [which('survives'), which('unclear')];
  console.log(`\n${which('caught').length} of ${chosen.length} guards are held by a test, in ${seconds(begun)}`);
  for (const { name, file } of survivors) console.log(`nothing holds: ${name} (${file})`);
  for (const { name } of unclear) console.log(`not to be told: ${name}`);
  process.exitCode = unclear.length > 0 ? 2 : survivors.length > 0 ? 1 : 0;
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
