import { Log, Watch, watchSettings } from '@adapters/telemetry';
import { count, endingOf, EXIT, readSettings } from '@foundation/configuration';
import { existsSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';

import { backup, restore } from './backup.js';
import { type Command, parseCommandLine, USAGE } from './command-line.js';
import { AcknowledgedMark, eventFileOf, OperatorError } from './data-folder.js';
import { requireFile, verifyFile } from './verification.js';

const asGiven = (text: string): string => text;
const changeit = (): string => 'changeit';
/** Environment of the server; the names and defaults of passwords and keep-alive are EventStoreDB's own. */
const environment = {
  EVENTSTORE_DEFAULT_ADMIN_PASSWORD: { parse: asGiven, secret: true, otherwise: changeit },
  EVENTSTORE_DEFAULT_OPS_PASSWORD: { parse: asGiven, secret: true, otherwise: changeit },
  /** Milliseconds. */
  EVENTSTORE_KEEP_ALIVE_INTERVAL: { parse: count, otherwise: () => 10_000 },
  EVENTSTORE_KEEP_ALIVE_TIMEOUT: { parse: count, otherwise: () => 10_000 },
  ...watchSettings,
};

/** Says what is wrong and ends the process. */
function giveUp(error: unknown): never {
  const { code, message } = endingOf(error);
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

async function main(): Promise<void> {
  // A filter is a client's own regular expression: one that backtracks without end is finished by the linear engine.
  setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
  // What is kept here was released to few: its files are for the account that runs the store, and for no other.
  process.umask(0o077);
  const command = parseCommandLine(process.argv.slice(2));
  switch (command.kind) {
    case 'help':
      return say(USAGE);
    case 'serve':
      return serve(command);
    case 'verify':
      return say(
        `${verifyFolder(command.folder)} events in ${command.folder} are undamaged. Whether they are what was recorded, ` +
          'no checksum tells: npm run auditor -- verify-history.',
      );
    case 'backup':
      return say(`${command.file} holds ${backup(command.folder, command.file)} events, each checked.`);
    case 'restore':
      return say(`${command.folder} holds ${restore(command.file, command.folder)} events, each checked.`);
  }
}

async function serve({ host, port, folder, tls }: Extract<Command, { kind: 'serve' }>): Promise<void> {
  const settings = readSettings(environment, process.env);
  const log = Log.of('event-store', { json: settings.NODE_ENV }).ofProcess();
  // The other commands need no server, and start much faster without its packages.
  const { startServer } = await import('./server.js');
  const server = await startServer({
    host,
    port,
    folder,
    ...(tls && { tls: { certificate: pem(tls.certificate), key: pem(tls.key) } }),
    passwords: {
      admin: settings.EVENTSTORE_DEFAULT_ADMIN_PASSWORD,
      ops: settings.EVENTSTORE_DEFAULT_OPS_PASSWORD,
    },
    keepAlive: {
      interval: settings.EVENTSTORE_KEEP_ALIVE_INTERVAL,
      timeout: settings.EVENTSTORE_KEEP_ALIVE_TIMEOUT,
    },
    onFatal: (message) => {
      log.error('event-store.failed', `The event store stops. ${message}`);
      process.exit(EXIT.UNDECIDED);
    },
  });
  const watch = new Watch({
    log,
    condition: () => ({ isReady: true, parts: { eventStore: 'up' } }),
    dataFolder: folder,
  });
  const metrics = await watch.serve(settings.LODESTONE_METRICS_HOST, settings.LODESTONE_METRICS_PORT);

  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= server.stop().then(() => process.exit(0), giveUp);
  };
  // Not once: a signal that comes twice, from the terminal and from a parent, must not cut the end short.
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // Started as a child: end with the parent, however it ended.
  if (process.send) process.once('disconnect', stop);

  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const address = reachable.includes(':') ? `[${reachable}]` : reachable;
  const eventStore = `esdb://${address}:${server.port}?tls=${tls !== undefined}`;
  say(JSON.stringify({ ready: true, eventStore, ...(metrics && { metrics }) }));
}

/** Reads everything in a folder, whether a server runs on it or not. */
function verifyFolder(folder: string): number {
  const file = eventFileOf(folder);
  const acknowledged = AcknowledgedMark.in(folder);
  requireFile(file, acknowledged);
  if (!existsSync(file)) throw new OperatorError(`There is no event file in ${folder}.`);
  return verifyFile(file, acknowledged);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function pem(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new OperatorError(`Cannot read ${file}: ${String(error)}`);
  }
}

main().catch(giveUp);
