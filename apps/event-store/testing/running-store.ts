import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { EventStoreDBClient } from '@eventstore/db-client';

import { undoAfterwards } from '../../../test/support/cleanup.js';
import { selfSignedCertificate } from './certificate.js';

/** The built server: specs run against the process users run. */
const MAIN = process.env['EVENT_STORE_MAIN'] ?? resolve('dist/apps/event-store/src/main.js');

/** A server in a process of its own, and the official client to talk to it. */
export class RunningStore {
  readonly #clients: EventStoreDBClient[] = [];

  private constructor(
    readonly process: ChildProcess,
    /** As printed when it was ready, e.g. `esdb://127.0.0.1:2113?tls=false`. */
    readonly url: string,
    readonly certificateFile: string | undefined,
  ) {}

  /** Starts a server on a free port and waits until it listens. @throws Error with what it wrote when it does not start. */
  static async start(
    folder: string,
    options: { tls?: boolean; port?: number; environment?: Record<string, string> } = {},
  ): Promise<RunningStore> {
    const certificateFile = options.tls ? join(folder, 'certificate.pem') : undefined;
    const args = ['--data', folder, '--port', String(options.port ?? 0)];
    if (certificateFile) {
      const keyFile = join(folder, 'key.pem');
      const { certificate, key } = selfSignedCertificate();
      writeFileSync(certificateFile, certificate);
      writeFileSync(keyFile, key);
      args.push('--tls-cert', certificateFile, '--tls-key', keyFile);
    }
    const child = spawn(process.execPath, [MAIN, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.environment },
    });
    undoAfterwards(() => void child.kill('SIGKILL'));
    let output = '';
    let errors = '';
    child.stderr.on('data', (text) => (errors += String(text)));
    await new Promise<void>((ready, failed) => {
      child.stdout.on('data', (text) => {
        output += String(text);
        if (output.includes('\n')) ready();
      });
      child.once('close', (code) => failed(new Error(`The event store ended with ${code}: ${errors}`)));
    });
    const { eventStore } = JSON.parse(output) as { eventStore: string };
    return new RunningStore(child, eventStore, certificateFile);
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** A client of the official package. `user` is `name:password`. It is disposed with the server. */
  client(user = 'admin:changeit', parameters = ''): EventStoreDBClient {
    const address = `esdb://${user && `${user}@`}127.0.0.1:${this.port}`;
    const tls = this.certificateFile ? `tls=true&tlsCAFile=${this.certificateFile}` : 'tls=false';
    const client = EventStoreDBClient.connectionString(`${address}?${tls}${parameters}`);
    this.#clients.push(client);
    return client;
  }

  /** Ends the process and resolves with its exit code, null after a kill. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return this.process.exitCode;
    const closed = once(this.process, 'close') as Promise<[number | null]>;
    this.process.kill(signal);
    const [code] = await closed;
    await Promise.all(this.#clients.map((client) => client.dispose()));
    return code;
  }
}

/** Runs a command of the built program to its end. */
export function runCommand(...args: string[]): { code: number | null; output: string; errors: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });
  return { code: status, output: stdout, errors: stderr };
}

/** All events of a finite read. */
export async function collect<E>(events: AsyncIterable<E>): Promise<E[]> {
  const collected: E[] = [];
  for await (const event of events) collected.push(event);
  return collected;
}
