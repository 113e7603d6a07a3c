import { globSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { complaints } from './compiles.js';
import { Copy } from './copy.js';
import { needsBuild, type Guard } from './guard.js';
import { guards } from './guards.js';
import { run } from './specs.js';

// Takes each guard of the access model out of a copy of the code in turn, and looks whether a test notices.

const USAGE = `npm run test:access:mutants -- [--list] [--only TEXT]
  --list       tells the guards, and changes nothing
  --only TEXT  the guards in whose name, file or specs this text stands`;

const asked = (): readonly Guard[] => {
  const options = { list: { type: 'boolean' }, only: { type: 'string' }, help: { type: 'boolean' } } as const;
  const { values } = parseArgs({ options });
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
  return chosen;
};

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** Throws where the specs do not pass on the code as it is, or a guard names a test that is not there. */
const passAsTheyAre = async (copy: Copy, chosen: readonly Guard[]): Promise<void> => {
  const specs = [...new Set(chosen.flatMap((guard) => guard.specs))];
  const absent = specs.filter((each) => globSync(`${each}*.ts`, { cwd: copy.folder }).length === 0);
  if (absent.length > 0) throw new Error(`these specs are not among the tracked files: ${absent.join(' ')}`);
  const { passed, failed, broken } = await run(copy.folder, specs);
  if (failed.length > 0 || broken.length > 0)
    throw new Error(`the specs must pass before a guard is taken out:\n${[...failed, ...broken].join('\n')}`);
  for (const { name, tests } of chosen)
    if (tests !== undefined && !passed.some((each) => new RegExp(tests, 'i').test(each)))
      throw new Error(`the table of guards is out of date: "${name}" names a test that is not there: ${tests}`);
  console.log(`${specs.length} specs with ${passed.length} tests pass with every guard in its place`);
};

/** The test that failed without the guard; null where none did. */
const caughtBy = async (copy: Copy, guard: Guard): Promise<string | null> => {
  using _ = copy.without(guard);
  if (needsBuild(guard)) copy.build();
  const { failed, broken } = await run(copy.folder, guard.specs, guard.tests);
  if (failed.length === 0 && broken.length > 0) throw new Error(`a spec could not be run:\n${broken.join('\n')}`);
  return failed[0] ?? null;
};

const begun = performance.now();
try {
  const chosen = asked();
  using copy = new Copy(process.cwd());
  const uncompiled = complaints(copy.folder, chosen);
  if (uncompiled.size > 0)
    throw new Error(
      [...uncompiled].map(([name, why]) => `without "${name}" the code does not compile:\n${why}`).join('\n'),
    );
  copy.build();
  await passAsTheyAre(copy, chosen);

  const survivors: Guard[] = [];
  const unclear: string[] = [];
  for (const [index, guard] of chosen.entries()) {
    const since = performance.now();
    const told = (verdict: string, by: string): void => {
      console.log(`${verdict} ${index + 1}/${chosen.length} ${guard.name} (${seconds(since)})`);
      console.log(`         ${guard.file}  ←  ${by}`);
    };
    try {
      const test = await caughtBy(copy, guard);
      if (test === null) survivors.push(guard);
      if (test === null) told('SURVIVES', guard.specs.join(' '));
      else told('caught  ', test);
    } catch (error) {
      unclear.push(guard.name);
      told('UNCLEAR ', (error as Error).message);
    }
    // What is built is the code as it is, unless a guard is out.
    if (needsBuild(guard)) copy.build();
  }
  const held = chosen.length - survivors.length - unclear.length;
  console.log(`\n${held} of ${chosen.length} guards are held by a test, in ${seconds(begun)}`);
  for (const { name, file } of survivors) console.log(`nothing holds: ${name} (${file})`);
  for (const name of unclear) console.log(`not to be told: ${name}`);
  process.exitCode = unclear.length > 0 ? 2 : survivors.length > 0 ? 1 : 0;
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
