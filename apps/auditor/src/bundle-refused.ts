import { Refuted } from '@foundation/configuration';

/** What is wrong with a bundle. */
export type BundleFault =
  /** It is no bundle, or a line of it says nothing. */
  | 'MALFORMED'
  /** It ends before its end. */
  | 'TRUNCATED'
  /** Its checkpoint is forged, of another log or key, or too few witnesses have cosigned it. */
  | 'CHECKPOINT_REFUSED'
  /** Its checkpoint is older than one that is known, or than it must be. */
  | 'CHECKPOINT_REPLAYED'
  /** The log contradicts a checkpoint that is known. */
  | 'FORKED'
  /** Hashes or proof of a chunk were edited. */
  | 'PROOF_REFUSED'
  /** A leaf was changed. */
  | 'LEAF_CHANGED'
  /** A leaf is not at its place. */
  | 'LEAF_MISPLACED'
  /** A leaf was left out. */
  | 'LEAF_MISSING'
  /** The content of an event is not what was committed to. */
  | 'CONTENT_CHANGED';

/** A bundle that proves nothing. The message names the first thing that is wrong. */
export class BundleRefused extends Refuted {
  override readonly name = 'BundleRefused';

  constructor(
    readonly fault: BundleFault,
    message: string,
    /** Of the leaf, where it is one. */
    readonly index: number | null = null,
    readonly eventId: string | null = null,
  ) {
    super(message);
  }
}
