import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import type { ServerFolder } from './server-folder.js';

/**
 * The port to listen on: the one asked for, else the one of the last start if it is free, else any free one.
 * @param asked 0 or undefined: none in particular
 * @throws when the port asked for is in use
 */
export async function choosePort(folder: ServerFolder, asked: number | undefined): Promise<number> {
  if (asked) {
    if (await freePort(asked)) return asked;
    throw new Error(
      `PostgreSQL cannot listen on 127.0.0.1:${asked}: the port is in use or not allowed. ` +
        `Stop the program that uses port ${asked}, or ask for another port (0 picks a free one).`,
    );
  }
  const kept = Number.parseInt(readFileSync(folder.port, 'utf8'), 10);
  const port = (kept > 0 && (await freePort(kept))) || (await freePort(0));
  if (!port) throw new Error('PostgreSQL cannot listen on 127.0.0.1: the loopback interface has no free port.');
  return port;
}

/** Answers the port if it can be listened on (0: any that can), else nothing. */
function freePort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen(port, '127.0.0.1', () => {
      const { port: free } = probe.address() as AddressInfo;
      probe.close(() => resolve(free));
    });
  });
}
