import {
  type Checkpoint,
  cosignedAt,
  EMPTY_ROOT,
  type Hash,
  keyOf,
  openWitnessedCheckpoint,
  type Policy,
  quorumMet,
  TransparencyError,
  type VerifierKey,
  type WitnessedCheckpoint,
} from '@foundation/transparency';
import { BundleRefused } from './bundle-refused.js';

export type Trust = {
  readonly policy: Policy;
  /** Keys of logs, for a policy that names none. */
  readonly logs?: readonly VerifierKey[];
  /** A checkpoint that the auditor has from before: the log must extend it. */
  readonly known?: Checkpoint;
  /** The quorum must have cosigned at this time or later (seconds since 1970). */
  readonly cosignedAfter?: number;
};

/**
 * Opens a checkpoint that is to prove a bundle: signed by the log, cosigned by the quorum, no older than the auditor
 * knows, and of the same tree where it is of the same size.
 *
 * @throws BundleRefused
 */
export const openTrusted = (note: string, trust: Trust): WitnessedCheckpoint => {
  const opened = witnessed(note, trust);
  if (opened.size === 0 && !isEmptyTree(opened)) {
    throw new BundleRefused(
      'CHECKPOINT_REFUSED',
      'The checkpoint of a log without leaves has another root than the empty tree.',
    );
  }
  if (trust.known) requireNotBehind(opened, trust.known);
  if (trust.cosignedAfter !== undefined) requireCosignedAfter(opened, trust.policy, trust.cosignedAfter);
  return opened;
};

const witnessed = (note: string, { policy, logs }: Trust): WitnessedCheckpoint => {
  try {
    return openWitnessedCheckpoint(policy, note, logs);
  } catch (error) {
    if (!(error instanceof TransparencyError)) throw error;
    throw new BundleRefused('CHECKPOINT_REFUSED', `The checkpoint is refused. ${error.message}`);
  }
};

const requireNotBehind = (opened: WitnessedCheckpoint, known: Checkpoint): void => {
  if (known.origin !== opened.origin) {
    throw new BundleRefused(
      'CHECKPOINT_REFUSED',
      `The known checkpoint is of ${known.origin}, this one of ${opened.origin}.`,
    );
  }
  if (known.size > opened.size) {
    throw new BundleRefused(
      'CHECKPOINT_REPLAYED',
      `The checkpoint covers ${opened.size} leaves; one of ${known.size} is known: it is an old one.`,
    );
  }
  const isOtherTree =
    known.size === opened.size ? !same(known.root, opened.root) : known.size === 0 && !isEmptyTree(known);
  if (isOtherTree) throw forked(known);
};

const requireCosignedAfter = (opened: WitnessedCheckpoint, policy: Policy, after: number): void => {
  const late = opened.note.verified.filter(
    (signature) =>
      opened.witnesses.some(({ key }) => keyOf(key) === keyOf(signature)) &&
      cosignedAt(signature.signature) >= BigInt(after),
  );
  const names = opened.witnesses
    .filter(({ key }) => late.some((signature) => keyOf(signature) === keyOf(key)))
    .map(({ name }) => name);
  if (names.length > 0 && quorumMet(policy, names)) return;
  throw new BundleRefused(
    'CHECKPOINT_REPLAYED',
    `The quorum did not cosign the checkpoint after ${new Date(after * 1_000).toISOString()}: it is an old one.`,
  );
};

export const forked = (known: Checkpoint): BundleRefused =>
  new BundleRefused(
    'FORKED',
    `The log does not extend the known checkpoint of ${known.size} leaves: history was rewritten.`,
  );

const same = (one: Hash, other: Hash): boolean => Buffer.compare(one, other) === 0;
const isEmptyTree = ({ root }: Checkpoint): boolean => same(root, EMPTY_ROOT);
