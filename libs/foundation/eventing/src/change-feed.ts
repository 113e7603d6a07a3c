/** A row of a view was written: which one, and its number among all announcements. */
export type Change = { readonly number: bigint; readonly view: string; readonly key: string };

/** Announcements after this number are no longer kept; what changed since must be read anew. */
export class FeedExpired extends Error {
  override readonly name = 'FeedExpired';
}

/** Announcements of changed rows, written in the transaction that changed them. They carry no content. */
export abstract class ChangeFeed {
  /**
   * The announcements after a number, at most `limit`, in order.
   * @throws FeedExpired, ReadStoreUnavailable
   */
  abstract after(number: bigint, limit: number): Promise<readonly Change[]>;
  /** The number of the latest announcement. */
  abstract latest(): Promise<bigint>;
  /** Calls back whenever there may be something new, until the signal aborts. */
  abstract listen(onNews: () => void, signal: AbortSignal): void;
}
