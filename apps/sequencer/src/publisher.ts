import { type LogStore, tilesOf } from '@adapters/transparency-log-sqlite';
import {
  type Checkpoint,
  consistencyProof,
  cosignedAt,
  formatCheckpoint,
  hasSigned,
  keyOf,
  type NodeSource,
  nodesFromTiles,
  type NoteSignature,
  openCheckpoint,
  parseSignedNote,
  type Policy,
  quorumMet,
  rootAt,
  signNote,
  type SignerKey,
  TransparencyError,
} from '@foundation/transparency';
import { LogRefused } from './log-refused.js';
import type { SignedHead } from './signed-head.js';
import type { Witness } from './witnesses.js';

/** A checkpoint of this log, with the signatures that it has so far. */
export type Head = Checkpoint & { readonly note: string };

export type PublisherParts = {
  readonly store: LogStore;
  readonly key: SignerKey;
  readonly signed: SignedHead;
  readonly policy: Policy;
  readonly witnesses: readonly Witness[];
  readonly onWitnessSilent: (name: string, reason: unknown) => void;
};

/**
 * Signs checkpoints, collects cosignatures and publishes what the policy's quorum has cosigned. Never signs what does
 * not extend all that it signed before.
 */
export class Publisher {
  #pending: Head | null = null;
  #published: Head | null = null;
  #publishedAt: number | null = null;
  readonly #cosigned = new Map<string, number>();
  /** The log is derived anew, from nothing, up to what was signed already. */
  readonly #derivedAnew: boolean;

  constructor(private readonly parts: PublisherParts) {
    const { store, key, signed } = parts;
    signed.load(key.verifier);
    this.#derivedAnew = store.size === 0 && (signed.last?.size ?? 0) > 0;
    const kept = store.checkpoint;
    for (const { name } of parts.policy.witnesses) this.#cosigned.set(name, performance.now());
    if (kept !== null) this.#published = { ...openCheckpoint(kept, [key.verifier]), note: kept };
  }

  /** What was signed last: witnesses are asked about it. */
  get pending(): Head | null {
    return this.#pending;
  }

  /** What counts: the quorum has cosigned it. */
  get published(): Head | null {
    return this.#published;
  }

  /** When the quorum was met last, by the monotonic clock; null where it was not since the start. */
  get publishedAt(): number | null {
    return this.#publishedAt;
  }

  /** When each witness cosigned last, by the monotonic clock, from the start on where it has not yet. */
  get cosigned(): ReadonlyMap<string, number> {
    return this.#cosigned;
  }

  /** Nodes of the tree as it was signed last. */
  nodes(size: number): NodeSource {
    return nodesFromTiles(tilesOf(this.parts.store), size);
  }

  /**
   * Signs the log as it is now, has it cosigned and publishes it; all of this also if nothing was added.
   *
   * @throws LogRefused where the log does not extend what was signed before
   */
  async publish(): Promise<void> {
    const { store, key, signed } = this.parts;
    const { size } = store;
    const root = await this.requireExtension(size);
    if (root === null) return;
    const checkpoint: Checkpoint = { origin: key.name, size, root, extensions: [] };
    const present = this.#pending?.size === size ? parseSignedNote(this.#pending.note).signatures : [];
    const note = signNote(formatCheckpoint(checkpoint), [key.at()], present);
    // Before anybody gets to see it.
    if (signed.last?.size !== size) signed.keep(checkpoint, signNote(formatCheckpoint(checkpoint), [key.at()]));
    this.#pending = { ...checkpoint, note };
    await this.#collect(checkpoint);
    this.#publishIfWitnessed();
  }

  /**
   * That the log begins with all that was signed before.
   *
   * @param size leaves that the log has
   * @returns its root; null as long as it is derived anew and has not come as far again
   * @throws LogRefused
   */
  async requireExtension(size: number): Promise<Uint8Array | null> {
    const { last } = this.parts.signed;
    if (this.#derivedAnew && size < last!.size) return null;
    if (last !== null && size < last.size) {
      throw new LogRefused(
        `The log's database has ${size} leaves, and a checkpoint of ${last.size} was signed: it is an older copy. ` +
          'Bring the newest back, or remove it, so that the log is derived from the history again. Nothing is signed.',
      );
    }
    const nodes = this.nodes(size);
    if (last !== null && !same(await rootAt(nodes, last.size), last.root)) {
      throw new LogRefused(
        `The first ${last.size} leaves of the log are not those that were signed: leaves or tiles were changed. ` +
          'Remove the database, so that the log is derived from the history again. Nothing is signed.',
      );
    }
    return await rootAt(nodes, size);
  }

  /**
   * Adds cosignatures that a witness brings by itself.
   *
   * @param note the pending checkpoint with its cosignature
   * @returns false where it is not of the checkpoint that is pending
   * @throws TransparencyError for signatures that are not of the policy's witnesses
   */
  addCosignatures(note: string): boolean {
    const { text, signatures } = parseSignedNote(note);
    if (this.#pending === null || !this.#pending.note.startsWith(`${text}\n`)) return false;
    this.#add(this.#pending, signatures);
    this.#publishIfWitnessed();
    return true;
  }

  async #collect(checkpoint: Checkpoint): Promise<void> {
    const { size } = checkpoint;
    const pending = this.#pending!;
    const proofFrom = (older: number) => consistencyProof(this.nodes(size), older, size);
    await Promise.all(
      this.parts.witnesses.map(async (witness) => {
        const { name } = witness.witness;
        try {
          const answer = await witness.cosign(pending, proofFrom);
          if ('size' in answer) return await this.#requireNotOurs(witness, answer.size);
          if (this.#pending?.size === size) this.#add(this.#pending, answer);
        } catch (error) {
          if (error instanceof LogRefused) throw error;
          this.parts.onWitnessSilent(name, error);
        }
      }),
    );
  }

  /** A witness may say what it likes; a larger checkpoint under our own signature is proof that ours was rolled back. */
  async #requireNotOurs(witness: Witness, size: number): Promise<void> {
    const { name } = witness.witness;
    const note = await witness.lastCheckpoint();
    const known = openCheckpoint(note, [this.parts.key.verifier]);
    if (known.size > this.#pending!.size) {
      throw new LogRefused(
        `The witness ${name} holds a checkpoint of ${known.size} leaves that this key signed, and there are ` +
          `${this.#pending!.size}: the whole folder was rolled back. Bring the newest back. Nothing is signed.`,
      );
    }
    throw new Error(`it says that it knows ${size} leaves, and cannot show them`);
  }

  #add(pending: Head, signatures: readonly NoteSignature[]): void {
    const { policy } = this.parts;
    const text = parseSignedNote(pending.note).text;
    const bytes = Buffer.from(text);
    const good = signatures.filter((signature) => {
      const by = policy.witnesses.find(
        ({ key }) => keyOf(key) === keyOf(signature) && key.verify(bytes, signature.signature),
      );
      if (by) this.#cosigned.set(by.name, performance.now());
      return by !== undefined;
    });
    if (good.length === 0) {
      throw new TransparencyError('NOTE_UNSIGNED', 'No witness of the policy signed this checkpoint.');
    }
    this.#pending = {
      ...pending,
      note: signNote(text, [], newestOfEach([...parseSignedNote(pending.note).signatures, ...good])),
    };
  }

  #publishIfWitnessed(): void {
    const { policy, key, store } = this.parts;
    const pending = this.#pending!;
    const keys = policy.witnesses.map((witness) => witness.key);
    const { note } = openCheckpoint(pending.note, [key.verifier], keys);
    const cosigned = policy.witnesses.filter((witness) => hasSigned(note, witness.key)).map(({ name }) => name);
    if (!quorumMet(policy, cosigned)) return;
    if (this.#published?.note !== pending.note) store.keepCheckpoint(pending.note);
    this.#published = pending;
    this.#publishedAt = performance.now();
  }
}

/** A log at rest is cosigned again and again: of each witness the newest is kept, with the log's own in front. */
const newestOfEach = (signatures: readonly NoteSignature[]): NoteSignature[] => {
  const newest = new Map<string, NoteSignature>();
  for (const signature of signatures) {
    const name = keyOf(signature);
    const known = newest.get(name);
    if (known === undefined || cosignedAt(signature.signature) >= cosignedAt(known.signature))
      newest.set(name, signature);
  }
  return [...newest.values()];
};

const same = (one: Uint8Array, other: Uint8Array): boolean => Buffer.from(one).equals(other);
