import { canonicalizeStored, commit, SALT_LENGTH } from '@foundation/transparency';
import { isContentWithheld, type DomainEvent, type Marked, type Marking } from '@kernel';
import { createHash, randomBytes } from 'node:crypto';
import type { Metadata, StoredEvent } from './event-store.js';
import { commitTo, isCommitmentTo } from './salted-digest.js';

/* What binds an event to its place and to all that is noted beside it, so that nothing of it can be changed unseen. */

/**
 * What is sealed with the content: the salts, without which its digests tell nothing, and the signature over the
 * command, by which a guess of it could be checked.
 */
export type Secrets = {
  readonly salts: { readonly commitment: string; readonly command: string };
  readonly jws?: string;
};

/** An event as it stands in the history: where, and under which name and marking. */
export type Placed = {
  /** Name of the stream, `<category>-<record id>`. */
  readonly stream: string;
  /** Number of the event in its stream, from 0. */
  readonly revision: bigint;
  readonly id: string;
  /** The event's own name, also where its content is withheld. */
  readonly type: string;
  readonly marking?: Marking | undefined;
  readonly metadata: Metadata;
};

/** An event that was read, whether its content is open, sealed or withheld. */
export const placed = ({
  category,
  recordId,
  revision,
  id,
  event,
  metadata,
}: Omit<StoredEvent, 'position'>): Placed => ({
  stream: `${category}-${recordId}`,
  revision,
  id,
  type: isContentWithheld(event) ? event.data.of : event.type,
  marking: markingIn(event),
  metadata,
});

export const markingIn = ({ data }: DomainEvent): Marking | undefined => (data as Partial<Marked>).marking;

/** Metadata with what commits to the content and to themselves. */
export const committed = (content: object, noted: Omit<Metadata, 'commitment' | 'binding'>): Metadata => {
  const metadata = { ...noted, commitment: commitTo(content) };
  const { secrets } = parted(metadata);
  return {
    ...metadata,
    binding: { salt: randomBytes(SALT_LENGTH).toString('base64url'), secrets: digestOf(secrets) },
  };
};

/** Metadata in two: what stands open in the history, and what is sealed with the content. */
export const parted = (metadata: Metadata): { readonly shown: Metadata; readonly secrets: Secrets } => {
  const { commitment, commandDigest, signature, ...noted } = metadata;
  const { salt: ofContent, ...commitmentShown } = commitment;
  const { salt: ofCommand, ...commandShown } = commandDigest;
  const { jws, ...signatureShown } = signature ?? {};
  return {
    shown: {
      ...noted,
      ...(signature && { signature: signatureShown as typeof signature }),
      commitment: commitmentShown,
      commandDigest: commandShown,
    },
    secrets: { salts: { commitment: ofContent!, command: ofCommand! }, ...(jws !== undefined && { jws }) },
  };
};

/** The two together again. */
export const joined = (shown: Metadata, { salts, jws }: Secrets): Metadata => ({
  ...shown,
  ...(jws !== undefined && { signature: { ...shown.signature!, jws } }),
  commitment: { ...shown.commitment, salt: salts.commitment },
  commandDigest: { ...shown.commandDigest, salt: salts.command },
});

/**
 * The commitment to who may see the event and to all that is noted beside it, open or not: it is the same before and
 * after the content is sealed or erased. SHA-256 in base64url.
 */
export const contextDigest = ({ marking, metadata }: Pick<Placed, 'marking' | 'metadata'>, salt: string): string =>
  commit(contextOf({ marking, metadata }), Buffer.from(salt, 'base64url'), canonicalizeStored).toString('base64url');

/** What AES-GCM binds a sealed content to: an event that is changed, or moved to another place, does not open. */
export const associatedData = ({ stream, revision, id, type, ...event }: Placed): Buffer =>
  Buffer.from(
    canonicalizeStored({ v: 2, stream, revision: revision.toString(), eventId: id, type, ...contextOf(event) }),
  );

const contextOf = ({ marking, metadata }: Pick<Placed, 'marking' | 'metadata'>): object => ({
  ...(marking !== undefined && { marking }),
  metadata: parted(metadata).shown,
});

/** Whether an open event's content, salts and signature are those that were committed to. */
export const isAsCommitted = ({ event, metadata }: Pick<StoredEvent, 'event' | 'metadata'>): boolean => {
  try {
    return isCommitmentTo(event.data, metadata.commitment) && hasItsSecrets(metadata);
  } catch {
    // What has no canonical JSON was never committed to.
    return false;
  }
};

/**
 * Whether an event is one that the platform writes, as far as that shows without a key: its content is sealed, and its
 * salts with it, or it is the one that was committed to.
 */
export const isAsWritten = (event: Pick<StoredEvent, 'event' | 'metadata'>): boolean =>
  isContentWithheld(event.event) || (isSealed(event.event) ? !holdsSecrets(event.metadata) : isAsCommitted(event));

export const isSealed = ({ data }: DomainEvent): boolean =>
  (data as { readonly sealed?: unknown }).sealed !== undefined;

/** Whether something of what is sealed with a content stands open beside it. */
export const holdsSecrets = ({ commitment, commandDigest, signature }: Metadata): boolean =>
  [commitment.salt, commandDigest.salt, signature?.jws].some((secret) => secret !== undefined);

/** Events from before they were bound have none. */
const hasItsSecrets = (metadata: Metadata): boolean =>
  metadata.binding === undefined || digestOf(parted(metadata).secrets) === metadata.binding.secrets;

/** Two salts of 32 random bytes are in it, so it tells nothing of them. */
const digestOf = (secrets: Secrets): string =>
  createHash('sha256').update(canonicalizeStored(secrets)).digest('base64url');
