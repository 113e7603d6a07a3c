import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { undoAfterwards } from './cleanup.js';

const MEBIBYTE = 2 ** 20;
const BLOCK = 4_096;

/**
 * Mounts a small file system in memory as this folder, until the spec file ends.
 * @returns false where this machine does not permit it: the folder is an ordinary one then
 */
export const mountSmallDisk = (folder: string, mebibytes: number): boolean => {
  mkdirSync(folder, { recursive: true });
  const options = `size=${mebibytes}m,mode=755`;
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status !== 0) return false;
  // Lazily: whoever still works in it has it until then.
  undoAfterwards(() => void spawnSync('umount', ['--lazy', folder]));
  return true;
};

/** Leaves no room on a small disk. @returns what makes room again */
export const fillDisk = (folder: string): (() => void) => {
  const filler = join(folder, 'filler');
  const file = openSync(filler, 'w');
  try {
    for (const size of [MEBIBYTE, BLOCK]) writeUntilFull(file, Buffer.alloc(size));
  } finally {
    closeSync(file);
  }
  return () => rmSync(filler);
};

const writeUntilFull = (file: number, piece: Buffer): void => {
  try {
    for (;;) writeSync(file, piece);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
};
