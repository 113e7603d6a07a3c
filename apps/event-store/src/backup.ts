import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { AcknowledgedMark, eventFileOf, holdFolder, OperatorError } from './data-folder.js';
import { asDamage, DamageError } from './event-table.js';
import { verifyFile } from './verification.js';

/**
 * Writes a consistent copy of a folder's events to `file`, whether a server runs on the folder or not, and checks it.
 * @returns the number of events in the copy.
 * @throws OperatorError when there is nothing to copy or `file` exists, DamageError when the copy is bad.
 */
export function backup(folder: string, file: string): number {
  requireAbsent(file);
  const source = eventFileOf(folder);
  if (!existsSync(source))
    throw new OperatorError(`There is no event file ${source}. Name the data folder with --data.`);
  return throughTemporary(file, (temporary) => {
    const database = new DatabaseSync(source, { readOnly: true, timeout: 10_000 });
    try {
      database.prepare('VACUUM INTO ?').run(temporary);
    } catch (error) {
      throw asDamage(error, undefined);
    } finally {
      database.close();
    }
  });
}

/**
 * Brings a backup up in a folder that holds no events yet, and checks it before.
 * @returns the number of events.
 * @throws OperatorError when the folder is in use or not empty, DamageError when the backup is bad.
 */
export function restore(file: string, folder: string): number {
  if (!existsSync(file)) throw new OperatorError(`There is no backup ${file}. Name it with --from.`);
  const hold = holdFolder(folder);
  try {
    for (const suffix of ['', '-wal', '-shm']) requireAbsent(eventFileOf(folder) + suffix);
    const events = throughTemporary(eventFileOf(folder), (temporary) =>
      copyFileSync(file, temporary, constants.COPYFILE_EXCL),
    );
    const mark = AcknowledgedMark.open(folder);
    mark.write(events - 1);
    mark.close();
    return events;
  } finally {
    hold.release();
  }
}

/** Folders in which a file is written until it is whole begin like this. */
const UNFINISHED = '.unfinished-';

/**
 * A file appears under its name only when it is whole, checked and synced. Until then it has a random name in a folder
 * for this account alone. What a run that was killed left behind is removed by the next one beside it.
 *
 * @throws OperatorError where the place cannot be written to.
 */
function throughTemporary(file: string, write: (temporary: string) => void): number {
  const place = dirname(resolve(file));
  let own: string | undefined;
  try {
    removeUnfinished(place);
    own = mkdtempSync(join(place, UNFINISHED));
    const hold = holdFolder(own);
    try {
      const temporary = join(own, 'events.db');
      write(temporary);
      sync(temporary);
      const events = verifyFile(temporary);
      renameSync(temporary, file);
      sync(place);
      return events;
    } finally {
      hold.release();
    }
  } catch (cause) {
    if (cause instanceof OperatorError || cause instanceof DamageError) throw cause;
    throw new OperatorError(`${file} could not be written`, { cause });
  } finally {
    if (own) rmSync(own, { recursive: true, force: true });
  }
}

/** Removes what killed runs left; the folder of one that runs is held by it. */
function removeUnfinished(place: string): void {
  for (const name of readdirSync(place)) {
    if (!name.startsWith(UNFINISHED)) continue;
    const folder = join(place, name);
    try {
      holdFolder(folder).release();
    } catch {
      continue;
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

function requireAbsent(file: string): void {
  if (existsSync(file))
    throw new OperatorError(`${file} exists and is not overwritten. Move it away or choose another.`);
}
