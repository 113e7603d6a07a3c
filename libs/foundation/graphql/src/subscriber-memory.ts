import { digestsOf, isExportable, isSeen, type RowState } from '@foundation/eventing';
import { partyOf, readerFor, type AnyView, type Marked, type Principal, type Reader } from '@kernel';
import { LRUCache } from 'lru-cache';
import type { Caller } from './caller.js';
import { shownMarking } from './marking.graphql.js';

/** Deliveries that a subscription remembers, so that it does not say the same again. */
const MAX_REMEMBERED = 10_000;

/** What a reader is shown of a row, so that the same is equal; null where it is shown nothing. */
export type Shown = string | null;
/** It was shown something, and it is not known what. */
export const SEEN = 'something';
/** What is remembered of a record that is gone, since the memory holds no null. */
const GONE = 'nothing';

/** The reader that somebody is of a view, each list in one order. */
export const readerOf = ({ name }: AnyView, who: Principal): Reader => {
  const { audiences, deniedAs, clearance, breakGlassRecords } = readerFor(who, name.slice(0, name.indexOf('.')));
  return {
    audiences: audiences.toSorted(),
    deniedAs: deniedAs.toSorted(),
    clearance,
    breakGlassRecords: breakGlassRecords.toSorted(),
  };
};

/** What one subscription has told its reader, and what the reader is shown of rows. */
export class SubscriberMemory {
  readonly #told = new LRUCache<string, string>({ max: MAX_REMEMBERED });

  constructor(
    readonly view: AnyView,
    readonly caller: Caller,
  ) {}

  /** The reader by the rights of this moment. */
  get reader(): Reader {
    return readerOf(this.view, this.caller.who);
  }

  /**
   * What the reader knows of a row: what it was told last, or else what it was shown with some rights.
   * @param as with whose rights it is compared, so that their being others is no change of the row
   */
  known(key: string, state: RowState | null, reader: Reader, as = reader): Shown {
    const told = this.last(key);
    if (told === undefined)
      return state !== null && this.#isShown(key, state, reader) ? this.#asShown(state, as) : null;
    return told === SEEN && state !== null ? this.#asShown(state, as) : told;
  }

  /** What the reader was told last; undefined where it was told nothing, or that was forgotten. */
  last(key: string): Shown | undefined {
    const told = this.#told.get(key);
    return told === GONE ? null : told;
  }

  /** What a reader with these rights is shown of a row in this state. */
  shown(key: string, state: RowState | null, reader: Reader): Shown {
    return state !== null && this.#isShown(key, state, reader) ? this.#asShown(state, reader) : null;
  }

  /** What the reader is shown of a row that the read gateway gave it. */
  shownOf(row: Marked | null, reader: Reader): Shown {
    return row && this.#asShown({ marking: row.marking, ...digestsOf(this.view, row) }, reader);
  }

  remember(key: string, shown: Shown): void {
    this.#told.set(key, shown ?? GONE);
  }

  /** What was remembered was told to a reader with other rights: that it was shown something is left. */
  forgetWhat(): void {
    for (const [key, shown] of [...this.#told.entries()].reverse()) if (shown !== GONE) this.#told.set(key, SEEN);
  }

  #isShown(key: string, state: RowState, reader: Reader): boolean {
    return isSeen(key, state, reader) && (!this.caller.who.exports || isExportable(state, reader));
  }

  #asShown({ marking, content, owned }: Pick<RowState, 'marking' | 'content' | 'owned'>, reader: Reader): string {
    const who = { ...this.caller.who, ...reader };
    const isOwn = who.mandate === null && marking.owner === partyOf(who);
    const { embargoUntil: _, expiresAt: __, ...untimed } = marking;
    // It is seen now, so the time is right, by whichever clock.
    const { now } = this.caller;
    const { mayExport } = shownMarking(untimed, who, now);
    return JSON.stringify([content, isOwn ? owned : '', { ...shownMarking(marking, who, now), mayExport }]);
  }
}
