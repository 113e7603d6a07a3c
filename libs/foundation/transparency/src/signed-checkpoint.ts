import { type Checkpoint, parseCheckpoint } from './checkpoint.js';
import type { VerifierKey } from './note-key.js';
import { openNote, type OpenedNote } from './signed-note.js';
import { fail } from './transparency-error.js';

/** A checkpoint that a known log has signed. */
export interface SignedCheckpoint extends Checkpoint {
  readonly note: OpenedNote;
  /** The key that signed it in the log's name. */
  readonly log: VerifierKey;
}

/**
 * Opens a checkpoint that one of these logs has signed. A log signs by the name of its origin.
 *
 * @param note the checkpoint as served, with signatures
 * @param logs keys of the logs that are trusted
 * @param others further keys whose signatures are to be verified, such as those of witnesses
 * @throws {TransparencyError} as {@link openNote} and {@link parseCheckpoint}; NOTE_UNSIGNED if only others signed;
 *   ORIGIN_MISMATCH if the log that signed is not the one of the origin
 */
export function openCheckpoint(
  note: string | Uint8Array,
  logs: readonly VerifierKey[],
  others: readonly VerifierKey[] = [],
): SignedCheckpoint {
  const opened = openNote(note, [...logs, ...others]);
  const signing = logs.filter((log) => hasSigned(opened, log));
  if (signing.length === 0) {
    fail(
      'NOTE_UNSIGNED',
      `No known log signed the checkpoint. Known: ${logs.map(({ name }) => name).join(', ') || 'none'}.`,
    );
  }
  const checkpoint = parseCheckpoint(opened.text);
  const log = signing.find(({ name }) => name === checkpoint.origin);
  if (log === undefined) {
    return fail('ORIGIN_MISMATCH', `The checkpoint is of ${checkpoint.origin}, but ${signing[0]!.name} signed it.`);
  }
  return { ...checkpoint, note: opened, log };
}

/** Whether the note bears a verified signature of the key. */
export function hasSigned({ verified }: OpenedNote, { name, keyId }: Pick<VerifierKey, 'name' | 'keyId'>): boolean {
  return verified.some((signature) => signature.name === name && signature.keyId === keyId);
}
