import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { undoAfterwards } from './cleanup.js';

const make = (parent: string): string => {
  const folder = mkdtempSync(join(parent, 'lodestone-test-'));
  undoAfterwards(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** A fresh folder, perhaps in memory, taken away after the spec file. */
export const temporaryFolder = (): string => make(tmpdir());

/** The same on a disk, for what is kept there whatever happens. */
export const folderOnDisk = (): string => make(process.env['LODESTONE_DISK'] ?? tmpdir());
