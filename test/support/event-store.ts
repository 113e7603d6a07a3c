import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PROGRAM = 'dist/apps/event-store/src/main.js';

export type StartedEventStore = {
  /** `esdb://127.0.0.1:<port>?tls=false` */
  readonly url: string;
  /** The server's process. */
  readonly pid: number;
  /** Shuts the server down and takes its data away. */
  stop(): Promise<void>;
};

/**
 * The embedded event store as a process of its own, on an empty folder and a free port.
 * @throws when the build is missing, or with what the server complained of
 */
export const startEventStore = async (): Promise<StartedEventStore> => {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: npm run build`);
  const data = mkdtempSync(join(tmpdir(), 'lodestone-events-'));
  const { NODE_OPTIONS: _ofJest, ...env } = process.env;
  // With a channel: the server ends with this process, however this process ends.
  const server = spawn(process.execPath, [PROGRAM, '--port', '0', '--data', data], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const ended = once(server, 'exit');
  let complaint = '';
  server.stderr!.on('data', (chunk) => (complaint += String(chunk)));
  const ready = await Promise.race([
    once(createInterface(server.stdout!), 'line').then(
      ([line]) => JSON.parse(line as string) as { eventStore: string },
    ),
    ended.then(() => Promise.reject(new Error(`the event store did not start: ${complaint}`))),
  ]);
  return {
    url: ready.eventStore,
    pid: server.pid!,
    stop: async () => {
      server.kill('SIGTERM');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
};
