import { readFileSync } from 'node:fs';

import { parseCommandLine, UsageError } from './command-line.js';
import { OperatorError } from './data-folder.js';
import { DamageError } from './event-table.js';
import { startServer } from './server.js';

/** Says what is wrong and ends the process: 2 for a wrong command line, 1 for anything else. */
function giveUp(error: unknown): never {
  const foreseen = error instanceof UsageError || error instanceof OperatorError || error instanceof DamageError;
  process.stderr.write(`${foreseen ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(error instanceof UsageError ? 2 : 1);
}

async function main(): Promise<void> {
  const command = parseCommandLine(process.argv.slice(2));
  const server = await startServer({
    host: command.host,
    port: command.port,
    folder: command.folder,
    ...(command.tls && {
      tls: { certificate: pem(command.tls.certificate), key: pem(command.tls.key) },
    }),
    // EventStoreDB's own variables and defaults.
    passwords: {
      admin: process.env['EVENTSTORE_DEFAULT_ADMIN_PASSWORD'] ?? 'changeit',
      ops: process.env['EVENTSTORE_DEFAULT_OPS_PASSWORD'] ?? 'changeit',
    },
    onFatal: (message) => giveUp(new OperatorError(`The event store stops: ${message}`)),
  });

  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= server.stop().then(() => process.exit(0), giveUp);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // Started as a child: end with the parent, however it ended.
  if (process.send) process.once('disconnect', stop);

  const host = command.host === '0.0.0.0' || command.host === '::' ? '127.0.0.1' : command.host;
  const address = host.includes(':') ? `[${host}]` : host;
  const eventStore = `esdb://${address}:${server.port}?tls=${command.tls !== undefined}`;
  process.stdout.write(`${JSON.stringify({ ready: true, eventStore })}\n`);
}

function pem(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new OperatorError(`Cannot read ${file}: ${String(error)}`);
  }
}

main().catch(giveUp);
