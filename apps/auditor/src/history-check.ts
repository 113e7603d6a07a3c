import { Refuted } from '@foundation/configuration';
import {
  type Difference,
  hiddenIn,
  historyDifference,
  isUnreadable,
  leafInLog,
  type StoredEvent,
  streamOf,
  type Unreadable,
} from '@foundation/eventing';
import { CONTENT_WITHHELD, type ContentErased, type ContentWithheld } from '@kernel';
import { between } from './replay.js';
import type { Sources } from './replay-sources.js';
import { provedLeaves, type ProvedLeaf, type Trust, type Verified } from './verify.js';

/** The history is not the one that was recorded. The message names the first difference. */
export class HistoryRefuted extends Refuted {
  override readonly name = 'HistoryRefuted';

  constructor(
    message: string,
    /** Null where it is of no single event. */
    readonly difference: Difference | null = null,
  ) {
    super(message);
  }
}

const refuted = (difference: Difference): HistoryRefuted =>
  new HistoryRefuted(`${difference.message} (${difference.field})`, difference);

/** A history that holds to all that it was held against. */
export type CheckedHistory = {
  /** The log that it was held against; null where there was none. */
  readonly log: Verified | null;
  readonly events: number;
  /** Events that the log has no leaf of: newer than its checkpoint, or outside the bundle. */
  readonly withoutLeaf: number;
  /** Events with a leaf of version 1, which binds neither person nor roles, and the marking with the content alone. */
  readonly loose: number;
  /** Events that are not as the platform writes them: they stand there as the log took them in, and count for nothing. */
  readonly foreign: number;
  readonly firstForeign: Unreadable | null;
  readonly contents: {
    /** As they were committed to. */
    readonly proved: number;
    /** Sealed, and erased by their owners. */
    readonly erased: number;
    /** Sealed, and nothing opens them. */
    readonly shut: number;
    /** The first of these. */
    readonly firstShut: Shut | null;
  };
};

/** Contents of one record that nothing opens. */
type Shut = { readonly eventId: string; readonly stream: string; readonly revision: bigint; readonly count: number };

/**
 * Reads the whole history and holds each event against its leaf and its commitments, their order and their count.
 *
 * @param sources contents are opened as far as these have keys
 * @param log a bundle, and who is trusted; null to check the contents alone
 * @throws HistoryRefuted, BundleRefused
 */
export const checkHistory = async (
  { events, hidden }: Pick<Sources, 'events' | 'hidden'>,
  log: { readonly bundle: string; readonly trust: Trust } | null,
): Promise<CheckedHistory> => {
  const leaves = log && new InOrder(provedLeaves(log.bundle, log.trust));
  const counts = { events: 0, withoutLeaf: 0, loose: 0, foreign: 0, proved: 0 };
  const shut = new Map<string, Shut>();
  let erased = 0;
  let firstForeign: Unreadable | null = null;
  const hiddenStreams = new Set(await hidden());
  // What other programs hide of their own streams is theirs.
  let hiddenRecord: string | null = null;
  for await (const event of between(events, undefined, undefined)) {
    const index = counts.events++;
    const leaf = (await leaves?.at(index)) ?? null;
    const difference = historyDifference(index, leaf?.text ?? null, event);
    if (difference) throw refuted(difference);
    if (leaf === null) counts.withoutLeaf++;
    const { unreadable } = leafInLog(event);
    if (unreadable) {
      counts.foreign++;
      firstForeign ??= unreadable;
    }
    if (isUnreadable(event)) continue;
    if (event.metadata.binding === undefined) counts.loose++;

    const stream = streamOf(event);
    if (hiddenStreams.has(stream)) hiddenRecord ??= stream;
    if (event.event.type === ('access.ContentErased.v1' satisfies ContentErased['type'])) {
      erased += shut.get(stream)?.count ?? 0;
      shut.delete(stream);
    }
    if (isShut(event)) {
      const { id: eventId, revision } = event;
      const known = shut.get(stream) ?? { eventId, stream, revision, count: 0 };
      shut.set(stream, { ...known, count: known.count + 1 });
    } else {
      counts.proved++;
    }
  }
  const verified = (await leaves?.end()) ?? null;
  if (hiddenRecord !== null) throw new HistoryRefuted(hiddenIn(hiddenRecord));
  const { proved, ...rest } = counts;
  return { log: verified, ...rest, firstForeign, contents: { proved, erased, ...left(shut) } };
};

const left = (shut: ReadonlyMap<string, Shut>): { shut: number; firstShut: Shut | null } => ({
  shut: [...shut.values()].reduce((sum, { count }) => sum + count, 0),
  firstShut: shut.values().next().value ?? null,
});

const isShut = ({ event }: StoredEvent): boolean =>
  event.type === CONTENT_WITHHELD && (event as ContentWithheld).data.because === 'ERASED';

/** Leaves that are asked for by their index, in order. */
class InOrder {
  #next: IteratorResult<ProvedLeaf, Verified> | null = null;

  constructor(private readonly leaves: AsyncGenerator<ProvedLeaf, Verified>) {}

  /** Null where the log has none, or does not begin there yet. */
  async at(index: number): Promise<ProvedLeaf | null> {
    this.#next ??= await this.leaves.next();
    if (this.#next.done || this.#next.value.index !== index) return null;
    const { value } = this.#next;
    this.#next = null;
    return value;
  }

  /** @throws HistoryRefuted where there are leaves that were not asked for */
  async end(): Promise<Verified> {
    this.#next ??= await this.leaves.next();
    if (this.#next.done) return this.#next.value;
    const { index, text } = this.#next.value;
    throw refuted(historyDifference(index, text, null)!);
  }
}
