/** What was wrong, for programs; the message says it for people, with the place. */
export type TransparencyFault =
  /** A value that RFC 8785 cannot represent, or text that is not canonical JSON. */
  | 'NOT_CANONICAL'
  /** A number, a hash or a salt that is not of the required form: a wrong call, not a forged log. */
  | 'WRONG_ARGUMENT'
  | 'NOTE_MALFORMED'
  /** No signature of a known key: nothing of the note may be trusted. */
  | 'NOTE_UNSIGNED'
  /** A known key is named, but did not make this signature. */
  | 'SIGNATURE_INVALID'
  | 'KEY_MALFORMED'
  /** A public key under which signatures prove nothing: of small order, not canonical, or no point. */
  | 'KEY_DEGENERATE'
  /** Two known keys share name and key id, so that the note does not tell which one signed. */
  | 'KEY_AMBIGUOUS'
  | 'CHECKPOINT_MALFORMED'
  /** The checkpoint is of another log than the one whose key signed it. */
  | 'ORIGIN_MISMATCH'
  | 'POLICY_MALFORMED'
  /** Too few of the policy's witnesses have signed. */
  | 'QUORUM_MISSING'
  | 'TILE_MALFORMED'
  | 'PROOF_MALFORMED'
  /** Well formed, but it does not lead to the root. */
  | 'PROOF_REFUSED'
  | 'REQUEST_MALFORMED';

/** The one error of this library. */
export class TransparencyError extends Error {
  override readonly name = 'TransparencyError';

  constructor(
    readonly fault: TransparencyFault,
    message: string,
  ) {
    super(message);
  }
}

/** @throws {TransparencyError} always */
export function fail(fault: TransparencyFault, message: string): never {
  throw new TransparencyError(fault, message);
}
