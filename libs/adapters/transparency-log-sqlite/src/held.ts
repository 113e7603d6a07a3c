import { DatabaseSync } from 'node:sqlite';

/** What is held until it is released or its process ends, however it ends. */
export type Held = { release(): void };

/**
 * Holds a name against every other process. Node has no file lock of its own; SQLite's is the kernel's.
 *
 * @param file lock file, made where it is missing
 * @returns null where another process holds it
 */
export const hold = (file: string): Held | null => {
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    lock.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
    return { release: () => lock.close() };
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return null;
    throw error;
  }
};

/** https://sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;
