import { readIfThere, writeDurably } from '@adapters/transparency-log-sqlite';
import { type Checkpoint, openCheckpoint, type VerifierKey } from '@foundation/transparency';

/**
 * The checkpoint that was signed last, in a file beside the key and apart from the log: an older copy of the log's
 * database does not bring back an older memory of what was signed.
 */
export class SignedHead {
  #last: Checkpoint | null = null;

  constructor(private readonly file: string) {}

  get exists(): boolean {
    return readIfThere(this.file) !== undefined;
  }

  get last(): Checkpoint | null {
    return this.#last;
  }

  /** @throws TransparencyError where it is not of this key */
  load(key: VerifierKey): void {
    const note = readIfThere(this.file);
    this.#last = note === undefined ? null : openCheckpoint(note, [key]);
  }

  /** On disk when this returns. */
  keep(checkpoint: Checkpoint, note: string): void {
    writeDurably(this.file, note);
    this.#last = checkpoint;
  }
}
