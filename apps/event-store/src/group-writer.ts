import { randomUUID } from 'node:crypto';

import { LRUCache } from 'lru-cache';

import type { EventTable } from './event-table.js';
import {
  isMetastream,
  METADATA_TYPE,
  metastreamOf,
  originalOf,
  TOMBSTONE_REVISION,
  TOMBSTONE_TYPE,
  type ProposedEvent,
  type RecordedEvent,
} from './event.js';
import { isSoftDeleted, parseSettings, softDeletedBody, undeletedBody } from './stream-settings.js';
import {
  ANY,
  NO_STREAM,
  STREAM_EXISTS,
  type WriteGroup,
  type WriteOutcome,
  type WriteRequest,
} from './write-request.js';

/** How many streams and how many recent event ids are held in memory; the rest is looked up in the file. */
const HEADS_KEPT = 50_000;
const IDS_KEPT = 50_000;
const IDS_LOADED_AT_START = 2_000;

/** What an append needs to know of its stream. */
interface StreamHead {
  /** Last revision, -1 for none, {@link TOMBSTONE_REVISION} after a tombstone. */
  last: number;
  softDeleted: boolean;
}

/** Where an event that was written lately stands, to recognise it when a client sends it again. */
interface RecentEvent {
  stream: string;
  revision: number;
  position: number;
}

const EMPTY = new Uint8Array();

/** Decides on write requests and records them, a group in one transaction. The only writer of its table. */
export class GroupWriter {
  readonly #heads = new LRUCache<string, StreamHead>({ max: HEADS_KEPT });
  readonly #recent = new LRUCache<string, RecentEvent>({ max: IDS_KEPT });
  #last: number;

  constructor(private readonly table: EventTable) {
    this.#last = table.lastPosition();
    const from = Math.max(0, this.#last - IDS_LOADED_AT_START + 1);
    for (let next = from; next <= this.#last;) {
      const events = table.forward(next, IDS_LOADED_AT_START);
      for (const { id, stream, revision, position } of events) this.#recent.set(id, { stream, revision, position });
      next += events.length;
    }
  }

  /** Position of the last committed event, -1 for none. */
  get last(): number {
    return this.#last;
  }

  /**
   * Commits the group. The outcomes may be told to the clients as soon as this returns.
   * @throws what SQLite throws; nothing of the group is recorded then.
   */
  commit(group: WriteGroup): WriteOutcome[] {
    const { database } = this.table;
    const before = this.#last;
    database.exec('BEGIN IMMEDIATE');
    try {
      let offset = 0;
      const outcomes = group.requests.map((request) => {
        const events: ProposedEvent[] = request.events.map(({ id, type, isJson, metadataLength, dataLength }) => {
          const metadata = group.bytes.subarray(offset, offset + metadataLength);
          const data = group.bytes.subarray(offset + metadataLength, offset + metadataLength + dataLength);
          offset += metadataLength + dataLength;
          return { id, type, isJson, metadata, data };
        });
        return this.#handle(request, events);
      });
      database.exec('COMMIT');
      return outcomes;
    } catch (error) {
      this.#last = before;
      this.#heads.clear();
      this.#recent.clear();
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }

  #handle(request: WriteRequest, events: ProposedEvent[]): WriteOutcome {
    const { stream, expected } = request;
    if (request.deadline < Date.now()) return { kind: 'timed-out' };
    const head = this.#headOf(stream);
    if (head.last === TOMBSTONE_REVISION || this.#isMetastreamOfTombstone(stream)) {
      return { kind: 'stream-deleted' };
    }
    const current = head.softDeleted ? -1 : head.last;
    const wrong: WriteOutcome = { kind: 'wrong-expected-revision', current: head.last };
    if (expected === STREAM_EXISTS) {
      if (head.softDeleted) return { kind: 'stream-deleted' };
      if (head.last === -1 && this.#headOf(metastreamOf(stream)).last === -1) return wrong;
    }
    if (request.kind !== 'append') {
      // What never was cannot be deleted, whatever is expected; it can be ended for good.
      if (request.kind === 'soft-delete' && head.last === -1) return wrong;
      if (expected >= NO_STREAM && expected !== current && expected !== head.last) return wrong;
      return request.kind === 'tombstone' ? this.#tombstone(stream) : this.#softDelete(stream);
    }
    const again = this.#writtenBefore(stream, expected, head, events);
    if (again) return again;
    if (expected >= NO_STREAM && expected !== current && expected !== head.last) return wrong;
    return this.#append(stream, head, events);
  }

  /** The outcome of a request that was recorded before, all of it or a part; undefined for a new one. */
  #writtenBefore(
    stream: string,
    expected: number,
    head: StreamHead,
    events: ProposedEvent[],
  ): WriteOutcome | undefined {
    if (events.length === 0 || head.last === -1) return undefined;
    let found: RecentEvent | undefined;
    for (const [index, event] of events.entries()) {
      const earlier =
        expected >= NO_STREAM
          ? this.#standsAt(stream, expected + 1 + index, head, event.id)
          : this.#recentIn(stream, event.id);
      if (!earlier && index === 0) return undefined;
      if (!earlier) return { kind: 'wrong-expected-revision', current: head.last };
      found = earlier;
    }
    return found && { kind: 'written', revision: found.revision, position: found.position };
  }

  #standsAt(stream: string, revision: number, head: StreamHead, id: string): RecentEvent | undefined {
    if (revision > head.last) return undefined;
    const recent = this.#recentIn(stream, id);
    if (recent) return recent.revision === revision ? recent : undefined;
    const [stored] = this.table.streamForward(stream, revision, 1);
    return stored?.id === id ? stored : undefined;
  }

  #recentIn(stream: string, id: string): RecentEvent | undefined {
    const recent = this.#recent.get(id);
    return recent?.stream === stream ? recent : undefined;
  }

  #append(stream: string, head: StreamHead, events: ProposedEvent[]): WriteOutcome {
    const comesBack = head.softDeleted && events.length > 0;
    const firstShown = head.last + 1;
    for (const event of events) this.#record(stream, head.last + 1, event);
    const written: WriteOutcome = { kind: 'written', revision: this.#headOf(stream).last, position: this.#last };
    if (comesBack) this.#bringBack(stream, firstShown);
    if (isMetastream(stream) && events.length > 0) this.#settingsWritten(originalOf(stream), events);
    return written;
  }

  /** Settings written to a soft-deleted stream bring it back, unless they cut it off themselves. */
  #settingsWritten(stream: string, events: ProposedEvent[]): void {
    const before = this.#headOf(stream);
    const settings = parseSettings(events.at(-1)?.data ?? EMPTY);
    if (before.softDeleted && before.last >= 0 && settings.truncateBefore === 0) {
      this.#bringBack(stream, before.last + 1);
    } else {
      before.softDeleted = isSoftDeleted(settings);
    }
  }

  #bringBack(stream: string, firstShown: number): void {
    const body = undeletedBody(this.#settingsBody(stream), firstShown);
    this.#recordSettings(stream, body);
    this.#headOf(stream).softDeleted = false;
  }

  #softDelete(stream: string): WriteOutcome {
    this.#recordSettings(stream, softDeletedBody(this.#settingsBody(stream)));
    const head = this.#headOf(stream);
    head.softDeleted = true;
    return { kind: 'written', revision: head.last, position: this.#last };
  }

  #tombstone(stream: string): WriteOutcome {
    const event = { id: randomUUID(), type: TOMBSTONE_TYPE, isJson: true, metadata: EMPTY, data: Buffer.from('{}') };
    this.#record(stream, TOMBSTONE_REVISION, event);
    return { kind: 'written', revision: TOMBSTONE_REVISION, position: this.#last };
  }

  #recordSettings(stream: string, data: Uint8Array): void {
    const metastream = metastreamOf(stream);
    const event = { id: randomUUID(), type: METADATA_TYPE, isJson: true, metadata: EMPTY, data };
    this.#record(metastream, this.#headOf(metastream).last + 1, event);
  }

  #record(stream: string, revision: number, event: ProposedEvent): void {
    const recorded: RecordedEvent = { ...event, position: this.#last + 1, stream, revision, created: Date.now() };
    this.table.insert(recorded);
    this.#last = recorded.position;
    this.#headOf(stream).last = revision;
    this.#recent.set(event.id, { stream, revision, position: recorded.position });
  }

  #headOf(stream: string): StreamHead {
    const known = this.#heads.get(stream);
    if (known) return known;
    const { last, hasSettings } = this.table.head(stream);
    const softDeleted =
      hasSettings && !isMetastream(stream) && isSoftDeleted(parseSettings(this.#settingsBody(stream)));
    const head = { last, softDeleted };
    this.#heads.set(stream, head);
    return head;
  }

  #settingsBody(stream: string): Uint8Array {
    const [event] = this.table.streamBackward(metastreamOf(stream), TOMBSTONE_REVISION, 1);
    return event?.data ?? EMPTY;
  }

  #isMetastreamOfTombstone(stream: string): boolean {
    return isMetastream(stream) && this.#headOf(originalOf(stream)).last === TOMBSTONE_REVISION;
  }
}

/** The first event of every store: positions of users' events start at 1. */
export function genesis(): WriteGroup {
  const data = Buffer.from(JSON.stringify({ epochNumber: 0, epochPosition: 0, epochId: randomUUID() }));
  const event = {
    id: randomUUID(),
    type: '$epoch-information',
    isJson: true,
    metadataLength: 0,
    dataLength: data.length,
  };
  const request: WriteRequest = {
    kind: 'append',
    stream: '$epoch-information',
    expected: ANY,
    deadline: Infinity,
    events: [event],
  };
  return { requests: [request], bytes: data };
}
