import type { RecordedEvent } from '@eventstore/db-client';
import {
  digestOfForeign,
  type Metadata,
  type SaltedDigest,
  type StoredEvent,
  type Unreadable,
} from '@foundation/eventing';
import { instant, type DomainEvent, type Instant, type RecordId } from '@kernel';

/** An event as the platform reads it, or why it is none of the platform's. Never throws: others may write what they like. */
export const decoded = (recorded: RecordedEvent): StoredEvent | Unreadable => {
  const { id, streamId: stream, type, isJson, data, metadata } = recorded;
  const dash = stream.indexOf('-');
  const place = {
    id,
    category: stream.slice(0, Math.max(dash, 0)),
    recordId: stream.slice(dash + 1) as RecordId,
    revision: BigInt(recorded.revision),
    position: recorded.position?.commit ?? -1n,
  };
  const problem =
    dash < 1
      ? 'the name of its stream is not <category>-<record id>'
      : !isJson
        ? 'its content is not JSON'
        : !isObject(data)
          ? 'its content is no object'
          : problemOf(metadata);
  if (problem !== null) {
    const recordedAt = recorded.created.toISOString() as Instant;
    return {
      unreadable: 'FOREIGN',
      ...place,
      recordedAt,
      stream,
      type,
      problem,
      digest: digestOfForeign(data, metadata),
    };
  }
  const noted = metadata as Metadata;
  return {
    ...place,
    recordedAt: noted.recordedAt,
    event: { type, data: data as object } satisfies DomainEvent,
    metadata: noted,
  };
};

/** What the metadata lacks of what the platform notes beside each event, and makes leaves of; null where it is all there. */
const problemOf = (metadata: unknown): string | null => {
  if (!isObject(metadata)) return 'it has no metadata';
  const lacking = Object.entries(NOTED).flatMap(([name, isFit]) => (isFit(metadata[name]) ? [] : [name]));
  return lacking.length === 0 ? null : `its metadata lacks ${lacking.join(', ')}`;
};

const isText = (value: unknown): boolean => typeof value === 'string' && value.isWellFormed();
const isDigest = (value: unknown): boolean => {
  const { alg, salt = '', digest } = (isObject(value) ? value : {}) as Partial<SaltedDigest>;
  return alg === 'sha256-salted' && isText(digest) && isText(salt);
};
const isInstant = (value: unknown): boolean => {
  try {
    return typeof value === 'string' && instant(value) === value;
  } catch {
    return false;
  }
};
const isSignature = (value: unknown): boolean => value === undefined || (isObject(value) && isText(value['kid']));

const NOTED = {
  actor: isText,
  party: isText,
  roles: (value: unknown) => Array.isArray(value) && value.every(isText),
  commandId: isText,
  commandDigest: isDigest,
  recordedAt: isInstant,
  policyVersion: Number.isSafeInteger,
  commitment: isDigest,
  signature: isSignature,
} satisfies Partial<Record<keyof Metadata, (value: unknown) => boolean>>;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
