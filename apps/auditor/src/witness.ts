import { readIfThere, writeDurably } from '@adapters/transparency-log-sqlite';
import {
  type AddCheckpoint,
  type Checkpoint,
  formatSignatureLine,
  type Hash,
  openCheckpoint,
  parseAddCheckpoint,
  parseCheckpoint,
  parseSignedNote,
  requireWitnessConsistency,
  SIZE_CONTENT_TYPE,
  type SignerKey,
  TransparencyError,
  type VerifierKey,
} from '@foundation/transparency';

export type WitnessAnswer = { readonly status: number; readonly body: string; readonly type?: string };

/**
 * A witness of one log, C2SP tlog-witness: it cosigns what extends all that it cosigned before, and nothing else. What
 * it has seen is on disk before it answers.
 */
export class WitnessOfLog {
  #last: Checkpoint | null = null;
  #note: string | null = null;

  /**
   * @param log whose checkpoints it cosigns
   * @param file its memory
   * @param now seconds since 1970
   * @param onNews hears of each tree that it cosigns and did not before
   * @throws TransparencyError where the memory is not of this log: another witness's, or damaged
   */
  constructor(
    private readonly log: VerifierKey,
    private readonly key: SignerKey,
    private readonly file: string,
    private readonly now: () => number = () => Math.floor(Date.now() / 1_000),
    private readonly onNews: (checkpoint: Checkpoint) => void = () => undefined,
  ) {
    const note = readIfThere(file);
    if (note === undefined) return;
    this.#last = openCheckpoint(note, [log]);
    this.#note = note;
  }

  /** Leaves of what it cosigned last, 0 if nothing. */
  get size(): number {
    return this.#last?.size ?? 0;
  }

  /** What it cosigned last, with the log's signature. */
  get checkpoint(): string | null {
    return this.#note;
  }

  /** Answers an add-checkpoint request, with the states that the specification gives. */
  answer(body: string | Uint8Array): WitnessAnswer {
    let request: AddCheckpoint;
    let origin: string;
    try {
      request = parseAddCheckpoint(body);
      ({ origin } = parseCheckpoint(parseSignedNote(request.checkpoint).text));
    } catch (error) {
      return refused(400, error);
    }
    if (origin !== this.log.name) return { status: 404, body: `This witness does not know the log ${origin}.\n` };
    let checkpoint: Checkpoint;
    try {
      checkpoint = openCheckpoint(request.checkpoint, [this.log]);
    } catch (error) {
      return refused(403, error);
    }
    if (request.oldSize > checkpoint.size) {
      return { status: 400, body: `The old size ${request.oldSize} is above the checkpoint's, ${checkpoint.size}.\n` };
    }
    if (request.oldSize !== this.size) return this.#conflict();
    return this.#cosign(checkpoint, request.checkpoint, request.proof);
  }

  #cosign(checkpoint: Checkpoint, note: string, proof: readonly Hash[]): WitnessAnswer {
    const last = this.#last;
    const isFork = last !== null && last.size === checkpoint.size && !Buffer.from(last.root).equals(checkpoint.root);
    if (isFork) return this.#conflict();
    try {
      requireWitnessConsistency(this.size, checkpoint.size, proof, last?.root ?? checkpoint.root, checkpoint.root);
    } catch (error) {
      return refused(422, error);
    }
    const bytes = Buffer.from(parseSignedNote(note).text);
    const signer = this.key.at(this.now());
    const line = formatSignatureLine({ name: signer.name, keyId: signer.keyId, signature: signer.sign(bytes) });
    const isNews = last === null || last.size !== checkpoint.size;
    if (isNews) writeDurably(this.file, note);
    this.#last = checkpoint;
    this.#note = note;
    if (isNews) this.onNews(checkpoint);
    return { status: 200, body: line };
  }

  #conflict(): WitnessAnswer {
    return { status: 409, body: `${this.size}\n`, type: SIZE_CONTENT_TYPE };
  }
}

const refused = (status: number, error: unknown): WitnessAnswer => {
  if (error instanceof TransparencyError) return { status, body: `${error.message}\n` };
  throw error;
};
