import { type LogStore, type NewLeaf, tilesOf } from '@adapters/transparency-log-sqlite';
import {
  EventStoreUnavailable,
  idOfPlace,
  inBatches,
  leafInLog,
  type LoggedLeaf,
  type StoredEvent,
  streamOf,
  type Unreadable,
} from '@foundation/eventing';
import { leafHash, TileTree } from '@foundation/transparency';
import type { RecordId } from '@kernel';
import { setTimeout as pause } from 'node:timers/promises';
import { type History, HistoryCheck } from './history-check.js';
import { LogRefused } from './log-refused.js';

/** Leaves per transaction. */
const BATCH = 1_000;
const RETRY_PAUSE_MS = 500;
/** How many of the older leaves are looked up in the history at each connection, beside the last one. */
const SAMPLE = 32;
/** Between two steps of a pass in the background: a million events in a good quarter of an hour. */
const STEP_PAUSE_MS = 200;

export type SequencerEvents = {
  /** The log holds everything that the history held when the sequencer began to follow it. */
  readonly caughtUp: () => void;
  readonly interrupted: (reason: unknown) => void;
  /** The whole history was held against the log, and is what it says. */
  readonly checked: () => void;
  /** An event that is not as the platform writes it has its leaf, and is told. */
  readonly unreadable: (event: Unreadable) => void;
};

/** Makes the log out of the history: one leaf for each event, in the order of `$all`. */
export class Sequencer {
  readonly #check: HistoryCheck;
  #hasChecked = false;

  constructor(
    private readonly history: History,
    private readonly store: LogStore,
    private readonly events: SequencerEvents,
  ) {
    this.#check = new HistoryCheck(history, store, events.unreadable);
  }

  /**
   * Follows the history until the signal aborts.
   *
   * @throws LogRefused where the history is not the one that the log was made of
   */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        // Whole before anything is signed. At a later connection a sample tells at once whether it is the same history.
        if (this.#hasChecked) await this.#requireSameHistory();
        else {
          await this.#check.pass(signal);
          if (!signal.aborted) this.events.checked();
        }
        this.#hasChecked = true;
        await this.#follow(signal);
      } catch (error) {
        if (!(error instanceof EventStoreUnavailable)) throw error;
        if (signal.aborted) return;
        this.events.interrupted(error);
        await pause(RETRY_PAUSE_MS, null, { signal }).catch(() => undefined);
      }
    }
  }

  /**
   * Goes through the whole history again and again until the signal aborts, a little at a time.
   *
   * @param restMs milliseconds from the end of one pass to the beginning of the next
   * @throws LogRefused that names the first event which is not as the log has it
   */
  async watch(signal: AbortSignal, restMs: number): Promise<void> {
    while (!signal.aborted) {
      await pause(restMs, null, { signal }).catch(() => undefined);
      try {
        await this.#check.pass(signal, STEP_PAUSE_MS);
        if (!signal.aborted) this.events.checked();
      } catch (error) {
        // That the store is away is told by whoever follows it.
        if (!(error instanceof EventStoreUnavailable)) throw error;
      }
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const tree = await TileTree.resume(this.store.size, tilesOf(this.store));
    for await (const batch of inBatches(this.history.follow({ after: this.store.position, signal }), BATCH)) {
      const stored = batch.filter((item) => item !== 'caughtUp');
      if (stored.length > 0) this.#append(stored, tree);
      if (batch.includes('caughtUp')) this.events.caughtUp();
    }
  }

  #append(events: readonly (StoredEvent | Unreadable)[], tree: TileTree): void {
    let position = this.store.position ?? -1n;
    const leaves = new Map<string, NewLeaf>();
    for (const event of events) {
      if (event.position <= position) {
        throw new LogRefused(
          `The event ${event.id} stands at ${event.position} of the history, not after ${position}, where the log is: ` +
            'the history was replaced by another.',
        );
      }
      ({ position } = event);
      const leaf = leafInLog(event);
      if (leaf.unreadable) this.events.unreadable(leaf.unreadable);
      const eventId = this.#idFor(leaf, event, leaves);
      if (eventId === null) continue;
      const { text } = leaf;
      const hash = leafHash(Buffer.from(text));
      tree.append(hash);
      leaves.set(eventId, { eventId, position, text, hash });
    }
    this.store.append([...leaves.values()], tree.takeTiles(), position);
  }

  /**
   * The id under which the log is to keep a leaf; null where it holds it already. Whoever writes to the store chooses the
   * ids of events: one that an event elsewhere has is no reason to stop.
   *
   * @throws LogRefused where the log has another leaf of that place
   */
  #idFor(
    { eventId, text }: LoggedLeaf,
    event: StoredEvent | Unreadable,
    added: ReadonlyMap<string, NewLeaf>,
  ): string | null {
    for (const id of [eventId, idOfPlace(streamOf(event), event.revision)]) {
      const known = added.get(id)?.text ?? this.store.ofEvent(id)?.text;
      if (known === undefined) return id;
      if (known === text) return null;
      if (isOfPlace(known, event)) break;
    }
    throw new LogRefused(`The event ${event.id} is in the log otherwise: the history was changed.`);
  }

  /**
   * That the events which the log holds are still in the history, unchanged: the last one, and some of the others.
   *
   * @throws LogRefused
   */
  async #requireSameHistory(): Promise<void> {
    const { size } = this.store;
    const hidden = new Set(await this.history.hidden());
    const sampled = new Set(size === 0 ? [] : [size - 1]);
    for (let count = 0; count < Math.min(SAMPLE, size); count++) sampled.add(Math.floor(Math.random() * size));
    for (const index of sampled) {
      const [leaf] = this.store.leaves(index, index + 1);
      if (!leaf) throw new LogRefused(`The log of ${size} leaves has no leaf ${index}: its database is damaged.`);
      await this.#requireInHistory(leaf.text, index, hidden);
    }
  }

  async #requireInHistory(text: string, index: number, hidden: ReadonlySet<string>): Promise<void> {
    const { stream, revision, eventId } = JSON.parse(text) as { stream: string; revision: string; eventId: string };
    const dash = stream.indexOf('-');
    // A stream of another program, which no name of a record's reads, and one that does not show all: those are for a pass.
    if (dash < 1 || hidden.has(stream)) return;
    const record = stream.slice(dash + 1) as RecordId;
    const before = BigInt(revision) - 1n;
    let first: StoredEvent | Unreadable | null = null;
    // Read to its end: a call that is left half read keeps the connection from closing.
    for await (const event of this.history.read(stream.slice(0, dash), record, before < 0n ? undefined : before)) {
      first ??= event;
    }
    if (first?.id === eventId && leafInLog(first).text === text) return;
    throw new LogRefused(
      `Leaf ${index} of the log is of event ${eventId} (${stream}, revision ${revision}), which the history no longer ` +
        'holds as it was: the event store was rolled back or changed. Restore the newest backup; until then nothing is signed.',
    );
  }
}

const isOfPlace = (leaf: string, event: StoredEvent | Unreadable): boolean => {
  const { stream, revision } = JSON.parse(leaf) as { stream: string; revision: string };
  return stream === streamOf(event) && revision === event.revision.toString();
};
