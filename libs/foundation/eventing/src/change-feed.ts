import type { Reader } from '@kernel';
import type { RowState } from './row-state.js';

/** A row of a view is another, or for another audience: which one, its number among all announcements, and what it was and is. */
export type Change = {
  readonly number: bigint;
  readonly view: string;
  readonly key: string;
  /** Null where there was no row. */
  readonly before: RowState | null;
  /** Null where there is none any more. */
  readonly after: RowState | null;
};

/** A part of the feed, as far as it may concern one of these readers. */
export type FeedRange = {
  readonly number: bigint;
  readonly to: bigint;
  readonly from: bigint;
  readonly readers: readonly Reader[];
};

/** Announcements after this number are no longer kept; what changed since must be read anew. */
export class FeedExpired extends Error {
  override readonly name = 'FeedExpired';
}

/**
 * Announcements of changed rows, written in the transaction that changed them. They carry no content, but who could see a
 * row and who can: so whether somebody is to be told is decided without another question, and tells nothing to others.
 */
export abstract class ChangeFeed {
  /**
   * The announcements after a number, at most `limit`, in order.
   * @throws FeedExpired, ReadStoreUnavailable
   */
  abstract after(number: bigint, limit: number): Promise<readonly Change[]>;
  /**
   * Of a view, the first announcement of each row after `number` and up to `to` by which one of the readers may see another
   * row than before: what the row was to them at that number. At most `limit`, in order, those after `from`. It takes no
   * longer for what is announced of rows that are hidden from all of the readers.
   * @throws FeedExpired, ReadStoreUnavailable
   */
  abstract firstOfEach(view: string, range: FeedRange, limit: number): Promise<readonly Change[]>;
  /** The number of the latest announcement. */
  abstract latest(): Promise<bigint>;
  /** Calls back whenever there may be something new, until the signal aborts. */
  abstract listen(onNews: () => void, signal: AbortSignal): void;
}
