import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { marker } from './cluster.js';
import type { Keeper } from './keeper-channel.js';
import type { ServerFolder } from './server-folder.js';

/**
 * Clears what a killed keeper left in a folder which this keeper has claimed: stops its server, or removes its
 * postmaster.pid when that number now belongs to another process (PostgreSQL would take it for a server).
 * @throws when the server does not end
 */
export async function clearLeftBehind(
  folder: ServerFolder,
  keeper: Keeper,
  onProgress: (step: string) => void,
): Promise<void> {
  const pidFile = join(folder.cluster, 'postmaster.pid');
  const pid = pidIn(pidFile);
  // Windows does not tell a process's command line without further programs: there PostgreSQL's own check decides.
  if (pid === undefined || process.platform === 'win32') return;
  const command = commandOf(pid);
  if (command === undefined) return;
  if (!isServerOf(folder, command)) {
    rmSync(pidFile, { force: true });
    return;
  }
  onProgress(`stopping the PostgreSQL server that an earlier run left behind (process ${pid})`);
  const { done, said } = await keeper.ask({ name: 'end', pid });
  if (!done) throw new Error(`A PostgreSQL server still holds ${folder.path}: ${said} End it by hand and start again.`);
}

/** Whether this process is a server of this folder that still runs. */
export function isLeftBehind(folder: ServerFolder, pid: number): boolean {
  const command = commandOf(pid);
  return command !== undefined && isServerOf(folder, command);
}

function isServerOf(folder: ServerFolder, command: string): boolean {
  return Object.entries(marker(folder)).every(([name, value]) => command.includes(`${name}=${value}`));
}

function pidIn(pidFile: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** The command line of a process, empty for one that has ended but still has its number; nothing if there is none. */
function commandOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return undefined;
  }
}
