import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

// npm run test:busy [-- COMMAND …]: `npm test` on a machine that is busy with other things: two loops that never rest,
// at the priority of everything else. They end with it, and with this process.

const LOOPS = 2;
const [command = 'npm', ...args] = process.argv.length > 2 ? process.argv.slice(2) : ['npm', 'test'];

const loops = Array.from({ length: LOOPS }, () => new Worker('for (;;);', { eval: true }));
const child = spawn(command, args, { stdio: 'inherit', env: { LODESTONE_PATIENCE: '2', ...process.env } });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
await Promise.all(loops.map((loop) => loop.terminate()));
process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
