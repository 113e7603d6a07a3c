import {
  formatAddCheckpoint,
  fromDecimal,
  type Hash,
  type NoteSignature,
  parseSignatureLines,
  type PolicyWitness,
  SIZE_CONTENT_TYPE,
} from '@foundation/transparency';

/** Bytes of an answer: a witness has little to say. */
const LONGEST_ANSWER = 65_536;

/** A witness that has cosigned more of the log than there is. */
export type KnowsMore = { readonly size: number };

/** A witness that is asked over HTTP, C2SP tlog-witness. */
export class Witness {
  /** Leaves of what it cosigned last, as far as is known. */
  #size = 0;

  constructor(
    readonly witness: PolicyWitness & { readonly url: string },
    private readonly patienceMs: number,
  ) {}

  /**
   * Asks for a cosignature.
   *
   * @param proofFrom consistency proof from an older size, never 0
   * @returns the lines it signed, not verified; or what it knows instead
   * @throws Error where it does not answer, or refuses
   */
  async cosign(
    checkpoint: { readonly size: number; readonly note: string },
    proofFrom: (size: number) => Promise<readonly Hash[]>,
  ): Promise<readonly NoteSignature[] | KnowsMore> {
    // Its answer may tell of another size once; a second time somebody else feeds it.
    for (const _ of [1, 2]) {
      if (this.#size > checkpoint.size) return { size: this.#size };
      const proof = this.#size === 0 ? [] : await proofFrom(this.#size);
      const { status, type, text } = await this.#post(
        formatAddCheckpoint({ oldSize: this.#size, proof, checkpoint: checkpoint.note }),
      );
      if (status === 200) {
        this.#size = checkpoint.size;
        return parseSignatureLines(text);
      }
      const size = status === 409 && type === SIZE_CONTENT_TYPE ? fromDecimal(text.trimEnd()) : undefined;
      if (size === undefined || size === this.#size)
        throw new Error(`it answered ${status}: ${text.slice(0, 200).trim()}`);
      this.#size = size;
    }
    if (this.#size > checkpoint.size) return { size: this.#size };
    throw new Error('it was asked by somebody else meanwhile');
  }

  /** The checkpoint that it cosigned last, with whatever signatures. */
  async lastCheckpoint(): Promise<string> {
    const response = await fetch(`${withoutSlash(this.witness.url)}/checkpoint`, {
      signal: AbortSignal.timeout(this.patienceMs),
    });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    return await bounded(response);
  }

  async #post(body: string): Promise<{ status: number; type: string; text: string }> {
    const response = await fetch(`${withoutSlash(this.witness.url)}/add-checkpoint`, {
      method: 'POST',
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(this.patienceMs),
    });
    const type = response.headers.get('content-type') ?? '';
    return { status: response.status, type, text: await bounded(response) };
  }
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

const bounded = async (response: Response): Promise<string> => {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > LONGEST_ANSWER) throw new Error(`its answer is longer than ${LONGEST_ANSWER} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
};
