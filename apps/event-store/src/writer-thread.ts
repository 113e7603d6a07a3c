import { statSync } from 'node:fs';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';

import { AcknowledgedMark, eventFileOf } from './data-folder.js';
import { DamageError, EventTable, SQLITE_CORRUPT, SQLITE_NOTADB } from './event-table.js';
import { genesis, GroupWriter } from './group-writer.js';
import { requireFile, verify } from './verification.js';
import type { GroupOutcome, Opening, WriteGroup, WriteOutcome, WriteRequest } from './write-request.js';

// This thread owns the writing connection, so that a sync of the disk never holds up the thread that serves clients.

/** SQLite result codes, https://sqlite.org/rescode.html */
const SQLITE_FULL = 13;
const SQLITE_IOERR_FSYNC = 1034;

const { folder } = workerData as { folder: string };

/** Up to this size the whole file is checked before anyone is served; of a larger one the end, the rest while it serves. */
const CHECKED_AT_START_BYTES = 64 * 1024 * 1024;
const CHECKED_AT_START_EVENTS = 20_000;

/** Opens the file and checks it. The mark is read before anything is written. */
function open(): { table: EventTable; mark: AcknowledgedMark; large: boolean } {
  const file = eventFileOf(folder);
  const mark = AcknowledgedMark.open(folder);
  const acknowledged = mark.read();
  requireFile(file, acknowledged);
  const table = EventTable.openForWriting(file);
  const large = statSync(file).size > CHECKED_AT_START_BYTES;
  verify(table, acknowledged, large ? Math.max(0, table.lastPosition() - CHECKED_AT_START_EVENTS) : 0);
  return { table, mark, large };
}

function commit(writer: GroupWriter, mark: AcknowledgedMark, group: WriteGroup): GroupOutcome {
  try {
    const outcomes = writer.commit(group);
    mark.write(writer.last);
    return { outcomes, head: writer.last };
  } catch (error) {
    const code = (error as { errcode?: number }).errcode ?? 0;
    const message = error instanceof Error ? error.message : String(error);
    const isFull = (code & 0xff) === SQLITE_FULL;
    const outcomeOf = ({ kind }: WriteRequest): WriteOutcome => {
      const asked = kind === 'append' ? 'append' : 'delete';
      return isFull
        ? {
            kind: 'disk-full',
            message: `The disk of the event store is full. Make room; nothing of this ${asked} was recorded.`,
          }
        : { kind: 'failed', message: `The event store could not record the ${asked}: ${message}` };
    };
    const answer: GroupOutcome = { outcomes: group.requests.map(outcomeOf), head: writer.last };
    // After a failed sync the kernel may have dropped what it could not write: only a restart tells what is on the disk.
    const untrusted =
      code === SQLITE_IOERR_FSYNC || (code & 0xff) === SQLITE_CORRUPT || (code & 0xff) === SQLITE_NOTADB;
    return untrusted || !(error instanceof Error && 'errcode' in error) ? { ...answer, fatal: message } : answer;
  }
}

function serve(port: MessagePort): void {
  const { table, mark, large } = open();
  const writer = new GroupWriter(table);
  if (writer.last < 0) commit(writer, mark, genesis());
  port.on('message', (message: WriteGroup | 'close') => {
    if (message === 'close') {
      table.close();
      mark.close();
      port.close();
    } else {
      port.postMessage(commit(writer, mark, message));
    }
  });
  port.postMessage({ kind: 'ready', head: writer.last, large } satisfies Opening);
}

if (parentPort) {
  try {
    serve(parentPort);
  } catch (error) {
    if (!(error instanceof DamageError)) throw error;
    const { position, reason } = error;
    parentPort.postMessage({ kind: 'damaged', position, reason } satisfies Opening);
  }
}
