import { CannotDo } from '@foundation/configuration';
import type { Receipt } from '@foundation/eventing';
import {
  cosignedAt,
  keyOf,
  openWitnessedCheckpoint,
  type Policy,
  toBase64,
  TransparencyError,
  verifyTlogProof,
  type VerifierKey,
  type WitnessedCheckpoint,
} from '@foundation/transparency';
import { type HttpLog, LogAnswered } from './log-source.js';
import { verifyBundle } from './verify.js';

/** What became of a promise. */
export type Fate =
  | { readonly fate: 'included'; readonly index: number | null; readonly checkpoint: WitnessedCheckpoint }
  /** The time has passed, and the log does not hold it: it was dropped. */
  | { readonly fate: 'missing'; readonly why: string }
  /** The time has not come. */
  | { readonly fate: 'due'; readonly why: string };

export type FateOfEvent = Fate & { readonly eventId: string };

/**
 * Demands of a log the proof for each event of a receipt.
 *
 * @param now instant at which the log is asked (milliseconds since 1970)
 * @throws TransparencyError for a proof that proves nothing, CannotDo where it is not the log that answers
 */
export const fatesInLog = async (
  { leaves, includeBy }: Receipt,
  log: HttpLog,
  policy: Policy,
  now: number,
  logs: readonly VerifierKey[] = [],
): Promise<FateOfEvent[]> => {
  const fates: FateOfEvent[] = [];
  let isLog = false;
  for (const { eventId, leafHash } of leaves) {
    let proof: string;
    try {
      proof = await log.text(`proof/${Buffer.from(leafHash).toString('hex')}`);
    } catch (error) {
      if (!(error instanceof LogAnswered) || error.status !== 404) throw error;
      isLog ||= await requireLog(log, policy, logs);
      const isDue = now < Date.parse(includeBy);
      const why = isDue
        ? `it has until ${includeBy}`
        : `it was promised by ${includeBy}, and the log has no proof of it`;
      fates.push({ eventId, fate: isDue ? 'due' : 'missing', why });
      continue;
    }
    const checkpoint = verifyTlogProof(proof, leafHash, policy, logs);
    const index = Number(/^index (\d+)$/m.exec(proof)![1]);
    fates.push({ eventId, fate: 'included', index, checkpoint });
  }
  return fates;
};

/** Anybody can lack a proof: only the log itself is accused of it. @throws CannotDo where another answers */
const requireLog = async (log: HttpLog, policy: Policy, logs: readonly VerifierKey[]): Promise<true> => {
  try {
    openWitnessedCheckpoint(policy, await log.checkpoint(), logs);
    return true;
  } catch (cause) {
    if (cause instanceof TransparencyError || cause instanceof LogAnswered)
      throw new CannotDo('What answers there is not the log that the policy names', { cause });
    throw cause;
  }
};

/**
 * Looks the events of a receipt up in a bundle, all of which is verified.
 *
 * @throws BundleRefused
 */
export const fatesInBundle = async (
  { leaves, includeBy }: Receipt,
  file: string,
  policy: Policy,
  logs: readonly VerifierKey[] = [],
): Promise<FateOfEvent[]> => {
  const wanted = new Set(leaves.map(({ leafHash }) => toBase64(leafHash)));
  const found = new Map<string, number>();
  let last: Buffer | null = null;
  const { checkpoint, first, end } = await verifyBundle(file, { policy, logs }, (index, hash, line) => {
    const encoded = toBase64(hash);
    if (wanted.has(encoded)) found.set(encoded, index);
    // Events of other programs do not say when they were recorded.
    if (line.includes(RECORDED_AT)) last = line;
  });
  const isWhole = first === 0 && end === checkpoint.size;
  const time = cosignedLast(checkpoint) ?? recordedAt(last);
  return leaves.map(({ eventId, leafHash }): FateOfEvent => {
    const index = found.get(toBase64(leafHash));
    if (index !== undefined) return { eventId, fate: 'included', index, checkpoint };
    if (!isWhole) return { eventId, fate: 'due', why: 'the bundle does not hold the whole log' };
    if (time < Date.parse(includeBy)) return { eventId, fate: 'due', why: `the bundle is older than ${includeBy}` };
    return {
      eventId,
      fate: 'missing',
      why: `it was promised by ${includeBy}, and the log of ${checkpoint.size} leaves lacks it`,
    };
  });
};

/** When a witness saw the log last, in milliseconds since 1970; undefined where none did. */
const cosignedLast = ({ note, witnesses }: WitnessedCheckpoint): number | undefined => {
  const times = note.verified
    .filter((signature) => witnesses.some(({ key }) => keyOf(key) === keyOf(signature)))
    .map(({ signature }) => Number(cosignedAt(signature)) * 1_000);
  return times.length === 0 ? undefined : Math.max(...times);
};

/** How a leaf of the platform's says it; within a string the quotes would be escaped. */
const RECORDED_AT = '"recordedAt":"';

/** Without witnesses only the log's own leaves tell the time. */
const recordedAt = (line: Buffer | null): number =>
  line === null
    ? -Infinity
    : Date.parse((JSON.parse(line.toString('utf8')) as { leaf: { recordedAt: string } }).leaf.recordedAt);
