import { canonicalize } from '@foundation/transparency';
import { contextDigest, placed, type Placed } from './binding.js';
import type { StoredEvent, Foreign, Unreadable } from './event-store.js';
import { idOfForeign } from './identifiers.js';
import { foreign, isUnreadable } from './unreadable.js';

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

/**
 * The leaf of whatever stands in the history, and the id under which the log keeps it. An event that another program
 * wrote has a leaf too, so that events and leaves are equal in number, and what is passed over as foreign cannot become a
 * fact later. Its own id may be one of the platform's: its place names it.
 */
export const leafInLog = (item: StoredEvent | Unreadable): { readonly eventId: string; readonly text: string } => {
  if (isUnreadable(item)) return item.unreadable === 'FOREIGN' ? foreignLeaf(item) : leafInLog(item.stored);
  const text = leafIfAny(item);
  return text === null ? foreignLeaf(foreign(item)) : { eventId: item.id, text };
};

/** Null where what is noted beside the event has no canonical JSON, which the platform never writes. */
const leafIfAny = (event: StoredEvent): string | null => {
  try {
    return leafOf(placed(event));
  } catch {
    return null;
  }
};

const foreignLeaf = ({ stream, revision, id, type, digest }: Foreign): { eventId: string; text: string } => ({
  eventId: idOfForeign(stream, revision),
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
