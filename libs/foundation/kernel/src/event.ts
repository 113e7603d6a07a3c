import type { Instant } from './calendar.js';
import type { RecordId } from './values.js';

/** A fact, as it is written to a stream. `type` is its name on the wire, `<capability>.<Fact>.v<n>`, for ever. */
export type DomainEvent<Type extends string = string, Body extends object = object> = {
  readonly type: Type;
  readonly data: Body;
};

/** A fact with what the store knows of it. */
export type Recorded<E extends DomainEvent = DomainEvent> = {
  readonly event: E;
  readonly recordId: RecordId;
  /** Which kind of record: the first part of the stream's name. */
  readonly category: string;
  /** Number of the event in its stream, from 0. */
  readonly revision: bigint;
  /** Place in the whole history. */
  readonly position: bigint;
  readonly recordedAt: Instant;
};
