import { parentPort, workerData } from 'node:worker_threads';

import { AcknowledgedMark, eventFileOf } from './data-folder.js';
import { EventTable } from './event-table.js';
import { genesis, GroupWriter } from './group-writer.js';
import type { GroupOutcome, WriteGroup, WriteOutcome } from './write-request.js';

// This thread owns the writing connection, so that a sync of the disk never holds up the thread that serves clients.

/** SQLite result codes, https://sqlite.org/rescode.html */
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;
const SQLITE_IOERR_FSYNC = 1034;

const { folder } = workerData as { folder: string };
const table = EventTable.openForWriting(eventFileOf(folder));
const mark = AcknowledgedMark.open(folder);
const writer = new GroupWriter(table);

function commit(group: WriteGroup): GroupOutcome {
  try {
    const outcomes = writer.commit(group);
    mark.write(writer.last);
    return { outcomes, head: writer.last };
  } catch (error) {
    const code = (error as { errcode?: number }).errcode ?? 0;
    const message = error instanceof Error ? error.message : String(error);
    const outcome: WriteOutcome =
      (code & 0xff) === SQLITE_FULL
        ? {
            kind: 'disk-full',
            message: 'The disk of the event store is full. Make room; nothing of this append was recorded.',
          }
        : { kind: 'failed', message: `The event store could not record the append: ${message}` };
    const answer: GroupOutcome = { outcomes: group.requests.map(() => outcome), head: writer.last };
    // After a failed sync the kernel may have dropped what it could not write: only a restart tells what is on the disk.
    const untrusted =
      code === SQLITE_IOERR_FSYNC || (code & 0xff) === SQLITE_CORRUPT || (code & 0xff) === SQLITE_NOTADB;
    return untrusted || !(error instanceof Error && 'errcode' in error) ? { ...answer, fatal: message } : answer;
  }
}

if (writer.last < 0) commit(genesis());

parentPort?.on('message', (message: WriteGroup | 'close') => {
  if (message === 'close') {
    table.close();
    mark.close();
    parentPort?.close();
  } else {
    parentPort?.postMessage(commit(message));
  }
});
parentPort?.postMessage({ head: writer.last });
