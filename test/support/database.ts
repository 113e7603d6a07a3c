import { startEmbeddedPostgres } from '@adapters/postgres-embedded';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type StartedDatabase = {
  /** As the owner of the database, who is no superuser. */
  readonly url: string;
  /** Stops the server and takes its data away. */
  stop(): Promise<void>;
};

/** An embedded PostgreSQL server on an empty folder. */
export const startDatabase = async (): Promise<StartedDatabase> => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'lodestone-database-'));
  const server = await startEmbeddedPostgres({ dataFolder });
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
};
