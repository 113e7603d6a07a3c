import type { LiveFault, LiveState } from '@adapters/read-store-postgres';
import { type EventStore, isUnreadable, Refolded, type StoredEvent, type Unreadable } from '@foundation/eventing';
import { type AnyView, isContentWithheld, isErasure, type Marked } from '@kernel';
import { isDeepStrictEqual } from 'node:util';
import { between } from './replay.js';

export type Comparison = {
  readonly events: number;
  readonly views: number;
  readonly rows: number;
  /** What is not as the history makes it: the first in the order of views and keys. Null: nothing that was compared. */
  readonly difference: LiveFault | null;
  /** What could not be compared, one sentence each. */
  readonly untold: readonly string[];
};

/**
 * Folds every view anew from the beginning of the history, each as far as its live rows have come, and compares. What
 * the two hold is held in memory. Rows of contents that do not open are held against themselves alone, by the state.
 */
export const compared = async (events: EventStore, live: LiveState, views: readonly AnyView[]): Promise<Comparison> => {
  const { positions } = live;
  const present = views.filter((view) => positions.has(view));
  const folded = new Map(present.map((view) => [view, new Refolded([view])]));
  const end = [...positions.values()].reduce((most, each) => (each > most ? each : most), -1n);
  const shut = new ShutContents();
  let count = 0;
  let last = -1n;
  let altered: LiveFault | null = null;
  for await (const stored of between(events, undefined, end)) {
    count++;
    last = stored.position;
    if (!isUnreadable(stored)) shut.take(stored);
    else altered ??= alteration(stored);
    for (const [view, rows] of folded) if (stored.position <= positions.get(view)!) rows.take(stored);
  }
  const untold = [
    ...live.unread.map((name) => `Not compared, for it is not what readers are answered from: ${name}.`),
    ...(live.unasked === null
      ? []
      : [`What readers are shown was not asked for, since their login could not be taken: ${live.unasked}.`]),
  ];
  const counts = { events: count, views: present.length, rows: 0 };
  let difference: LiveFault | null = altered;
  for (const view of present) {
    const isShut = shut.of(view, positions.get(view)!);
    const is = live.rows.get(view)!;
    const should = folded.get(view)!.rows(view);
    counts.rows += is.size;
    difference ??= beyondEnd(view, positions.get(view)!, last) ?? differenceIn(view, is, should, isShut);
    const unseen = [...is.keys()].filter(isShut).length;
    if (unseen > 0)
      untold.push(`${unseen} of ${is.size} rows of ${view.name}: no key opens the contents they were made of.`);
  }
  return { ...counts, difference: difference ?? live.fault, untold };
};

const alteration = ({ id, stream, recordId, unreadable }: Unreadable): LiveFault | null =>
  unreadable === 'UNOPENED'
    ? {
        message: `The event ${id} of ${stream} is not what was recorded: the history was tampered with.`,
        view: null,
        key: recordId,
        live: null,
        folded: null,
      }
    : null;

const beyondEnd = ({ name }: AnyView, position: bigint, last: bigint): LiveFault | null =>
  position > last
    ? {
        message: `${name} is said to have come to position ${position}, and the history ends at ${last}.`,
        view: name,
        key: null,
        live: { position: String(position) },
        folded: { position: String(last) },
      }
    : null;

const differenceIn = (
  { name: view }: AnyView,
  live: ReadonlyMap<string, Marked>,
  folded: ReadonlyMap<string, Marked>,
  isShut: (key: string) => boolean,
): LiveFault | null => {
  for (const key of new Set([...live.keys(), ...folded.keys()])) {
    if (isShut(key)) continue;
    const [is, should] = [live.get(key) ?? null, folded.get(key) ?? null];
    if (is === null || should === null || !isDeepStrictEqual(asJson(should), is)) {
      const message = `The row ${key} of ${view} is not what the history makes of it:`;
      return { message, view, key, live: is, folded: should };
    }
  }
  return null;
};

/** As it is stored: members that are undefined are not there. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Records whose contents do not open although no erasure says why: their keys are not here, or were taken away. */
class ShutContents {
  /** Wire names of the events that are shut, by record. */
  readonly #types = new Map<string, Set<string>>();
  readonly #erased = new Map<string, bigint>();

  take({ recordId, event, position }: StoredEvent): void {
    if (isErasure(event)) this.#erased.set(recordId, position);
    if (!isContentWithheld(event)) return;
    const types = this.#types.get(recordId) ?? new Set();
    this.#types.set(recordId, types.add(event.data.of));
  }

  /** Whether what the row with a key should be cannot be told. A view that takes its keys from contents is so as a whole. */
  of(view: AnyView, position: bigint): (key: string) => boolean {
    const shut = [...this.#types].filter(([record]) => !((this.#erased.get(record) ?? position + 1n) <= position));
    const isWhole = view.keysOf !== undefined && shut.some(([, types]) => view.events.some((type) => types.has(type)));
    const records = new Set(shut.map(([record]) => record));
    return (key) => isWhole || records.has(key);
  }
}
