import { isCommitmentTo, type EventStore } from '@foundation/eventing';
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
  /** One answer for each leaf, in their order; null where the content is not to be seen, or was erased. */
  of(leaves: readonly Leaf[]): Promise<readonly (BundleContent | null)[]>;
}

export const NO_CONTENTS: Contents = { of: (leaves) => Promise.resolve(leaves.map(() => null)) };

/** Contents out of the history: all that whoever holds the store can read. What is sealed there stays so without its keys. */
export class ContentsOfHistory implements Contents {
  constructor(private readonly history: EventStore) {}

  async of(leaves: readonly Leaf[]): Promise<(BundleContent | null)[]> {
    const found = new Map<string, BundleContent>();
    for (const [stream, own] of Map.groupBy(leaves, (leaf) => leaf.stream)) await this.#read(stream, own, found);
    return leaves.map(({ eventId }) => found.get(eventId) ?? null);
  }

  async #read(stream: string, leaves: readonly Leaf[], found: Map<string, BundleContent>): Promise<void> {
    const dash = stream.indexOf('-');
    const first = BigInt(leaves[0]!.revision);
    const record = stream.slice(dash + 1) as RecordId;
    const wanted = new Set(leaves.map(({ eventId }) => eventId));
    const after = first === 0n ? undefined : first - 1n;
    for await (const { id, event, metadata } of this.history.read(stream.slice(0, dash), record, after)) {
      const { salt } = metadata.commitment;
      if (wanted.has(id) && salt !== undefined && isCommitmentTo(event.data, metadata.commitment)) {
        found.set(id, { salt, json: canonicalize(JSON.parse(JSON.stringify(event.data))) });
      }
    }
  }
}
