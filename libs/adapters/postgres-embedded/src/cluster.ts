import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Binaries } from './binaries.js';
import type { Keeper } from './keeper-channel.js';
import type { Program } from './keeper.js';
import { ownFile, type ServerFolder } from './server-folder.js';

export const DATABASE = 'lodestone';
export const OWNER = 'lodestone_owner';

/** A first start works in a folder of this prefix, and renames it to `server` when it is complete. */
const UNFINISHED = 'unfinished-';

/**
 * Makes the database cluster with its database and owner role, unless it exists.
 *
 * The superuser of the cluster has no password and there is no socket: nobody can be it once this is over. The owner
 * role makes further roles, but row-level security holds for it as for them.
 * @throws with what the failing program said; a half-made cluster is never used
 */
export async function createCluster(folder: ServerFolder, binaries: Binaries, keeper: Keeper): Promise<void> {
  for (const name of readdirSync(folder.path)) {
    if (name.startsWith(UNFINISHED)) rmSync(join(folder.path, name), { recursive: true, force: true, maxRetries: 10 });
  }
  const server = join(folder.path, `${UNFINISHED}${randomBytes(6).toString('hex')}`);
  const unfinished: ServerFolder = {
    ...folder,
    server,
    cluster: join(server, 'cluster'),
    password: join(server, 'password'),
  };
  mkdirSync(server, { mode: 0o711 });
  mkdirSync(unfinished.cluster, { mode: 0o700 });
  if (folder.owner) chownSync(server, folder.owner.uid, folder.owner.gid);
  if (folder.account) chownSync(unfinished.cluster, folder.account.uid, folder.account.gid);

  const password = randomBytes(24).toString('base64url');
  ownFile(folder, unfinished.password);
  writeFileSync(unfinished.password, password, { flush: true });

  const where = ['-D', clusterArgument(unfinished)];
  const make = [
    ...['--username=postgres', '--auth-local=reject', '--auth-host=scram-sha-256', '--no-instructions'],
    ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--data-checksums'],
  ];
  await finish(keeper, programOf(unfinished, binaries.initdb, [...where, ...make]), '');
  // The single-user mode takes one statement a line.
  const statements = [
    `CREATE ROLE ${OWNER} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB CREATEROLE PASSWORD '${password}'`,
    `CREATE DATABASE ${DATABASE} OWNER ${OWNER}`,
  ];
  const singleUser = ['--single', ...where, '-c', 'exit_on_error=on', 'template1'];
  await finish(keeper, programOf(unfinished, binaries.postgres, singleUser), `${statements.join('\n')}\n`);

  renameSync(server, folder.server);
  syncFolder(folder.path);
}

export function clusterExists(folder: ServerFolder): boolean {
  return existsSync(folder.server);
}

/** The PostgreSQL server on this cluster, as a program to run. */
export function serverProgram(folder: ServerFolder, binaries: Binaries, port: number): Program {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '60',
    shared_buffers: '128MB',
    fsync: 'on',
    wal_level: 'minimal',
    max_wal_senders: '0',
    // Parallel queries need more shared memory than a container usually grants (64 MB of /dev/shm).
    max_parallel_workers_per_gather: '0',
    huge_pages: 'off',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // A statement may carry what a country disclosed to a few; the log is no place for it.
    log_min_error_statement: 'panic',
    ...marker(folder),
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return programOf(folder, binaries.postgres, ['-D', clusterArgument(folder), ...args]);
}

/** A setting without effect, by which a process is known as the server of this folder. */
export function marker(folder: ServerFolder): { 'lodestone.folder': string } {
  return { 'lodestone.folder': folder.path };
}

function programOf(folder: ServerFolder, file: string, args: string[]): Program {
  return { file, args, workingFolder: folder.cluster, ...(folder.account && { account: folder.account }) };
}

/** Under another account the way to the folder may be barred (a 0700 home); a process's own working folder never is. */
function clusterArgument({ account, cluster }: ServerFolder): string {
  return account && process.platform === 'linux' ? '/proc/self/cwd' : cluster;
}

async function finish(keeper: Keeper, program: Program, input: string): Promise<void> {
  const { done, said } = await keeper.ask({ name: 'run', program, input });
  if (!done) throw new Error(`The PostgreSQL cluster could not be made: ${program.file} said: ${said.trim()}`);
}

/** Makes a rename survive a power cut. Windows has no such call for folders. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  fsyncSync(folder);
  closeSync(folder);
}
