import type { RecordId } from '@kernel';
import { v4, v5 } from 'uuid';

/** Namespace of the platform's name-based ids (RFC 9562, version 5). */
const NAMESPACE = '6f1d4f0c-9d1b-4b3e-8a5e-2c7b90a4d3f1';

/** The same parts give the same id, on every node and for ever. */
const idFrom = (...parts: readonly string[]): string => v5(JSON.stringify(parts), NAMESPACE);

export const newId = (): string => v4();

/** Id of the record that a natural key names: opaque in stream names. */
export const recordIdOfKey = (category: string, key: string): RecordId => idFrom('key', category, key) as RecordId;

/** Id of the record that a command creates: a party that repeats a command id meets its own record again, and nobody else's. */
export const recordIdOfCommand = (category: string, party: string, commandId: string): RecordId =>
  idFrom('record', category, party, commandId) as RecordId;

/** Names an event by its place, where its own id may be another's: whoever writes to the store chooses what id it gives. */
export const idOfPlace = (stream: string, revision: bigint): string => idFrom('foreign', stream, revision.toString());

/** Id of what one rule tells one recipient of one fact of a record, so that nobody is told twice. */
export const idOfAlert = (rule: string, record: string, fact: string, recipient: string): string =>
  idFrom('alert', rule, record, fact, recipient);
