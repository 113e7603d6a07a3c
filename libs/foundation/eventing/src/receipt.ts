import {
  fromBase64,
  type Hash,
  isHash,
  openNote,
  signNote,
  type SignerKey,
  toBase64,
  TransparencyError,
  type VerifierKey,
} from '@foundation/transparency';
import type { Instant } from '@kernel';

const FIRST_LINE = 'lodestone-receipt/v1';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/;

/** What the platform promised: these events will be in the log by that time. */
export type Receipt = {
  readonly events: readonly { readonly id: string; readonly leafHash: Hash }[];
  readonly includeBy: Instant;
};

/**
 * The receipt of a command: a C2SP signed note with a line for each event, `event <id> <leaf hash in base64>`, and one
 * with the time by which the log must hold them. Whoever has it can prove that an event was dropped.
 *
 * @param key of the receipts alone (signature type 0x01), not the log's
 */
export const signReceipt = ({ events, includeBy }: Receipt, key: SignerKey): string =>
  signNote(
    [
      FIRST_LINE,
      ...events.map(({ id, leafHash }) => `event ${id} ${toBase64(leafHash)}`),
      `include-by ${includeBy}`,
      '',
    ].join('\n'),
    [key.at()],
  );

/**
 * Reads a receipt that one of the keys signed.
 *
 * @throws {TransparencyError} NOTE_MALFORMED for any other text; NOTE_UNSIGNED, SIGNATURE_INVALID
 */
export const openReceipt = (note: string, keys: readonly VerifierKey[]): Receipt => {
  const { text } = openNote(note, keys);
  const [first, ...lines] = text.split('\n');
  lines.pop();
  const includeBy = /^include-by (.*)$/.exec(lines.pop() ?? '')?.[1];
  if (first !== FIRST_LINE) throw malformed(`its first line is not ${FIRST_LINE}`);
  if (includeBy === undefined || !INSTANT.test(includeBy) || Number.isNaN(Date.parse(includeBy))) {
    throw malformed('its last line does not read include-by <instant in UTC>');
  }
  if (lines.length === 0) throw malformed('it names no event');
  const events = lines.map((line) => {
    const [, id, encoded] = /^event (\S+) (\S+)$/.exec(line) ?? [];
    const leafHash = fromBase64(encoded ?? '');
    if (id === undefined || !UUID.test(id) || !isHash(leafHash)) throw malformed(`"${line}" names no event`);
    return { id, leafHash };
  });
  return { events, includeBy: includeBy as Instant };
};

const malformed = (reason: string): TransparencyError =>
  new TransparencyError('NOTE_MALFORMED', `Not a receipt: ${reason}.`);
