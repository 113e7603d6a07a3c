import { startEmbeddedPostgres } from '@adapters/postgres-embedded';
import { prepareCluster } from '../../libs/adapters/postgres-embedded/testing/prepared-cluster.js';
import { undoAfterwards } from './cleanup.js';
import { temporaryFolder } from './temporary-folder.js';

export type StartedDatabase = {
  /** As the owner of the database, who is no superuser. */
  readonly url: string;
  readonly stop: () => Promise<void>;
};

/** An embedded PostgreSQL server on an empty folder. It is stopped after the spec file at the latest. */
export const startDatabase = async (): Promise<StartedDatabase> => {
  const dataFolder = temporaryFolder();
  await prepareCluster(dataFolder);
  const starting = startEmbeddedPostgres({ dataFolder });
  undoAfterwards(() =>
    starting.then(
      (server) => server.stop(),
      () => undefined,
    ),
  );
  const server = await starting;
  return { url: server.url, stop: () => server.stop() };
};
