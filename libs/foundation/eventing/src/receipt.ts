import {
  formatVerifierKey,
  fromBase64,
  HASH_LENGTH,
  openNote,
  signNote,
  toBase64,
  TransparencyError,
  type SignerKey,
  type VerifierKey,
} from '@foundation/transparency';
import { instant, type Instant } from '@kernel';

/** What a command made: an event, and the hash of its leaf in the verifiable log. */
export type Leaf = { readonly eventId: string; readonly leafHash: Uint8Array };

/** The same, with when it was recorded. */
export type Recording = Leaf & { readonly recordedAt: Instant };

/** The platform's word that what was recorded will stand in the verifiable log by a certain time. */
export type Receipt = { readonly leaves: readonly Leaf[]; readonly includeBy: Instant };

const VERSION = 'lodestone-receipt/v1';
const EVENT = 'event ';
const INCLUDE_BY = 'include-by ';

/**
 * A signed note (C2SP) of these lines: the version; for each event `event <event id> <leaf hash, base64>`; `include-by
 * <instant>`. Whoever holds it and finds no leaf in the log after that time can show that the platform dropped the event.
 */
export const signReceipt = ({ leaves, includeBy }: Receipt, key: SignerKey): string => {
  const events = leaves.map(({ eventId, leafHash }) => `${EVENT}${eventId} ${toBase64(leafHash)}`);
  return signNote([VERSION, ...events, `${INCLUDE_BY}${includeBy}`, ''].join('\n'), [key.at()]);
};

/**
 * What a receipt promises, once its signature is verified.
 * @param known keys of the API that are trusted
 * @throws {TransparencyError} as `openNote`, and NOTE_MALFORMED where the note is no receipt
 */
export const openReceipt = (note: string, known: readonly VerifierKey[]): Receipt => {
  const [version, ...lines] = openNote(note, known).text.trimEnd().split('\n');
  const last = lines.pop() ?? '';
  if (version !== VERSION || !last.startsWith(INCLUDE_BY) || lines.length === 0)
    throw noReceipt('its lines are others');
  const leaves = lines.map((line) => {
    const [, eventId, hash] = /^event ([0-9a-f-]{36}) (\S+)$/.exec(line) ?? [];
    const leafHash = hash === undefined ? undefined : fromBase64(hash);
    if (eventId === undefined || leafHash?.length !== HASH_LENGTH) throw noReceipt(`"${line}" names no event`);
    return { eventId, leafHash };
  });
  try {
    return { leaves, includeBy: instant(last.slice(INCLUDE_BY.length)) };
  } catch {
    throw noReceipt(`"${last}" names no time`);
  }
};

const noReceipt = (reason: string): TransparencyError =>
  new TransparencyError('NOTE_MALFORMED', `Not a receipt of this platform: ${reason}.`);

/** How long the log may take to include an event, in milliseconds. */
const INCLUDED_WITHIN_MS = 60_000;

/** The API's own word on what it records. */
export class Receipts {
  constructor(private readonly key: SignerKey) {}

  /** The public side of the key, as C2SP signed-note writes it. */
  get verifierKey(): string {
    return formatVerifierKey(this.key.verifier);
  }

  /** The receipt for what a command made, the same each time it is asked for; null where it made nothing. */
  for(made: readonly Recording[]): string | null {
    const last = made.at(-1);
    if (last === undefined) return null;
    const includeBy = new Date(Date.parse(last.recordedAt) + INCLUDED_WITHIN_MS).toISOString() as Instant;
    return signReceipt({ leaves: made, includeBy }, this.key);
  }
}
