import type { AnyView, Marked } from '@kernel';
import type { Unreadable } from './event-store.js';

/** The rows of a view that a batch of events changed: null means the row is gone. */
export type ChangedRows = ReadonlyMap<string, Marked | null>;

/** Which records a view withholds from here on, by the event that could not be read, and which no more, by the stream. */
export type Withholding = { readonly from: readonly Unreadable[]; readonly noMore: readonly string[] };

/** The read store did not answer. */
export class ReadStoreUnavailable extends Error {
  override readonly name = 'ReadStoreUnavailable';
}

/** What the read store keeps is damaged: only its operator can mend it. The message is an alarm for them. */
export class ReadStoreDamaged extends Error {
  override readonly name = 'ReadStoreDamaged';
}

/** Somebody else holds a lock on the table of a view. It concerns that view alone, and passes when the lock does. */
export class ViewLocked extends ReadStoreUnavailable {}

/** How far each view has come (null: nothing yet), by its name; and the views that could not be prepared, with why. */
export type Prepared = {
  readonly positions: ReadonlyMap<string, bigint | null>;
  readonly failed: ReadonlyMap<AnyView, unknown>;
};

/** Where the read models are written. Only the projector has it. */
export abstract class ProjectionStore {
  /**
   * Makes the tables that are missing. One view that cannot be prepared is no reason for another.
   * @throws ReadStoreUnavailable
   */
  abstract prepare(views: readonly AnyView[]): Promise<Prepared>;
  /**
   * Takes the views for this process alone; waits while another process holds one of them.
   * @throws ReadStoreUnavailable
   */
  abstract hold(views: readonly AnyView[], signal: AbortSignal): Promise<HeldViews>;
}

/** Views that this process alone may write, until it lets go or loses its connection. */
export interface HeldViews extends AsyncDisposable {
  /** How far each view has come, read once they are held. */
  readonly positions: ReadonlyMap<string, bigint | null>;
  /** Names of the streams whose records are withheld from each view, because an event of theirs could not be read. */
  readonly withheld: ReadonlyMap<AnyView, Set<string>>;
  /** @throws ViewLocked where somebody else holds its table for longer than a moment */
  rows(view: AnyView, keys: readonly string[]): Promise<ReadonlyMap<string, Marked>>;
  /**
   * Rows, positions and announcements of all views in one transaction: all or nothing.
   * @throws ViewLocked where somebody else holds the table of one for longer than a moment
   */
  commit(
    position: bigint,
    changes: ReadonlyMap<AnyView, ChangedRows>,
    withholding?: ReadonlyMap<AnyView, Withholding>,
  ): Promise<void>;
  /** Lets readers have this version of the views, and drops older ones. */
  publish(views: readonly AnyView[]): Promise<void>;
  /**
   * Until the signal aborts, announces the rows of the published views whose marking opens or closes at an instant, once
   * that instant has come: each exactly once, also when it came while nobody held the view.
   * @throws ReadStoreUnavailable
   */
  keepTime(signal: AbortSignal): Promise<void>;
  /** Lets go of one view, which may be held anew elsewhere. */
  release(view: AnyView): Promise<void>;
  /** Notes that a view has stopped, and why, for whoever runs the system. */
  fail(view: AnyView, reason: string): Promise<void>;
}
