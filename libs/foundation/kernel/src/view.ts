import type { DomainEvent, Recorded } from './event.js';
import type { Marked, Marking } from './marking.js';
import type { FieldKind } from './shape.js';

export type { FieldKind };

export type Field = { readonly kind: FieldKind; readonly filter?: true; readonly sort?: true };

/**
 * One read model. `project` is pure: row before, fact, row after; null means "no row". Bump `version` when the rows
 * would come out differently: the store fills a new table and swaps.
 */
export type View<E extends DomainEvent, Row extends Marked> = {
  /** `<capability>.<plural noun>` */
  readonly name: string;
  readonly version: number;
  /** The events it is made from, by wire name. */
  readonly events: readonly E['type'][];
  /** What lists may filter and sort by; nothing else can be asked. */
  readonly fields: { readonly [K in keyof Row & string]?: Field };
  /**
   * The view whose row, named by this field, must also be readable: a part is never shown without its whole. Several
   * where wholes are of several kinds.
   */
  readonly parent?: { readonly view: string | readonly string[]; readonly field: keyof Row & string };
  /** The rows that a fact touches; the record's own id where left out. */
  readonly keysOf?: (recorded: Recorded<E>) => readonly string[];
  /** The rows that hold some of a record's content under other keys than its id: they go with the content. */
  readonly keysToErase?: (recorded: Recorded) => readonly string[];
  readonly project: (row: Row | null, recorded: Recorded<E>, key: string) => Row | null;
  /** Columns that a replay leaves out: computed per reader at query time, or internal. */
  readonly notInReplay?: readonly (keyof Row & string)[];
  /** The row under another marking of its record, where that is more than the marking itself. */
  readonly onMarkingChanged?: (row: Row, marking: Marking) => Row;
};

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- existential: rows and events meet only inside the view
export type AnyView = View<any, any>;

/** Names of the views whose rows those of this one are parts of; none where they stand alone. */
export const wholesOf = ({ parent }: AnyView): readonly string[] =>
  parent === undefined ? [] : typeof parent.view === 'string' ? [parent.view] : parent.view;

/** Infers the types and checks the parts against each other. */
export const view = <E extends DomainEvent, Row extends Marked>(definition: View<E, Row>): View<E, Row> => definition;
