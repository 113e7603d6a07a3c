import { endingOf, EXIT, WrongUsage } from '@foundation/configuration';
import { parseArgs } from 'node:util';
import { makeKeys, type Made, type Stores } from './keys.js';

const USAGE = `Usage: node dist/apps/keygen/src/main.js --folder DIR [--database HOST:PORT/NAME] [--event-store HOST:PORT?tls=true]

Makes every key and password that the programs are told by their settings, each in a file of its own (0600), and keeps
those that are there. DIR/database.sql makes the database and its logins; DIR/lodestone.env names the files to the programs.

  --folder       folder of the files, made where it is missing (0700)
  --database     where PostgreSQL is, and the name of the database (127.0.0.1:5432/lodestone)
  --event-store  where the event store is (127.0.0.1:2113?tls=true)

Exit code: ${EXIT.GOOD} done, ${EXIT.USAGE} wrong command line, ${EXIT.UNDECIDED} it could not be done.`;

const order = (): (Stores & { readonly folder: string }) | null => {
  const options = {
    folder: { type: 'string' },
    database: { type: 'string', default: '127.0.0.1:5432/lodestone' },
    'event-store': { type: 'string', default: '127.0.0.1:2113?tls=true' },
    help: { type: 'boolean' },
  } as const;
  try {
    const { folder, database, 'event-store': eventStore, help } = parseArgs({ options }).values;
    if (help) return null;
    if (!folder) throw new Error('--folder is missing.');
    if (!/^[^\s/:@]+:\d+\/[a-z_][a-z0-9_]*$/.test(database))
      throw new Error(`--database is "${database}" and not like 127.0.0.1:5432/lodestone.`);
    if (!/^[^\s/:@]+:\d+(\?\S+)?$/.test(eventStore))
      throw new Error(`--event-store is "${eventStore}" and not like 127.0.0.1:2113?tls=true.`);
    return { folder, database, eventStore };
  } catch (cause) {
    throw new WrongUsage(`${(cause as Error).message}\n\n${USAGE}`, { cause });
  }
};

const line = ({ file, setting, isNew }: Made): string =>
  `${isNew ? 'made' : 'kept'}  ${file}${setting === null ? '' : `  (${setting})`}`;

try {
  const given = order();
  console.log(given === null ? USAGE : makeKeys(given.folder, given).map(line).join('\n'));
} catch (error) {
  const { code, message } = endingOf(error);
  console.error(message);
  process.exitCode = code;
}
