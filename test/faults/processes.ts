import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** File with the number of the event store's process. */
export const eventStorePid = (folder: string): string => join(folder, 'event-store.pid');

/** The programs of a platform, as its launcher calls them, and its stores. */
export const PROGRAMS = ['event store', 'PostgreSQL', 'projector', 'API', 'sequencer'] as const;
export type ProgramName = (typeof PROGRAMS)[number];

/**
 * The process of a program now; of PostgreSQL, the one that starts the others.
 * @param stores folder of the stores
 * @param platform the launcher's data folder
 */
export const processOf = (program: ProgramName, stores: string, platform: string): number => {
  if (program === 'event store') return Number(readFileSync(eventStorePid(stores), 'utf8'));
  if (program === 'PostgreSQL')
    return parseInt(readFileSync(join(stores, 'postgres/server/cluster/postmaster.pid'), 'utf8'));
  const { programs } = JSON.parse(readFileSync(join(platform, 'running.json'), 'utf8')) as {
    programs: Record<string, number>;
  };
  return programs[program]!;
};

/** The processes that a process started and that run still. */
export const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

/** Sends a signal to a process that may have ended. */
export const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};
