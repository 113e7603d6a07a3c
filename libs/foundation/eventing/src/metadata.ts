import { leafHash } from '@foundation/transparency';
import type { AnyRecordType, DomainEvent, Instant, Party, RecordId } from '@kernel';
import { committed, placed } from './binding.js';
import type { NewEvent, SaltedDigest, Standing } from './event-store.js';
import { newId } from './identifiers.js';
import { leafOf } from './leaf.js';
import type { Issued } from './outcome.js';
import type { Recording } from './receipt.js';

/** Version of the access policy that a decision was made under; noted beside every event. */
export const POLICY_VERSION = 2;

export const withMetadata = (
  events: readonly DomainEvent[],
  { who, command, commandId, correlationId, signature, act }: Issued,
  party: Party,
  now: Instant,
  commandDigest: SaltedDigest,
): NewEvent[] =>
  events.map((event) => ({
    // Not derived from the command: the store would take another body under the same ids for a repetition.
    id: newId(),
    event,
    metadata: committed(event.data, {
      actor: who.person,
      party,
      roles: who.roles,
      ...(who.mandate && { capacity: { mandate: who.mandate.id, delegate: who.mandate.delegate } }),
      commandId,
      command: command.type,
      ...(signature && { signature }),
      ...(act && { act }),
      commandDigest,
      correlationId,
      causationId: commandId,
      recordedAt: now,
      policyVersion: POLICY_VERSION,
    }),
  }));

/** The last of what is appended at once says how the record will stand. */
export const withStanding = (events: readonly NewEvent[], standing: Standing): NewEvent[] =>
  events.map((each, index) =>
    index < events.length - 1 ? each : { ...each, metadata: { ...each.metadata, standing } },
  );

/** An event, as the verifiable log will hold it. */
export const leafFor = (
  { category }: AnyRecordType,
  recordId: RecordId,
  { id, event, metadata }: NewEvent,
  revision: bigint,
): Recording => {
  const { recordedAt } = metadata;
  const leaf = leafOf(placed({ category, recordId, revision, id, event, metadata, recordedAt }));
  return { eventId: id, leafHash: leafHash(Buffer.from(leaf)), recordedAt };
};
