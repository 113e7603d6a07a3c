import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { findBinaries, type Binaries } from './binaries.js';
import { clusterExists, createCluster, DATABASE, OWNER, serverProgram } from './cluster.js';
import { Keeper } from './keeper-channel.js';
import { clearLeftBehind, isLeftBehind } from './left-behind.js';
import { choosePort } from './port.js';
import { openServerFolder, type ServerFolder } from './server-folder.js';

export type EmbeddedPostgres = {
  /** `postgres://lodestone_owner:<password>@127.0.0.1:<port>/lodestone` */
  url: string;
  /** The server's process. */
  pid: number;
  /** Resolves when the server has ended or lost its keeper, by whatever cause. */
  exited: Promise<void>;
  /** Shuts the server down in good order; resolves when no process is left. May be called more than once. */
  stop(): Promise<void>;
};

export type EmbeddedPostgresOptions = {
  /** Absolute path; made at the first start. Delete it to start anew. */
  dataFolder: string;
  /** 0 or undefined: the port of the last start if it is still free, else any free one. */
  port?: number;
  /** Told each step as it begins, such as "creating the database". */
  onProgress?: (step: string) => void;
  /** Aborted: the start is given up, what was started is stopped, and the start throws. */
  signal?: AbortSignal;
};

type Progress = (step: string) => void;

/** How long a folder in use may still become free: its launcher may have been killed a moment ago (milliseconds). */
const FOLDER_PATIENCE = 2_000;
/** How long a keeper that is stopping its server may take (milliseconds). */
const STOPPING_PATIENCE = 30_000;
/** Starts that fail for a passing reason are tried again, each time after twice the pause (milliseconds). */
const ATTEMPTS = 6;
const FIRST_PAUSE = 100;

/**
 * Starts the PostgreSQL server that came with npm, for one machine and without setup; resolves when it accepts
 * connections, on 127.0.0.1 alone and with a password. The server ends with this process, however this process ends.
 *
 * Root runs it as the owner of the data folder, or as `nobody` where that is root.
 * @throws when the platform has no PostgreSQL programs, the port asked for or the data folder is in use, or the server
 *   does not start; the message says what to do
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const onProgress = options.onProgress ?? (() => undefined);
  const folder = openServerFolder(options.dataFolder);
  const binaries = findBinaries(folder, onProgress);
  const keeper = await claimFolder(folder, onProgress);
  const giveUp = (): void => void keeper.stop();
  options.signal?.addEventListener('abort', giveUp, { once: true });
  try {
    options.signal?.throwIfAborted();
    await clearLeftBehind(folder, keeper, onProgress);
    if (!clusterExists(folder)) {
      onProgress('creating the database');
      await createCluster(folder, binaries, keeper);
    }
    const { pid, port } = await startServer(folder, binaries, keeper, options.port, onProgress);
    const password = readFileSync(folder.password, 'utf8');
    let stopped: Promise<void> | undefined;
    keeper.release();
    return {
      url: `postgres://${OWNER}:${password}@127.0.0.1:${port}/${DATABASE}`,
      pid,
      exited: keeper.ended,
      stop: () => (stopped ??= stopServer(folder, keeper, pid)),
    };
  } catch (error) {
    await keeper.stop();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', giveUp);
  }
}

/** Starts a keeper that holds the folder's lock: from here on nobody else works in the folder. */
async function claimFolder(folder: ServerFolder, onProgress: Progress): Promise<Keeper> {
  const keeper = new Keeper(folder.path, folder.log);
  const begin = Date.now();
  let isWaiting = false;
  for (;;) {
    const { done, said } = await keeper.ask({ name: 'claim' });
    if (done) return keeper;
    const launcher = launcherOf(folder);
    const waited = Date.now() - begin;
    if (!keeper.isRunning || waited > (launcher === undefined ? STOPPING_PATIENCE : FOLDER_PATIENCE)) {
      await keeper.stop();
      if (!said.includes('locked'))
        throw new Error(`The data folder ${folder.path} cannot be locked: ${said} See ${folder.log}.`);
      throw new Error(
        `The data folder ${folder.path} is in use by another process (${launcher ?? 'which is stopping'}). ` +
          'Stop that process, or choose another data folder.',
      );
    }
    if (!isWaiting) onProgress('waiting for an earlier run to let go of the data folder');
    isWaiting = true;
    await pause(FIRST_PAUSE);
  }
}

/** The process for which the folder is in use; nothing when its keeper is already stopping. */
function launcherOf({ path }: ServerFolder): number | undefined {
  try {
    return (JSON.parse(readFileSync(`${path}/in-use.json`, 'utf8')) as { launcher: number }).launcher;
  } catch {
    return undefined;
  }
}

async function startServer(
  folder: ServerFolder,
  binaries: Binaries,
  keeper: Keeper,
  asked: number | undefined,
  onProgress: Progress,
): Promise<{ pid: number; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await choosePort(folder, asked);
    onProgress(`starting PostgreSQL on 127.0.0.1:${port}`);
    const logged = statSync(folder.log).size;
    const program = serverProgram(folder, binaries, port);
    const { pid, said } = await keeper.ask({ name: 'serve', program, cluster: folder.cluster, log: folder.log });
    if (pid !== undefined) {
      writeFileSync(folder.port, String(port));
      return { pid, port };
    }
    const complaint = readFileSync(folder.log).subarray(logged).toString();
    // Passing: an ending server's lock file or shared memory, or a program that took the port since we looked.
    const isPassing = /lock file .* already exists|shared memory block .* still in use|could not create any TCP/.test(
      complaint,
    );
    if (!isPassing || attempt === ATTEMPTS) {
      throw new Error(`PostgreSQL did not start: ${said} It wrote to ${folder.log}:\n${complaint.trim()}`);
    }
    await pause(FIRST_PAUSE * 2 ** (attempt - 1));
    await clearLeftBehind(folder, keeper, onProgress);
  }
}

/** Where the keeper was killed, a successor stops the server that it left behind. */
async function stopServer(folder: ServerFolder, keeper: Keeper, pid: number): Promise<void> {
  await keeper.stop();
  if (!isLeftBehind(folder, pid)) return;
  const successor = await claimFolder(folder, () => undefined);
  try {
    await clearLeftBehind(folder, successor, () => undefined);
  } finally {
    await successor.stop();
  }
}
