import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { developmentPlatform, type DevelopmentPlatform } from '@adapters/identity-oidc';
import { LodestoneClient } from '@adapters/lodestone-client';

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

/** Starts the built platform; the test command builds it first. */
export const startPlatform = async (
  environment: Record<string, string> = {},
  folder = mkdtempSync(join(tmpdir(), 'lodestone-')),
): Promise<RunningPlatform> => {
  const launcher = spawn(process.execPath, ['dist/apps/launcher/src/main.js'], {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      NODE_ENV: 'test',
      LODESTONE_PORT: '0',
      LODESTONE_DATA: folder,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  createInterface({ input: launcher.stderr }).on('line', (line) => said.push(line));
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: launcher.stdout }).on('line', () => resolve());
    launcher.once('exit', (code) => reject(new Error(`the launcher ended with ${code}:\n${said.join('\n')}`)));
  });
  const platform = await developmentPlatform(folder);
  const clients: LodestoneClient[] = [];
  return {
    ...platform,
    folder,
    launcher,
    said,
    as: (country, role, person) => {
      const roles = typeof role === 'string' ? [role] : role;
      const client = new LodestoneClient({
        url: platform.graphql,
        token: platform.tokenOf({ country, roles, person }),
      });
      clients.push(client);
      return client;
    },
    stop: async () => {
      await Promise.all(clients.map((client) => client.close()));
      await stopped(launcher);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const stopped = async (launcher: ChildProcess): Promise<void> => {
  if (launcher.exitCode !== null || launcher.signalCode !== null) return;
  const ended = new Promise((resolve) => launcher.once('exit', resolve));
  launcher.kill('SIGTERM');
  await ended;
};
