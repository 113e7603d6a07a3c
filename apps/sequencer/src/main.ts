import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { Log, Watch, watchSettings } from '@adapters/telemetry';
import { ALARM_FILE, hold, LogStore, readIfThere, writeDurably } from '@adapters/transparency-log-sqlite';
import {
  answerHelp,
  count,
  eventStoreUrl,
  folder,
  helpOn,
  orExplain,
  port,
  readSettings,
  secret32,
  WrongConfiguration,
} from '@foundation/configuration';
import { EventStoreUnavailable, UnreadableEvents } from '@foundation/eventing';
import {
  formatVerifierKey,
  isKeyName,
  parsePolicy,
  type Policy,
  toBase64,
  TransparencyError,
  type VerifierKey,
} from '@foundation/transparency';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { keptKey } from './kept-key.js';
import { Lag } from './lag.js';
import { serveLog } from './log-server.js';
import { LogRefused } from './log-refused.js';
import { Publisher } from './publisher.js';
import { Sequencer } from './sequencer.js';
import { SignedHead } from './signed-head.js';
import { Standing } from './standing.js';
import { Witness } from './witnesses.js';

/** How often it is looked how far the log is, in milliseconds. */
const LOOK_MS = 5_000;

/** Environment of the sequencer. */
const settings = {
  /** The history. */
  EVENT_STORE_URL: { parse: eventStoreUrl, secret: true },
  /** Folder of the log and its keys. */
  LOG_DATA: { parse: folder },
  /** Port of the log on this machine; 0 picks a free one. */
  LOG_PORT: { parse: port, otherwise: () => 0 },
  /** Address of the log; put TLS before any other than this machine's own. */
  LOG_HOST: { parse: (text: string) => text, otherwise: () => '127.0.0.1' },
  /** Name of the network: the log is `lodestone/<name>`. */
  LODESTONE_NETWORK: {
    parse: (text: string) => {
      if (!isKeyName(text)) throw new Error(`is "${text}"; a name has no spaces and no plus`);
      return text;
    },
    otherwise: () => 'development',
  },
  /** Seconds from one checkpoint to the next, whatever happens. */
  CHECKPOINT_SECONDS: { parse: count, otherwise: () => 5 },
  /** Seconds from the end of one check of the whole history against the log to the beginning of the next. */
  HISTORY_CHECK_SECONDS: { parse: count, otherwise: () => 10 },
  /** C2SP tlog-policy file: who the witnesses are, where they are asked, how many must cosign. */
  LOG_POLICY: { parse: folder, otherwise: () => null },
  /** Opens the leaves; without it one is made and kept in the folder. */
  LOG_AUDITORS_SECRET: { parse: secret32, secret: true, otherwise: () => null },
  /** Opens checkpoints, tiles and proofs; without it these are open to whoever can connect. */
  LOG_WITNESSES_SECRET: { parse: secret32, secret: true, otherwise: () => null },
  ...watchSettings,
};

answerHelp(helpOn('The sequencer makes the verifiable log out of the history, signs it and serves it.', settings));
await orExplain(async () => {
  const values = readSettings(settings, process.env);
  const { EVENT_STORE_URL, LOG_DATA, LOG_PORT, CHECKPOINT_SECONDS, LOG_POLICY } = values;
  if (values.NODE_ENV && values.LOG_WITNESSES_SECRET === null) {
    throw new WrongConfiguration([
      'LOG_WITNESSES_SECRET is not set: in production the size of the log is for witnesses and auditors alone',
    ]);
  }
  const log = Log.of('sequencer', { json: values.NODE_ENV }).ofProcess();
  const origin = `lodestone/${values.LODESTONE_NETWORK}`;
  // Its files are for the account that runs the log, and for no other.
  process.umask(0o077);
  mkdirSync(LOG_DATA, { recursive: true, mode: 0o700 });
  const held = hold(join(LOG_DATA, 'sequencer.lock'));
  if (held === null) {
    throw new WrongConfiguration([`LOG_DATA ${LOG_DATA} is in use by another sequencer; there is one for each log`]);
  }
  const store = LogStore.open(join(LOG_DATA, 'log.db'), origin);
  const signed = new SignedHead(join(LOG_DATA, 'signed-checkpoint'));
  const key = keptKey(join(LOG_DATA, 'log.key'), origin, store.size === 0 && !signed.exists);
  const auditorsSecret = values.LOG_AUDITORS_SECRET ?? keptSecret(join(LOG_DATA, 'auditors.secret'));
  const policy = LOG_POLICY === null ? parsePolicy('quorum none\n') : policyIn(LOG_POLICY, key.verifier);

  let alarm: string | null = null;
  const stop = new AbortController();
  const raise = (error: unknown): void => {
    if (error instanceof TransparencyError) error = new LogRefused(error.message, { cause: error });
    if (!(error instanceof LogRefused)) throw error;
    alarm = error.message;
    writeDurably(join(LOG_DATA, ALARM_FILE), `${alarm}\n`);
    log.error('log.alarm', `ALARM the log is not continued. ${alarm}`);
    stop.abort();
  };

  const patienceMs = Math.max(500, CHECKPOINT_SECONDS * 500);
  const publisher = new Publisher({
    store,
    key,
    signed,
    policy,
    witnesses: policy.witnesses.flatMap(({ url, ...witness }) =>
      url === undefined ? [] : [new Witness({ ...witness, url }, patienceMs)],
    ),
    onWitnessSilent: (name, reason) =>
      log.warn('witness.silent', `the witness ${name} did not cosign`, { why: messageOf(reason) }),
  });
  const history = new EventStoreDbEventStore(EVENT_STORE_URL);
  const caughtUp = Promise.withResolvers<void>();
  // What was found before is found again, or mended: the whole history has been gone through by then.
  void caughtUp.promise.then(() => rmSync(join(LOG_DATA, ALARM_FILE), { force: true }));
  const unreadable = new UnreadableEvents((sentence) => log.error('history.unreadable', sentence));
  const standing = new Standing(publisher, unreadable, () => alarm);
  const sequencer = new Sequencer(history, store, {
    caughtUp: () => {
      standing.caughtUp();
      caughtUp.resolve();
    },
    unreadable: (event) => unreadable.note(event),
    interrupted: (reason) => {
      standing.interrupted();
      log.warn('store.silent', 'the event store does not answer, trying again', { why: messageOf(reason) });
    },
    checked: () => standing.checked(),
  });
  const entered = new Lag<bigint>();
  const published = new Lag<number>();
  const { server, url } = await serveLog(
    {
      store,
      publisher,
      key: key.verifier,
      operatorLog: log,
      auditorsSecret,
      witnessesSecret: values.LOG_WITNESSES_SECRET,
      alarm: () => alarm,
      history: () => unreadable.state,
      isBehind: () => entered.isBehind || published.isBehind,
    },
    values.LOG_HOST,
    LOG_PORT,
  );
  writeFileSync(
    join(LOG_DATA, 'policy'),
    `# Who is trusted; see docs/how-to/audit.md.\nlog ${formatVerifierKey(key.verifier)} ${url}\nquorum none\n`,
  );

  const watch = new Watch({ log, condition: () => standing.condition(), dataFolder: LOG_DATA });
  standing.tellTo(watch);
  const metrics = await watch.serve(values.LODESTONE_METRICS_HOST, values.LODESTONE_METRICS_PORT);

  let ending = false;
  const end = (): void => {
    ending = true;
    stop.abort();
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, end);
  const following = publisher
    .requireExtension(store.size)
    .then(() => sequencer.run(stop.signal))
    .catch(raise);
  const signing = caughtUpOr(caughtUp.promise, stop.signal)
    .then(() => publishAtCadence(publisher, CHECKPOINT_SECONDS * 1_000, stop.signal))
    .catch(raise);
  const watching = caughtUpOr(caughtUp.promise, stop.signal)
    .then(() => sequencer.watch(stop.signal, values.HISTORY_CHECK_SECONDS * 1_000))
    .catch(raise);
  const looking = lookAt(stop.signal, async () => {
    published.look(store.size, publisher.published?.size ?? 0);
    entered.look(await history.latest(), store.position);
  });
  await Promise.race([caughtUp.promise, following, signing]);
  const vkey = formatVerifierKey(key.verifier);
  if (!ending) console.log(JSON.stringify({ ready: true, log: url, origin, vkey, ...(metrics && { metrics }) }));

  await Promise.all([following, signing, watching, looking]);
  // With an alarm, what was published is still served, and /health tells why there is no more.
  if (alarm !== null && !ending) await endAsked();
  server.closeAllConnections();
  server.close();
  await history.close();
  store.close();
  held.release();
  process.exit(0);
});

/** Looks now and then. That the event store is away is told by whoever follows it; what was due stays due. */
async function lookAt(signal: AbortSignal, look: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await look().catch((error: unknown) => {
      if (!(error instanceof EventStoreUnavailable)) throw error;
    });
    await pause(LOOK_MS, null, { signal }).catch(() => undefined);
  }
}

/** Ticks stand on a grid that no activity moves; one that could not be kept is left out. */
async function publishAtCadence(publisher: Publisher, everyMs: number, signal: AbortSignal): Promise<void> {
  const start = performance.now();
  while (!signal.aborted) {
    await publisher.publish();
    const untilNext = everyMs - ((performance.now() - start) % everyMs);
    await pause(untilNext, null, { signal }).catch(() => undefined);
  }
}

/** A rolled back history must be noticed before the first signature, and a log that lags not be signed as if it were whole. */
async function caughtUpOr(caughtUp: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => aborted.resolve(), { once: true });
  await Promise.race([caughtUp, aborted.promise]);
}

async function endAsked(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(signal, () => resolve());
  });
}

function messageOf(reason: unknown): unknown {
  return reason instanceof Error ? reason.message : reason;
}

function keptSecret(file: string): string {
  const kept = readIfThere(file)?.trim();
  if (kept) return kept;
  const made = toBase64(randomBytes(32));
  writeDurably(file, `${made}\n`);
  return made;
}

function policyIn(file: string, key: VerifierKey): Policy {
  try {
    const policy = parsePolicy(readFileSync(file));
    const other = policy.logs.find((log) => formatVerifierKey(log.key) !== formatVerifierKey(key));
    if (other)
      throw new Error(`it names the log ${formatVerifierKey(other.key)}, and this one is ${formatVerifierKey(key)}`);
    return policy;
  } catch (error) {
    throw new WrongConfiguration([`LOG_POLICY ${file} cannot be used: ${(error as Error).message}`]);
  }
}
