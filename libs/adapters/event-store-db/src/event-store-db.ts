import {
  BACKWARDS,
  END,
  excludeSystemEvents,
  EventStoreDBClient,
  eventTypeFilter,
  jsonEvent,
  NO_STREAM,
  START,
  StreamNotFoundError,
  streamNameFilter,
  WrongExpectedVersionError,
  type AllStreamRecordedEvent,
  type JSONEventType,
  type Position,
  type ReadStreamOptions,
} from '@eventstore/db-client';
import {
  EventStore,
  EventStoreUnavailable,
  HIDDEN,
  isUnreadable,
  StreamMoved,
  unopened,
  type Appended,
  type Metadata,
  type NewEvent,
  type StoredEvent,
  type Unreadable,
} from '@foundation/eventing';
import type { RecordId } from '@kernel';
import { decoded } from './decoded.js';
import { followed } from './followed.js';

/** How long one request may take, in milliseconds; a store that is slower counts as down. */
const PATIENCE_MS = 5_000;
/**
 * The client tells the store until when an append is wanted, as an instant by its own clock. Where that clock is behind
 * the store's by more than the patience, every append would come too late: so much later is said. `answered` keeps to the
 * patience.
 */
const CLOCKS_APART_MS = 3_600_000;
/** Events of a stream that are read at once. */
const PAGE = 500;

/** Events that are looked at together for the last one that is not the store's own. */
const LATEST = 16;

/** Types of the store's own events that change what a stream shows. */
const HIDING = ['$metadata', '$streamDeleted'];
/** Settings of a stream by which it shows less than all, or not to everybody. */
const SETTINGS = ['$tb', '$maxCount', '$maxAge', '$acl'];

/** The history in EventStoreDB, or in anything that speaks its protocol. */
export class EventStoreDbEventStore extends EventStore {
  readonly #client: EventStoreDBClient;

  /** @param url connection string, `esdb://host:2113?tls=false` */
  constructor(url: string) {
    super();
    this.#client = EventStoreDBClient.connectionString(url);
  }

  async *read(category: string, id: RecordId, after?: bigint): AsyncIterable<StoredEvent | Unreadable> {
    for (let from = after === undefined ? 0n : after + 1n; ;) {
      const [first, ...rest] = await this.#page(`${category}-${id}`, from);
      if (first === undefined) return;
      // What others hid may have said who must not read the record any more.
      yield first.revision > from && !isUnreadable(first) ? unopened(first, HIDDEN) : first;
      yield* rest;
      if (rest.length + 1 < PAGE) return;
      from = (rest.at(-1) ?? first).revision + 1n;
    }
  }

  async last(category: string, id: RecordId): Promise<StoredEvent | Unreadable | null> {
    const [last] = await this.#part(`${category}-${id}`, { direction: BACKWARDS, fromRevision: END, maxCount: 1 });
    return last ?? null;
  }

  #page(stream: string, fromRevision: bigint): Promise<(StoredEvent | Unreadable)[]> {
    return this.#part(stream, { fromRevision, maxCount: PAGE });
  }

  /** Read to its end, whether all of it is wanted or not: a call that is left half read keeps the connection from closing. */
  async #part(stream: string, of: ReadStreamOptions): Promise<(StoredEvent | Unreadable)[]> {
    const events: (StoredEvent | Unreadable)[] = [];
    try {
      const read = this.#client.readStream<StoredType>(stream, { ...of, deadline: PATIENCE_MS });
      for await (const { event } of read) if (event) events.push(decoded(event));
      return events;
    } catch (error) {
      if (error instanceof StreamNotFoundError) return [];
      throw unavailable(error);
    }
  }

  async append(category: string, id: RecordId, expected: bigint, events: readonly NewEvent[]): Promise<Appended> {
    const encoded = events.map(({ id: eventId, event, metadata }) =>
      jsonEvent<StoredType>({ id: eventId, type: event.type, data: event.data as StoredType['data'], metadata }),
    );
    const appending = this.#client.appendToStream<StoredType>(`${category}-${id}`, encoded, {
      expectedRevision: expected < 0n ? NO_STREAM : expected,
      deadline: PATIENCE_MS + CLOCKS_APART_MS,
    });
    try {
      const { nextExpectedRevision, position } = await answered(appending);
      if (position === undefined) throw new Error('the event store answered an append without a position');
      return { revision: nextExpectedRevision, position: position.commit };
    } catch (error) {
      if (error instanceof WrongExpectedVersionError) throw new StreamMoved();
      throw unavailable(error);
    }
  }

  async *follow(from: {
    after: bigint | null;
    categories?: readonly string[];
    types?: readonly string[];
    signal: AbortSignal;
  }): AsyncIterable<StoredEvent | Unreadable | 'caughtUp'> {
    const filter = from.categories
      ? streamNameFilter({ prefixes: from.categories.map((category) => `${category}-`) })
      : from.types
        ? eventTypeFilter({ prefixes: [...from.types] })
        : excludeSystemEvents();
    const fromPosition = from.after === null ? START : { commit: from.after, prepare: from.after };
    try {
      const end = await this.#end();
      let isBehind = true;
      for await (const item of followed(this.#client.subscribeToAll({ fromPosition, filter }), from.signal)) {
        if (item !== 'caughtUp' && item.event) yield decoded(item.event);
        // Where others write without a pause, the store itself may never say that its end is reached.
        if (!isBehind || (item !== 'caughtUp' && (item.event?.position.commit ?? -1n) < end)) continue;
        isBehind = false;
        yield 'caughtUp';
      }
    } catch (error) {
      throw unavailable(error);
    }
  }

  /**
   * The streams of which somebody hides events from readers, by settings of the stream or by deleting it. The platform does
   * neither; whoever follows the whole history is still given the events. One whose settings were taken back is not among
   * them.
   * @throws EventStoreUnavailable
   */
  async hidden(): Promise<readonly string[]> {
    const filter = eventTypeFilter({ prefixes: [...HIDING] });
    const over = new AbortController();
    const streams = new Set<string>();
    try {
      for await (const item of followed(this.#client.subscribeToAll({ fromPosition: START, filter }), over.signal)) {
        if (item === 'caughtUp') break;
        const { streamId, type, data } = item.event!;
        const stream = streamId.replace(/^\$\$/, '');
        const isWhole = type === '$metadata' && !SETTINGS.some((name) => Object.hasOwn(Object(data) as object, name));
        if (isWhole) streams.delete(stream);
        else streams.add(stream);
      }
    } catch (error) {
      throw unavailable(error);
    } finally {
      over.abort();
    }
    return [...streams].filter((stream) => !stream.startsWith('$'));
  }

  /** Throws EventStoreUnavailable when the store does not answer. */
  async ping(): Promise<void> {
    try {
      await this.#end();
    } catch (error) {
      throw unavailable(error);
    }
  }

  /**
   * The position of the last event that is not the store's own; null where there is none.
   * @throws EventStoreUnavailable
   */
  async latest(): Promise<bigint | null> {
    try {
      for (let from: typeof END | Position = END; ;) {
        const page = this.#client.readAll({
          ...{ direction: BACKWARDS, fromPosition: from, maxCount: LATEST, deadline: PATIENCE_MS },
        });
        const events: AllStreamRecordedEvent[] = [];
        for await (const { event } of page) if (event) events.push(event);
        const own = events.find(({ type }) => !type.startsWith('$'));
        if (own) return own.position.commit;
        if (events.length < LATEST) return null;
        from = events.at(-1)!.position;
      }
    } catch (error) {
      throw unavailable(error);
    }
  }

  /** The position of the latest event of all; -1 where there is none. */
  async #end(): Promise<bigint> {
    let end = -1n;
    // Read to its end: a call that is left half read keeps the connection from closing.
    const latest = this.#client.readAll({
      direction: BACKWARDS,
      fromPosition: END,
      maxCount: 1,
      deadline: PATIENCE_MS,
    });
    for await (const { event } of latest) end = event?.position.commit ?? -1n;
    return end;
  }

  async close(): Promise<void> {
    await this.#client.dispose();
  }

  /** Called by Nest where it has made the adapter, after all that uses it has ended. */
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }
}

type StoredType = JSONEventType<string, Record<string, unknown>, Metadata>;

/** The client leaves an append unanswered when its connection breaks at the wrong moment; no answer in time is an outage. */
const answered = <T>(work: Promise<T>): Promise<T> => {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
};

const unavailable = (error: unknown): unknown =>
  error instanceof EventStoreUnavailable
    ? error
    : new EventStoreUnavailable('the event store did not answer', { cause: error });
