import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

import { eventFileOf } from './data-folder.js';
import { EventTable } from './event-table.js';
import { verification } from './verification.js';

// Checks a file that is too large to be checked before the server starts, slowly enough not to disturb it.

const PAUSE_MS = 100;

const { folder } = workerData as { folder: string };
const table = EventTable.openForReading(eventFileOf(folder));
try {
  for (const _ of verification(table)) await pause(PAUSE_MS);
} catch (error) {
  parentPort?.postMessage(error instanceof Error ? error.message : String(error));
} finally {
  table.close();
}
