import { canonicalize } from '@foundation/transparency';
import type { Metadata } from './event-store.js';

/** What the history says of an event without its content. */
export type LeafSource = {
  /** Name of the stream, `<category>-<record id>`. */
  readonly stream: string;
  /** Number of the event in its stream, from 0. */
  readonly revision: bigint;
  readonly id: string;
  readonly type: string;
  readonly metadata: Pick<
    Metadata,
    'recordedAt' | 'party' | 'policyVersion' | 'commandDigest' | 'commitment' | 'signature'
  >;
};

/**
 * The leaf of an event in the verifiable log: RFC 8785 JSON, one for each event for ever. It commits to the content by
 * a salted digest and holds none of it, so it is the same after an erasure; and it holds no position, so whoever
 * appends an event knows its leaf before the log does.
 */
export const leafOf = ({ stream, revision, id, type, metadata }: LeafSource): string =>
  canonicalize({
    v: 1,
    stream,
    revision: revision.toString(),
    eventId: id,
    type,
    recordedAt: metadata.recordedAt,
    party: metadata.party,
    ...(metadata.signature && { actorKeyId: metadata.signature.kid }),
    commandHash: metadata.commandDigest.digest,
    policyVersion: metadata.policyVersion,
    payload: { alg: metadata.commitment.alg, digest: metadata.commitment.digest },
  });
