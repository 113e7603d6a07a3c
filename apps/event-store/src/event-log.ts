import { LRUCache } from 'lru-cache';

import type { EventTable } from './event-table.js';
import { isMetastream, metastreamOf, originalOf, TOMBSTONE_REVISION, type RecordedEvent } from './event.js';
import {
  isSoftDeleted,
  METASTREAM_SETTINGS,
  NO_SETTINGS,
  parseSettings,
  type StreamSettings,
} from './stream-settings.js';
import type { WriteRequest } from './write-request.js';

/** How many streams' settings are held in memory, and how many of the last events. */
const SETTINGS_KEPT = 10_000;
const TAIL_EVENTS = 1_024;
const TAIL_BYTES = 8 * 1024 * 1024;

/** Chooses events by stream and type. */
export type Filter = (event: { stream: string; type: string }) => boolean;

/** What a stream looks like to a reader now. */
export type StreamState =
  { kind: 'absent' } | { kind: 'tombstoned' } | { kind: 'present'; first: number; last: number; notBefore: number };

/** One step of a walk over all events: those that match, and the position up to which it looked. */
export interface Stretch {
  events: RecordedEvent[];
  /** Position of each event looked at, in order. */
  looked: number[];
}

/** The reading side of the store. Every method is synchronous and short; callers read in slices. */
export class EventLog {
  readonly #settings = new LRUCache<string, StreamSettings>({ max: SETTINGS_KEPT });
  readonly #watchers = new Map<string, Set<() => void>>();
  #tail: RecordedEvent[] = [];
  #tailBytes = 0;

  constructor(
    private readonly table: EventTable,
    /** Position of the last committed event. */
    private head: number,
  ) {}

  get lastPosition(): number {
    return this.head;
  }

  /** Takes note of a commit and wakes those who wait for it. */
  committed(written: readonly WriteRequest[], head: number): void {
    this.head = head;
    for (const { stream } of written) {
      // A write may change the settings of a stream along with its events.
      for (const name of [stream, metastreamOf(stream), ...(isMetastream(stream) ? [originalOf(stream)] : [])]) {
        this.#settings.delete(name);
        this.#wake(name);
      }
    }
    if (written.length > 0) this.#wake('$all');
  }

  /** Calls `wake` after each commit to the stream, or to any with `$all`. Returns how to stop it. */
  watch(stream: string, wake: () => void): () => void {
    const watchers = this.#watchers.get(stream) ?? new Set();
    this.#watchers.set(stream, watchers.add(wake));
    return () => {
      watchers.delete(wake);
      if (watchers.size === 0 && this.#watchers.get(stream) === watchers) this.#watchers.delete(stream);
    };
  }

  #wake(stream: string): void {
    for (const wake of this.#watchers.get(stream) ?? []) wake();
  }

  /** Events from `position` on, in order. */
  forward(position: number, limit: number): RecordedEvent[] {
    const first = this.#tail[0]?.position ?? Infinity;
    const inTail = position - first;
    if (inTail >= 0 && inTail < this.#tail.length) return this.#tail.slice(inTail, inTail + limit);
    if (position > this.head) return [];
    const events = this.table.forward(position, limit);
    this.#keep(events, inTail === this.#tail.length);
    return events;
  }

  /** As {@link forward}, for the events that match; looks at `limit` events and reads the bodies of the matching ones alone. */
  forwardMatching(position: number, limit: number, filter: Filter): Stretch {
    const inTail = position >= (this.#tail[0]?.position ?? Infinity);
    if (inTail || this.head - position < 64) {
      const events = this.forward(position, limit);
      return { events: events.filter(filter), looked: events.map((event) => event.position) };
    }
    const headings = this.table.headings(position, limit);
    const events = headings.filter(filter).flatMap((heading) => this.table.forward(heading.position, 1));
    return { events, looked: headings.map((heading) => heading.position) };
  }

  /** Events from `position` back, in reverse order. */
  backward(position: number, limit: number): RecordedEvent[] {
    return this.table.backward(position, limit);
  }

  /** Holds on to the newest events, so that a hundred subscribers cost one read. */
  #keep(events: RecordedEvent[], follows: boolean): void {
    if (events.length === 0 || (events.at(-1)?.position ?? 0) < this.head - TAIL_EVENTS) return;
    if (!follows) {
      this.#tail = [];
      this.#tailBytes = 0;
    }
    for (const event of events) {
      this.#tail.push(event);
      this.#tailBytes += event.data.length + event.metadata.length;
    }
    let dropped = 0;
    while (this.#tail.length - dropped > TAIL_EVENTS || (this.#tailBytes > TAIL_BYTES && dropped < this.#tail.length)) {
      const event = this.#tail[dropped];
      if (event) this.#tailBytes -= event.data.length + event.metadata.length;
      dropped += 1;
    }
    if (dropped > 0) this.#tail = this.#tail.slice(dropped);
  }

  stateOf(stream: string): StreamState {
    const last = this.table.lastRevision(stream);
    if (last === TOMBSTONE_REVISION) return { kind: 'tombstoned' };
    if (isMetastream(stream) && this.table.lastRevision(originalOf(stream)) === TOMBSTONE_REVISION) {
      return { kind: 'tombstoned' };
    }
    const settings = this.settingsOf(stream);
    if (last === -1 || isSoftDeleted(settings)) return { kind: 'absent' };
    const first = Math.max(0, settings.truncateBefore, last - settings.maxCount + 1);
    const notBefore = settings.maxAge === Infinity ? 0 : Date.now() - settings.maxAge * 1000;
    return { kind: 'present', first, last, notBefore };
  }

  /** The last revision of a stream whether it is deleted or not, -1 where it has no event. */
  lastRevision(stream: string): number {
    return this.table.lastRevision(stream);
  }

  streamForward(stream: string, revision: number, limit: number): RecordedEvent[] {
    return this.table.streamForward(stream, revision, limit);
  }

  streamBackward(stream: string, revision: number, limit: number): RecordedEvent[] {
    return this.table.streamBackward(stream, revision, limit);
  }

  settingsOf(stream: string): StreamSettings {
    if (isMetastream(stream)) return METASTREAM_SETTINGS;
    const known = this.#settings.get(stream);
    if (known) return known;
    const [event] = this.table.streamBackward(metastreamOf(stream), TOMBSTONE_REVISION, 1);
    const settings = event ? parseSettings(event.data) : NO_SETTINGS;
    this.#settings.set(stream, settings);
    return settings;
  }

  /** The event a link points to; undefined where there is none or it is no longer shown. */
  target(link: RecordedEvent): RecordedEvent | undefined {
    const [, revision, stream] = /^(\d+)@(.+)$/s.exec(Buffer.from(link.data).toString()) ?? [];
    if (revision === undefined || stream === undefined) return undefined;
    const state = this.stateOf(stream);
    if (state.kind !== 'present' || Number(revision) < state.first || Number(revision) > state.last) return undefined;
    return this.table.streamForward(stream, Number(revision), 1)[0];
  }

  close(): void {
    this.table.close();
  }
}
