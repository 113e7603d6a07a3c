import { canonicalize } from '@foundation/transparency';
import { contextDigest, isAsWritten, placed, type Placed } from './binding.js';
import type { StoredEvent, Foreign, Unreadable } from './event-store.js';
import { idOfPlace } from './identifiers.js';
import { foreign, isUnreadable, unopened } from './unreadable.js';

/**
 * The leaf of an event in the verifiable log: RFC 8785 JSON, one for each event for ever. It commits by salted digests to
 * the content and, from version 2 on, to the marking and all that is noted beside the event, and holds none of it, so it
 * is the same after an erasure; and it holds no position, so whoever appends an event knows its leaf before the log does.
 */
export const leafOf = (event: Placed): string => {
  const { stream, revision, id, type, metadata } = event;
  const { binding, commitment } = metadata;
  return canonicalize({
    v: binding === undefined ? 1 : 2,
    stream,
    revision: revision.toString(),
    eventId: id,
    type,
    recordedAt: metadata.recordedAt,
    party: metadata.party,
    ...(metadata.signature && { actorKeyId: metadata.signature.kid }),
    commandHash: metadata.commandDigest.digest,
    policyVersion: metadata.policyVersion,
    payload: { alg: commitment.alg, digest: commitment.digest },
    ...(binding && { context: { alg: 'sha256-salted', digest: contextDigest(event, binding.salt) } }),
  });
};

/** A leaf of the log, and the id under which the log keeps it. */
export type LoggedLeaf = {
  readonly eventId: string;
  readonly text: string;
  /** The event where it is not as the platform writes it: its leaf is of a kind of its own. */
  readonly unreadable: Unreadable | null;
};

/**
 * The leaf of whatever stands in the history. What is not as the platform writes it has a leaf too, over all that stands
 * there, so that events and leaves are equal in number, and what is passed over cannot become a fact later. Its own id may
 * be one of the platform's: its place names it. No key is needed.
 */
export const leafInLog = (item: StoredEvent | Unreadable): LoggedLeaf => {
  if (isUnreadable(item) && item.unreadable === 'FOREIGN') return foreignLeaf(item, item);
  const stored = isUnreadable(item) ? item.stored : item;
  const text = ordinaryLeaf(stored);
  if (text === null) return foreignLeaf(foreign(stored), foreign(stored));
  if (!isAsWritten(stored)) return foreignLeaf(foreign(stored), unopened(stored, NOT_AS_COMMITTED));
  return { eventId: stored.id, text, unreadable: null };
};

/** The leaf that an event claims, whatever its content; null where what is noted beside it has no canonical JSON. */
export const ordinaryLeaf = (event: StoredEvent): string | null => {
  try {
    return leafOf(placed(event));
  } catch {
    // The platform never writes such.
    return null;
  }
};

const NOT_AS_COMMITTED = 'its content is not the one that was committed to';

const foreignLeaf = ({ stream, revision, id, type, digest }: Foreign, unreadable: Unreadable): LoggedLeaf => ({
  unreadable,
  eventId: idOfPlace(stream, revision),
  text: canonicalize({
    v: 2,
    foreign: true,
    stream,
    revision: revision.toString(),
    eventId: id,
    type,
    payload: { alg: 'sha256', digest },
  }),
});
