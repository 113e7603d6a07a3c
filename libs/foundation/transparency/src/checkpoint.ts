import { fromBase64, fromDecimal, isCount, toBase64, toText } from './encoding.js';
import { type Hash, HASH_LENGTH, isHash } from './merkle.js';
import { fail } from './transparency-error.js';

/** The head of a log, C2SP tlog-checkpoint. */
export interface Checkpoint {
  /** Which log: a URL without scheme by custom, but any line that is not empty. */
  readonly origin: string;
  /** Leaves. */
  readonly size: number;
  /** 32 bytes. */
  readonly root: Hash;
  /** Further lines of the log's own. Not audited by anybody; Lodestone writes none. */
  readonly extensions: readonly string[];
}

/**
 * The text of a checkpoint, to be signed as a note.
 *
 * @throws {TransparencyError} CHECKPOINT_MALFORMED if it could not be read back as it is
 */
export function formatCheckpoint(
  checkpoint: Pick<Checkpoint, 'origin' | 'size' | 'root'> & Partial<Pick<Checkpoint, 'extensions'>>,
): string {
  const { origin, size, root, extensions = [] } = checkpoint;
  if (!isCount(size)) malformed(`the size is a count from 0 to 2^53 - 1, found ${String(size)}`);
  if (!isHash(root)) malformed(`the root is ${HASH_LENGTH} bytes`);
  for (const line of [origin, ...extensions]) {
    if (line === '' || /[\0-\x1f]/.test(line) || !line.isWellFormed()) {
      malformed(`${JSON.stringify(line)} is no line: it must be text without control characters, and not empty`);
    }
  }
  return [origin, size, toBase64(root), ...extensions].map((line) => `${line}\n`).join('');
}

/**
 * Reads the text of a checkpoint: of the note, everything before the blank line. Extension lines are kept, as the
 * specification asks. Reading says nothing of who signed: see `openCheckpoint`.
 *
 * @param text a string, or UTF-8 bytes
 * @throws {TransparencyError} CHECKPOINT_MALFORMED: a missing line, an empty one, a size with sign or leading zero or
 *   above 2^53 - 1, a root that is not the canonical base64 of 32 bytes
 */
export function parseCheckpoint(text: string | Uint8Array): Checkpoint {
  const lines = (toText(text) ?? malformed('it is not well-formed UTF-8')).split('\n');
  if (lines.pop() !== '') malformed('its last line does not end in a newline');
  const empty = lines.indexOf('');
  if (empty >= 0) malformed(`line ${empty + 1} is empty`);
  const [origin, sizeLine, rootLine, ...extensions] = lines;
  if (origin === undefined || sizeLine === undefined || rootLine === undefined) {
    return malformed(`it has ${lines.length} lines; origin, size and root are needed`);
  }
  const control = lines.findIndex((line) => /[\0-\x1f]/.test(line));
  if (control >= 0) malformed(`line ${control + 1} has a control character`);
  const size = fromDecimal(sizeLine);
  if (size === undefined) malformed(`line 2 is no size: ${JSON.stringify(sizeLine)}`);
  const root = fromBase64(rootLine);
  if (root?.length !== HASH_LENGTH) malformed(`line 3 is not the base64 of ${HASH_LENGTH} bytes`);
  return { origin, size: size!, root: root!, extensions };
}

function malformed(reason: string): never {
  return fail('CHECKPOINT_MALFORMED', `Not a checkpoint: ${reason}.`);
}
