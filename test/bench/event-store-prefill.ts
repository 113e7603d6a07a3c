import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';

import { eventFileOf } from '../../apps/event-store/src/data-folder.js';
import { EventTable } from '../../apps/event-store/src/event-table.js';
import { genesis, GroupWriter } from '../../apps/event-store/src/group-writer.js';

const GROUP = 50_000;
const EMPTY = new Uint8Array();

/**
 * Records events through the server's own table, in transactions far larger than clients cause; the server must not run.
 * The events go to `bench-0` … `bench-(streams - 1)` in turn; one in a thousand is of type `Rare`, the rest `Measured`.
 * @param upTo how many events the folder shall hold; those it holds already count.
 * @returns events recorded per second.
 */
export function prefill(folder: string, upTo: number, streams: number, data: Buffer): number {
  mkdirSync(folder, { recursive: true });
  const table = EventTable.openForWriting(eventFileOf(folder));
  if (table.lastPosition() === -1) new GroupWriter(table).commit(genesis());
  // Nothing of this is to survive a power cut, and the index outgrows the server's own cache.
  table.database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -1048576');
  const first = table.lastPosition() + 1;
  const begin = performance.now();
  const revisions = Int32Array.from({ length: streams }, (_, index) => table.lastRevision(`bench-${index}`));
  for (let position = first; position <= upTo; position += 1) {
    if ((position - first) % GROUP === 0) table.database.exec(position === first ? 'BEGIN' : 'COMMIT; BEGIN');
    const index = position % streams;
    const revision = (revisions[index] ?? -1) + 1;
    revisions[index] = revision;
    const type = position % 1_000 === 0 ? 'Rare' : 'Measured';
    const event = { id: randomUUID(), type, isJson: true, created: Date.now(), metadata: EMPTY, data };
    table.insert({ ...event, position, stream: `bench-${index}`, revision });
  }
  if (first <= upTo) table.database.exec('COMMIT');
  table.close();
  return Math.round((Math.max(0, upTo - first + 1) / (performance.now() - begin)) * 1000);
}
