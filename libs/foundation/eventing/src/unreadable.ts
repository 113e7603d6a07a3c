import { CONTENT_WITHHELD, type ContentWithheld, type Recorded } from '@kernel';
import { LRUCache } from 'lru-cache';
import { createHash } from 'node:crypto';
import type { Foreign, StoredEvent, Unopened, Unreadable } from './event-store.js';
import { jsonOf } from './json-parts.js';

export const isUnreadable = (item: Recorded | Unreadable | 'caughtUp'): item is Unreadable =>
  typeof item === 'object' && 'unreadable' in item;

/** Whether it may be what was recorded: the key of its owner is not at hand, which is told of by itself. */
export const lacksOwnerKey = (item: Unreadable): item is Unopened & { readonly lacksOwnerKey: true } =>
  item.unreadable === 'UNOPENED' && item.lacksOwnerKey === true;

/** The events where all of them can be read; null otherwise: what can be read may be what was taken back. */
export const wholly = (events: readonly (StoredEvent | Unreadable)[]): readonly StoredEvent[] | null => {
  const readable = events.filter((each): each is StoredEvent => !isUnreadable(each));
  return readable.length === events.length ? readable : null;
};

/** The name of the stream that an event stands in. */
export const streamOf = (item: Recorded | Unreadable): string =>
  'unreadable' in item ? item.stream : `${item.category}-${item.recordId}`;

/**
 * What stands for an unreadable event where a record is folded: its content counts as withheld, so the record answers as
 * if it were not there. What cannot be read may have narrowed its audience.
 */
export const asWithheld = ({
  type,
  recordId,
  category,
  revision,
  position,
  recordedAt,
}: Unreadable): Recorded<ContentWithheld> => ({
  event: { type: CONTENT_WITHHELD, data: { of: type, because: 'ALTERED' } },
  ...{ recordId, category, revision, position, recordedAt },
});

/** A readable event that is none of the platform's all the same. */
export const foreign = (stored: StoredEvent): Foreign => ({
  ...placeOf(stored),
  unreadable: 'FOREIGN',
  problem: 'what is noted beside it has no canonical form',
  digest: digestOfForeign(stored.event.data, stored.metadata),
});

/** SHA-256 over data and metadata as they were parsed, base64url. Bytes that are no JSON count in base64. */
export const digestOfForeign = (data: unknown, metadata: unknown): string => {
  const parts = [data, metadata].map((part) =>
    ArrayBuffer.isView(part) ? Buffer.from(part as Uint8Array).toString('base64') : (part ?? null),
  );
  const hash = createHash('sha256');
  for (const text of jsonOf(parts)) hash.update(text);
  return hash.digest('base64url');
};

/** An event, as it was before it was opened, with why it cannot be. */
export const unopened = (stored: StoredEvent, problem: string): Unopened => ({
  ...placeOf(stored),
  unreadable: 'UNOPENED',
  problem,
  stored,
});

/** Why an event of a stream of which others hide events is not taken for what it says. */
export const HIDDEN =
  'events of its stream are hidden from its readers, by settings of the stream or by its deletion, and the platform does neither';

const placeOf = (stored: StoredEvent) => {
  const { id, category, recordId, revision, position, recordedAt, event } = stored;
  return { id, stream: streamOf(stored), category, recordId, revision, position, recordedAt, type: event.type };
};

/** Streams of which it is remembered how often they were complained of. */
const REMEMBERED = 10_000;

/** What stands in the history: facts of the platform alone, others' events as well, or what is not what was recorded. */
export type HistoryState = 'up' | 'foreign' | 'altered';

/** What a process has met in the history and could not read: told at the first of a stream, and then ever more rarely. */
export class UnreadableEvents {
  readonly #seen = new LRUCache<string, { last: bigint; count: number }>({ max: REMEMBERED });

  #isAltered = false;

  constructor(private readonly alarm: (sentence: string) => void) {}

  /** The worst of what was met: foreign events harm nobody, altered ones are an alarm. */
  get state(): HistoryState {
    return this.#seen.size === 0 ? 'up' : this.#isAltered ? 'altered' : 'foreign';
  }

  readonly note = (item: Unreadable): void => {
    if (lacksOwnerKey(item)) return;
    const { stream, revision, id, type, problem } = item;
    this.#isAltered ||= item.unreadable === 'UNOPENED';
    const seen = this.#seen.get(stream);
    // Read again it is none more.
    if (seen !== undefined && revision <= seen.last) return;
    const count = (seen?.count ?? 0) + 1;
    this.#seen.set(stream, { last: revision, count });
    if (!Number.isInteger(Math.log10(count))) return;
    this.alarm(
      `ALARM the event ${id} (${stream}, revision ${revision}, ${type}) cannot be read: ${problem}. ` +
        `It is passed over, and a record that it belongs to is withheld; ${count} in this stream so far.`,
    );
  };
}
