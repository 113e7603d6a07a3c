import { existsSync } from 'node:fs';

import { asDamage, DamageError, EventTable } from './event-table.js';
import { TOMBSTONE_REVISION } from './event.js';

/** Events read before the caller has a chance to pause. */
const STEP = 512;

/**
 * Reads events from `from` on and checks each: its checksum, its place in the log, its place in its stream, and that
 * the index of streams finds it. Yields after every few hundred the next position to be checked.
 * @throws DamageError naming the first bad position.
 */
export function* verification(table: EventTable, from = 0): Generator<number> {
  let next = from;
  for (let events = table.forward(next, STEP); events.length > 0; events = table.forward(next, STEP)) {
    for (const { position, stream, revision } of events) {
      if (table.positionOf(stream, revision) !== position) {
        throw new DamageError(position, `the index of streams does not find revision ${revision} of '${stream}' there`);
      }
      const follows = revision === 0 || revision === TOMBSTONE_REVISION || table.positionOf(stream, revision - 1);
      if (follows === undefined || (typeof follows === 'number' && follows >= position)) {
        throw new DamageError(position, `revision ${revision - 1} of '${stream}' does not stand before it`);
      }
    }
    next += events.length;
    yield next;
  }
}

/**
 * Checks the events from `from` on, that the file reaches as far as was acknowledged, and, from the first event on,
 * that the index of streams holds nothing else.
 * @param acknowledged last acknowledged position, where it is known.
 * @returns the number of events in the file.
 * @throws DamageError naming the first bad position.
 */
export function verify(table: EventTable, acknowledged = -1, from = 0): number {
  // One view of the file, whatever a writer adds meanwhile.
  table.database.exec('BEGIN');
  let next = from;
  try {
    for (const reached of verification(table, from)) next = reached;
    // More can be there than acknowledged, when the process was killed between the two.
    if (next <= acknowledged) {
      throw new DamageError(next, `the file ends here, but position ${acknowledged} was acknowledged`);
    }
    const entries = from === 0 ? table.indexEntries() : next;
    if (entries !== next) throw new DamageError(next, `the index of streams has ${entries} entries for ${next} events`);
    return next;
  } catch (error) {
    throw asDamage(error, next);
  } finally {
    // A file so damaged that SQLite has given up the view has nothing left to end, and the damage is said already.
    if (table.database.isTransaction) table.database.exec('ROLLBACK');
  }
}

/** @throws DamageError where there is no file, though something in it was acknowledged. */
export function requireFile(file: string, acknowledged: number | undefined): void {
  if (acknowledged !== undefined && !existsSync(file)) {
    throw new DamageError(0, `${file} is missing, but position ${acknowledged} was acknowledged`);
  }
}

/** As {@link verify}, for a file that is not open yet. */
export function verifyFile(file: string, acknowledged?: number): number {
  const table = EventTable.openForReading(file);
  try {
    return verify(table, acknowledged);
  } finally {
    table.close();
  }
}
