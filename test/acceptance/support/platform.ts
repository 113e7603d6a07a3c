import type { ChildProcess } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { developmentPlatform, type DevelopmentPlatform } from '@adapters/identity-oidc';
import { LodestoneClient, LodestoneError } from '@adapters/lodestone-client';
import { prepareCluster } from '../../../libs/adapters/postgres-embedded/testing/prepared-cluster.js';
import { undoAfterwards } from '../../support/cleanup.js';
import { PATIENCE_MS } from '../../support/patience.js';
import { startProgram } from '../../support/program.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** A platform of its own, started as a user starts it, on a folder that goes with it. */
export type RunningPlatform = DevelopmentPlatform & {
  readonly folder: string;
  /** The launcher's process. */
  readonly launcher: ChildProcess;
  /** What the launcher said on its way. */
  readonly said: readonly string[];
  /** A client of a fictional person: `as('JP', 'DELEGATE')`, `as(null, 'SECRETARIAT')`. */
  readonly as: (country: string | null, role: string | readonly string[], person?: string) => LodestoneClient;
  readonly stop: () => Promise<void>;
};

/** Asks again while a read model is behind: that of a busy machine may be so for longer than the API waits. */
class PatientClient extends LodestoneClient {
  override async query<T>(...asked: Parameters<LodestoneClient['query']>): Promise<T> {
    for (const givesUpAt = Date.now() + PATIENCE_MS; ;)
      try {
        return await super.query<T>(...asked);
      } catch (error) {
        const isBehind = error instanceof LodestoneError && error.code === 'READ_MODEL_BEHIND';
        if (!isBehind || Date.now() > givesUpAt) throw error;
      }
  }
}

/** Starts the built platform; the test command builds it first. It is stopped after the spec file at the latest. */
export const startPlatform = async (
  environment: Record<string, string> = {},
  folder = temporaryFolder(),
): Promise<RunningPlatform> => {
  const postgres = join(folder, 'postgres');
  if (!('DATABASE_URL' in environment || existsSync(postgres))) await prepareCluster(postgres);
  const launcher = await startProgram('dist/apps/launcher/src/main.js', {
    env: { NODE_ENV: 'test', LODESTONE_PORT: '0', LODESTONE_DATA: folder, ...environment },
  });
  const platform = await developmentPlatform(folder);
  const clients: LodestoneClient[] = [];
  const closeClients = () => Promise.all(clients.splice(0).map((client) => client.close()));
  undoAfterwards(closeClients);
  return {
    ...platform,
    folder,
    launcher: launcher.process,
    said: launcher.said,
    as: (country, role, person) => {
      const roles = typeof role === 'string' ? [role] : role;
      const client = new PatientClient({
        url: platform.graphql,
        token: platform.tokenOf({ country, roles, person }),
      });
      clients.push(client);
      return client;
    },
    stop: async () => {
      await closeClients();
      await launcher.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

let shared: Promise<RunningPlatform> | undefined;

/** The platform of all stories of a spec file: each tells of countries and records of its own. It is stopped after the file. */
export const sharedPlatform = (): Promise<RunningPlatform> => (shared ??= startPlatform());
