import { startProgram } from './program.js';
import { temporaryFolder } from './temporary-folder.js';

export type StartedEventStore = {
  /** `esdb://127.0.0.1:<port>?tls=false` */
  readonly url: string;
  /** The server's process. */
  readonly pid: number;
  readonly stop: () => Promise<void>;
};

/**
 * The embedded event store as a process of its own, on an empty folder and a free port.
 * @throws when the build is missing, or with what the server complained of
 */
export const startEventStore = async (): Promise<StartedEventStore> => {
  const args = ['--port', '0', '--data', temporaryFolder()];
  const server = await startProgram<{ eventStore: string }>('dist/apps/event-store/src/main.js', { args });
  return { url: server.ready.eventStore, pid: server.process.pid!, stop: () => server.stop() };
};
