import {
  type Difference,
  type EventStore,
  historyDifference,
  isUnreadable,
  type StoredEvent,
  type Unreadable,
} from '@foundation/eventing';
import { canonicalize } from '@foundation/transparency';
import type { RecordId } from '@kernel';
import type { BundleContent } from './bundle.js';

/** What a leaf says of its event. */
export type Leaf = {
  readonly stream: string;
  readonly revision: string;
  readonly eventId: string;
  readonly type: string;
  readonly recordedAt: string;
  readonly payload: { readonly alg: string; readonly digest: string };
};

/** Where an export gets the contents from, as far as its reader may see them. */
export interface Contents {
  /**
   * One answer for each leaf, in their order; null where the content is not to be seen, was erased, or is another.
   *
   * @param first index of the first of them
   */
  of(leaves: readonly Leaf[], first: number): Promise<readonly (BundleContent | null)[]>;
}

export const NO_CONTENTS: Contents = { of: (leaves) => Promise.resolve(leaves.map(() => null)) };

/** Differences that are told one by one. */
const TOLD = 20;

/** Contents out of the history: all that whoever holds the store can read. What is sealed there stays so without its keys. */
export class ContentsOfHistory implements Contents {
  /** The first events that are not what their leaves and commitments say. */
  readonly differences: Difference[] = [];
  /** How many such events there are. */
  count = 0;

  constructor(private readonly history: EventStore) {}

  async of(leaves: readonly Leaf[], first: number): Promise<(BundleContent | null)[]> {
    const events = new Map<string, StoredEvent | Unreadable>();
    for (const [stream, own] of Map.groupBy(leaves, (leaf) => leaf.stream)) await this.#read(stream, own, events);
    return leaves.map((leaf, at) => this.#contentOf(leaf, first + at, events.get(leaf.eventId) ?? null));
  }

  #contentOf(leaf: Leaf, index: number, event: StoredEvent | Unreadable | null): BundleContent | null {
    const difference = historyDifference(index, canonicalize(leaf), event);
    if (difference) {
      this.count++;
      if (this.differences.length < TOLD) this.differences.push(difference);
      return null;
    }
    // What another program wrote was committed to by nobody.
    if (isUnreadable(event!)) return null;
    const { event: fact, metadata } = event!;
    const { salt } = metadata.commitment;
    return salt === undefined ? null : { salt, json: canonicalize(JSON.parse(JSON.stringify(fact.data))) };
  }

  async #read(stream: string, leaves: readonly Leaf[], found: Map<string, StoredEvent | Unreadable>): Promise<void> {
    const dash = stream.indexOf('-');
    const first = BigInt(leaves[0]!.revision);
    const record = stream.slice(dash + 1) as RecordId;
    const wanted = new Set(leaves.map(({ eventId }) => eventId));
    const after = first === 0n ? undefined : first - 1n;
    for await (const event of this.history.read(stream.slice(0, dash), record, after)) {
      if (wanted.has(event.id)) found.set(event.id, event);
    }
  }
}
