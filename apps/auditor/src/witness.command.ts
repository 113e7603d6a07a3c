import { CannotDo, WrongUsage } from '@foundation/configuration';
import { hold, readIfThere, writeDurably } from '@adapters/transparency-log-sqlite';
import {
  COSIGNATURE_V1,
  formatAddCheckpoint,
  formatSignerKey,
  formatVerifierKey,
  parseCheckpoint,
  parseSignatureLines,
  parseSignedNote,
  parseSignerKey,
  parseVerifierKey,
  signNote,
  type SignerKey,
  TransparencyError,
  type VerifierKey,
} from '@foundation/transparency';
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Command, countOf, EXIT, policyOf, readOptions, secretOf } from './command.js';
import { HttpLog, LogAnswered } from './log-source.js';
import { WitnessOfLog } from './witness.js';
import { serveWitness } from './witness-server.js';

const POLL_SECONDS = 5;

export const witness: Command = {
  summary: 'follows a log, cosigns whatever extends all it has seen, and raises an alarm at anything else',
  usage:
    '--log URL --key FILE [--name NAME] [--policy FILE | --log-key VKEY] [--secret-file FILE]\n' +
    '           [--state FILE] [--port PORT [--host HOST]] [--every SECONDS]\n' +
    '           --key          signer key, made where it is missing, with the name given by --name\n' +
    '           --log-key      key of the log; left out, the one that it answers first is kept and held to\n' +
    '           --state        what was cosigned last (the key file with .state)\n' +
    '           --port         serves POST /add-checkpoint too, for logs that ask by themselves',
  async run(args) {
    const options = readOptions(
      args,
      ['log', 'key'],
      ['name', 'policy', 'log-key', 'secret-file', 'state', 'port', 'host', 'every'],
    );
    const everyMs = (countOf('every', options.every) ?? POLL_SECONDS) * 1_000;
    const port = countOf('port', options.port);
    if (port !== undefined && port > 65_535) throw new WrongUsage(`--port is ${port}, which is no port.`);
    const state = options.state ?? `${options.key}.state`;
    const held = hold(`${state}.lock`);
    if (held === null) throw new CannotDo(`${state} is in use by another witness: two would cosign two histories.`);
    const stop = new AbortController();
    for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, () => stop.abort());

    const key = keptKey(options.key, options.name);
    const log = new HttpLog(options.log, secretOf(options['secret-file']));
    const logKey = await keyOfLog(log, options.policy, options['log-key'], `${state}.log`);
    const cosigner = openedWitness(logKey, key, state);
    const served = port === undefined ? null : await serveWitness(cosigner, port, options.host ?? '127.0.0.1');
    const vkey = formatVerifierKey(key.verifier);
    console.log(JSON.stringify({ ready: true, vkey, log: formatVerifierKey(logKey), witness: served?.url ?? null }));

    const alarm = await follow(log, cosigner, everyMs, stop.signal);
    // Listening for the end of a parent must not keep a witness alive that is done.
    process.channel?.unref();
    served?.server.closeAllConnections();
    served?.server.close();
    held.release();
    return alarm ? EXIT.REFUTED : EXIT.GOOD;
  },
};

/** @returns whether the log was caught; it is looked at no further then */
const follow = async (log: HttpLog, cosigner: WitnessOfLog, everyMs: number, signal: AbortSignal): Promise<boolean> => {
  while (!signal.aborted) {
    try {
      await cosignOnce(log, cosigner);
    } catch (error) {
      if (error instanceof LogCaught) {
        console.error(`ALARM ${error.message}`);
        return true;
      }
      if (!(error instanceof CannotDo)) throw error;
      console.error(error.message);
    }
    await pause(everyMs, null, { signal }).catch(() => undefined);
  }
  return false;
};

/** The log showed what contradicts what it showed before. */
export class LogCaught extends Error {
  override readonly name = 'LogCaught';
}

/**
 * Cosigns the newest checkpoint of a log and brings the cosignature to it.
 *
 * @throws LogCaught for a checkpoint that does not extend what was cosigned; CannotDo where the log does not answer
 */
export const cosignOnce = async (log: HttpLog, cosigner: WitnessOfLog): Promise<void> => {
  const note = await log.pending();
  const { text, signatures } = parsed(note);
  const { size } = parseCheckpoint(text);
  const known = cosigner.size;
  if (size < known) {
    throw new LogCaught(
      `The log shows ${size} leaves, and ${known} were cosigned: it was rolled back, or an old checkpoint replayed.`,
    );
  }
  const proof = await proofOf(log, known, size);
  const { status, body } = cosigner.answer(formatAddCheckpoint({ oldSize: known, proof, checkpoint: note }));
  if (status === 409) {
    // The log asked by itself meanwhile; or it shows two trees of one size.
    if (cosigner.size !== known) return;
    throw new LogCaught(`The log shows two different trees of ${size} leaves: it has forked.`);
  }
  if (status !== 200) {
    throw new LogCaught(
      `The log's checkpoint of ${size} leaves does not extend the ${known} that were cosigned. ${body.trim()}`,
    );
  }
  await log.submit(signNote(text, [], [...signatures, ...parseSignatureLines(body)])).catch((error: unknown) => {
    // It moved on, or it does not count this witness, or it takes no cosignatures: what was seen is kept all the same.
    if (!(error instanceof LogAnswered)) throw error;
  });
};

const proofOf = async (log: HttpLog, known: number, size: number) => {
  try {
    return await log.consistency(known, size);
  } catch (error) {
    // A log that cannot prove what it signed is caught; one that does not answer may do so later.
    if (error instanceof LogAnswered && error.status < 500 && error.status !== 401) {
      throw new LogCaught(
        `The log has no proof that its ${size} leaves extend the ${known} that were cosigned. ${error.message}`,
      );
    }
    throw error;
  }
};

const parsed = (note: string) => {
  try {
    return parseSignedNote(note);
  } catch (error) {
    if (error instanceof TransparencyError) throw new CannotDo(`The log's checkpoint cannot be read. ${error.message}`);
    throw error;
  }
};

const keyIn = <Key>(where: string, parse: () => Key): Key => {
  try {
    return parse();
  } catch (cause) {
    throw new CannotDo(`${where} holds no key that can be used`, { cause });
  }
};

const keptKey = (file: string, name: string | undefined): SignerKey => {
  const kept = readIfThere(file);
  if (kept !== undefined) {
    const key = keyIn(file, () => parseSignerKey(kept.trim()));
    if (key.type !== COSIGNATURE_V1) throw new CannotDo(`${file} is no key of a witness (type ${key.type}).`);
    return key;
  }
  if (name === undefined)
    throw new WrongUsage(`${file} does not exist; give --name to make a key, such as witness.example.org/jp`);
  writeDurably(file, `${formatSignerKey(name, COSIGNATURE_V1, randomBytes(32))}\n`);
  return keptKey(file, name);
};

/** The log's key: as it is given, or as it was at the first contact. */
const keyOfLog = async (
  log: HttpLog,
  policy: string | undefined,
  vkey: string | undefined,
  file: string,
): Promise<VerifierKey> => {
  if (vkey !== undefined) return keyIn('--log-key', () => parseVerifierKey(vkey));
  const named = policy === undefined ? [] : policyOf(policy).logs;
  if (named.length === 1) return named[0]!.key;
  if (named.length > 1) throw new WrongUsage('The policy names several logs; say which by --log-key.');
  const kept = readIfThere(file);
  if (kept !== undefined) return keyIn(file, () => parseVerifierKey(kept.trim()));
  const answered = (await log.text('log.vkey')).trim();
  const first = keyIn('What the log answered', () => parseVerifierKey(answered));
  writeDurably(file, `${formatVerifierKey(first)}\n`);
  console.error(
    `The log's key is kept as it answered it: ${formatVerifierKey(first)}. Compare it with the one that its operator gave you.`,
  );
  return first;
};

const openedWitness = (log: VerifierKey, key: SignerKey, state: string): WitnessOfLog => {
  try {
    return new WitnessOfLog(log, key, state, undefined, ({ origin, size }) =>
      console.error(`${new Date().toISOString()}  cosigned ${size} leaves of ${origin}`),
    );
  } catch (error) {
    if (error instanceof TransparencyError) {
      throw new CannotDo(
        `${state} is not what this witness kept of ${log.name}: ${error.message} Bring it back from a backup; without it the witness would forget what it has seen.`,
      );
    }
    throw error;
  }
};
