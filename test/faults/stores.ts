import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchDatabase } from '../../apps/launcher/src/database.js';
import { KeptRunning } from '../../apps/launcher/src/kept-running.js';
import { launchProgram, type Ready } from '../../apps/launcher/src/program.js';
import { eventStorePid } from './processes.js';

// The stores of a platform, kept running as a service manager keeps them, in a folder of their own.

const [folder] = process.argv.slice(2) as [string];

const eventStore = new KeptRunning<Ready>('event store', (before, signal) =>
  launchProgram(
    {
      name: 'event store',
      main: 'event-store/src/main.js',
      args: ['--port', before ? portOf(before) : '0', '--data', join(folder, 'event-store')],
      compiled: join(folder, 'compiled'),
      onSpawn: (pid) => writeFileSync(eventStorePid(folder), String(pid)),
    },
    signal,
  ),
);
const portOf = ({ eventStore }: Ready): string => /:(\d+)\?/.exec(String(eventStore))![1]!;
const database = new KeptRunning<string>('database', (before, signal) =>
  launchDatabase(join(folder, 'postgres'), before, () => undefined, signal),
);

const stop = async (): Promise<void> => {
  await Promise.all([eventStore.stop(), database.stop()]);
  process.exit();
};
for (const reason of ['SIGTERM', 'disconnect'] as const) process.once(reason, () => void stop());

const [store, databaseUrl] = await Promise.all([eventStore.start(), database.start()]);
console.log(JSON.stringify({ eventStore: store['eventStore'], database: databaseUrl }));
