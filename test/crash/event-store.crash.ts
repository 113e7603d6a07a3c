import { crashTest } from '../../apps/event-store/testing/crash.js';
import { removeTemporaryFolders, temporaryFolder } from '../../apps/event-store/testing/running-store.js';

// npm run test:crash [-- ROUNDS]: kills the event store at random moments under load, 100 times.

const rounds = Number(process.argv[2] ?? 100);
await crashTest(temporaryFolder(), rounds, (line) => console.log(line));
console.log(`${rounds} kills: nothing acknowledged was lost.`);
removeTemporaryFolders();
process.exit();
