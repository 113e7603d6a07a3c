import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';

import { eventFileOf } from '../../apps/event-store/src/data-folder.js';
import { EventTable } from '../../apps/event-store/src/event-table.js';
import { genesis, GroupWriter } from '../../apps/event-store/src/group-writer.js';
import { ANY, type WriteRequest } from '../../apps/event-store/src/write-request.js';

const GROUP = 10_000;

/**
 * Records events through the server's own storage code, in groups far larger than clients cause; the server must not run.
 * The events go to `bench-0` … `bench-(streams - 1)` in turn; one in a thousand is of type `Rare`, the rest `Measured`.
 * @param upTo how many events the folder shall hold; those it holds already count.
 * @returns events recorded per second.
 */
export function prefill(folder: string, upTo: number, streams: number, body: Buffer): number {
  mkdirSync(folder, { recursive: true });
  const table = EventTable.openForWriting(eventFileOf(folder));
  const writer = new GroupWriter(table);
  if (writer.last === -1) writer.commit(genesis());
  const bodies = Buffer.concat(Array.from({ length: GROUP }, () => body));
  const first = writer.last + 1;
  const begin = performance.now();
  for (let next = first; next <= upTo; next = writer.last + 1) {
    const size = Math.min(GROUP, upTo - next + 1);
    const requests = Array.from({ length: size }, (_, index) => request(next + index, streams, body.length));
    writer.commit({ requests, bytes: bodies.subarray(0, size * body.length) });
  }
  table.close();
  return Math.round(((upTo - first + 1) / (performance.now() - begin)) * 1000);
}

function request(turn: number, streams: number, dataLength: number): WriteRequest {
  const type = turn % 1_000 === 0 ? 'Rare' : 'Measured';
  const event = { id: randomUUID(), type, isJson: true, metadataLength: 0, dataLength };
  return { kind: 'append', stream: `bench-${turn % streams}`, expected: ANY, deadline: Infinity, events: [event] };
}
