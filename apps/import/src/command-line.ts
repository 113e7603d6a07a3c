import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const USAGE = `Usage: npm run import -- reference            materials, their lists and the EU strategic projects
       npm run import -- usgs-mcs FILE         world production (USGS Mineral Commodity Summaries, world table as CSV)
Options: --report FILE    write the whole report, with every rejected row, as JSON
         --replace-newer  take the figures of an older edition also where a newer one is recorded

Imports into the development platform that runs here, or into the one that LODESTONE_URL and LODESTONE_TOKEN name.`;

export type Order = {
  readonly what: 'reference' | 'usgs-mcs';
  readonly file: string | null;
  readonly reportFile: string | null;
  readonly replacesNewer: boolean;
};

/** A command line that means nothing; the message says what is wrong and what would be right. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}

/**
 * @param folder where the person stands: relative paths start there
 * @throws WrongUsage
 */
export const readCommandLine = (args: readonly string[], folder: string): Order => {
  const { positionals, values } = parsed(args);
  const [what, file, ...rest] = positionals;
  const reportFile = values.report === undefined ? null : resolve(folder, values.report);
  const replacesNewer = values['replace-newer'] ?? false;
  const wrong = (problem: string): WrongUsage => new WrongUsage(`${problem}\n\n${USAGE}`);

  if (what === undefined) throw wrong('Say what to import.');
  if (what === 'reference') {
    if (file !== undefined) throw wrong(`reference takes no file: its tables are part of Lodestone (infra/reference).`);
    return { what, file: null, reportFile, replacesNewer };
  }
  if (what !== 'usgs-mcs') throw wrong(`"${what}" is nothing that can be imported.`);
  if (file === undefined) throw wrong('Name the file of the USGS world table.');
  if (rest.length > 0) throw wrong(`One file at a time: ${rest.join(' ')} is too much.`);
  return { what, file: resolve(folder, file), reportFile, replacesNewer };
};

const parsed = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: { report: { type: 'string' }, 'replace-newer': { type: 'boolean' } },
      allowPositionals: true,
    });
  } catch (cause) {
    throw new WrongUsage(`${(cause as Error).message}\n\n${USAGE}`, { cause });
  }
};
