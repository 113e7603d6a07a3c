import { crashTest } from '../../apps/event-store/testing/crash.js';
import { undoEverything } from '../support/cleanup.js';
import { folderOnDisk } from '../support/temporary-folder.js';

// npm run test:crash [-- ROUNDS]: kills the event store at random moments under load, 100 times.

const rounds = Number(process.argv[2] ?? 100);
await crashTest(folderOnDisk(), rounds, (line) => console.log(line));
console.log(`${rounds} kills: nothing acknowledged was lost.`);
await undoEverything();
process.exit();
