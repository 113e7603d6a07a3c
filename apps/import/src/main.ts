import { accessSync, constants, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LodestoneError } from '@adapters/lodestone-client';
import { answerHelp, folder, orExplain, readSettings } from '@foundation/configuration';
import { readCommandLine, USAGE, WrongUsage, type Order } from './command-line.js';
import { importSource } from './import.js';
import { platformAt, platformOn, SECRETARIAT, type Capacity, type Platform } from './platform.js';
import { Progress } from './progress.js';
import { lists, materials, registeredMaterials, strategicProjects } from './reference.js';
import { report, reportFile } from './report.js';
import type { Source } from './source.js';
import { Tally } from './tally.js';
import { worldProduction } from './usgs-mcs.js';

const webAddress = (text: string): string => {
  if (!/^https?:/.test(text) || !URL.canParse(text))
    throw new Error('is not a web address such as https://lodestone.example/graphql');
  return text;
};

/** Environment of `npm run import`. */
const settings = {
  /** GraphQL address of the platform; where left out, the development platform that runs on LODESTONE_DATA. */
  LODESTONE_URL: { parse: webAddress, otherwise: () => null },
  /** Bearer token for LODESTONE_URL. */
  LODESTONE_TOKEN: { parse: (text: string) => text, secret: true, otherwise: () => null },
  /** Data folder of the development platform. */
  LODESTONE_DATA: { parse: folder, otherwise: () => folder('.lodestone') },
};

/** Something that the person who imports has to change; the message says what. */
class CannotImport extends Error {
  override readonly name = 'CannotImport';
}

const started = performance.now();
const tallies: Tally[] = [];

answerHelp(USAGE);
await orExplain(async () => {
  try {
    // npm runs scripts in the package's folder; INIT_CWD is where the person stands.
    const order = readCommandLine(process.argv.slice(2), process.env['INIT_CWD'] ?? process.cwd());
    if (order.reportFile !== null) mustBeWritable(order.reportFile);
    const world = order.file === null ? null : readWorld(order.file, order.replacesNewer);
    const platform = await findPlatform();
    console.error(`Importing into ${platform.url}`);
    const sources = world
      ? [...(await missingMaterials(platform, world.materials)), world]
      : [materials(), lists(), strategicProjects()];
    const apart = await importAll(sources, platform);
    tell(order, apart);
    if (tallies.some(({ rejected }) => rejected.length > 0)) process.exitCode = 1;
  } catch (error) {
    explain(error);
  }
});

async function findPlatform(): Promise<Platform> {
  const { LODESTONE_URL: url, LODESTONE_TOKEN: token, LODESTONE_DATA: data } = readSettings(settings, process.env);
  if ((url === null) !== (token === null))
    throw new CannotImport(
      'LODESTONE_URL and LODESTONE_TOKEN go together: set both, or neither to use the development platform here.',
    );
  try {
    return url !== null && token !== null ? await platformAt(url, token) : await platformOn(data);
  } catch (error) {
    if (error instanceof LodestoneError) throw error;
    throw new CannotImport((error as Error).message, { cause: error });
  }
}

/** A report that cannot be written would be lost once all is imported. */
function mustBeWritable(file: string): void {
  try {
    accessSync(dirname(file), constants.W_OK);
    const there = statSync(file, { throwIfNoEntry: false });
    if (there?.isDirectory()) throw new Error(`${file} is a folder`);
    if (there) accessSync(file, constants.W_OK);
  } catch (error) {
    throw new CannotImport(
      `The report cannot be written to ${file}: ${(error as Error).message}. Name a file in a folder that exists. Nothing was imported.`,
      { cause: error },
    );
  }
}

function readWorld(file: string, replacesNewer: boolean): ReturnType<typeof worldProduction> {
  try {
    const world = worldProduction(file, replacesNewer);
    if (world.rows.length === 0) throw new Error(`${file} holds no rows.`);
    return world;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const problem =
      code === 'ENOENT'
        ? `There is no file ${file}.`
        : code === 'EISDIR'
          ? `${file} is a folder, not a file.`
          : message;
    throw new CannotImport(problem, { cause: error });
  }
}

/** Figures need their materials: those that the register lacks come first, from the shipped table. */
async function missingMaterials(platform: Platform, needed: ReadonlySet<string>): Promise<readonly Source[]> {
  const client = platform.as(SECRETARIAT);
  if (client === null) return [];
  const registered = await registeredMaterials(client);
  const missing = new Set([...needed].filter((code) => !registered.has(code)));
  return missing.size === 0 ? [] : [materials(missing)];
}

/**
 * Imports what the token at hand may issue.
 * @returns the sources that it may not, by the capacity that they need
 */
async function importAll(
  sources: readonly Source[],
  platform: Platform,
): Promise<ReadonlyMap<Capacity, readonly Source[]>> {
  const isOurs = (source: Source): boolean => platform.as(source.issuedBy) !== null;
  const apart = Map.groupBy(
    sources.filter((source) => !isOurs(source)),
    ({ issuedBy }) => issuedBy,
  );
  if (apart.size > 0 && !sources.some(isOurs)) {
    throw new CannotImport(
      `The token is that of ${platform.actor}. What you import is for ${[...apart.keys()].map(({ name }) => name).join(' and for ')}: sign in as that.`,
    );
  }
  for (const source of sources.filter(isOurs)) {
    const tally = new Tally(source.name, source.rows.length);
    const progress = new Progress(source.name, source.rows.length, process.stderr);
    tallies.push(tally);
    try {
      await importSource(source, platform.as(source.issuedBy)!, tally, progress);
    } finally {
      progress.end();
    }
  }
  return apart;
}

function tell(order: Order, apart: ReadonlyMap<Capacity, readonly Source[]>): void {
  console.log(`\n${report(tallies, (performance.now() - started) / 1000)}`);
  for (const [{ name }, sources] of apart) {
    console.log(
      `\nNot imported: ${sources.map((source) => source.name).join(', ')}. That is for ${name}; run the import again with a token of that capacity.`,
    );
  }
  if (order.reportFile !== null) {
    writeFileSync(order.reportFile, `${reportFile(tallies)}\n`);
    console.log(`\nThe whole report is in ${order.reportFile}`);
  }
}

/** Says in plain words why it ended; only what nobody foresaw shows its stack. */
function explain(error: unknown): void {
  if (error instanceof LodestoneError && tallies.length > 0)
    console.log(`\n${report(tallies, (performance.now() - started) / 1000)}`);
  process.exitCode = error instanceof WrongUsage ? 2 : 1;
  if (error instanceof WrongUsage || error instanceof CannotImport) return console.error(error.message);
  if (!(error instanceof LodestoneError)) throw error;
  const advice =
    error.code === 'UNAUTHENTICATED'
      ? 'The platform refuses the token: get a new one.'
      : error.isOutage
        ? 'Start the platform with `npm start` in another terminal, or look after it; then run the import again: nothing is recorded twice.'
        : '';
  const correlation = error.correlationId === null ? '' : ` (correlation id ${error.correlationId})`;
  console.error(`${error.message}${correlation}\n${advice}`.trim());
}
