import { canonicalize } from '@foundation/transparency';
import { contextDigest, type Placed } from './binding.js';

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
