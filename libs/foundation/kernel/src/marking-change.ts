import type { DomainEvent } from './event.js';
import type { Marked, Marking } from './marking.js';
import type { Command } from './stream.js';
import type { RecordId } from './values.js';
import type { AnyView } from './view.js';

/**
 * The audience of a record is another from here on. It stands in the record's own stream, whatever the record is; no
 * decider sees it, since what is decided of a record never hangs on who may read it.
 */
export type MarkingChanged = DomainEvent<
  'access.MarkingChanged.v1',
  { readonly marking: Marking; readonly reason: string }
>;
export const MARKING_CHANGED = 'access.MarkingChanged.v1';

/** The owner gives its record another audience. */
export type ChangeMarking = Command<'ChangeMarking'> & { readonly id: RecordId; readonly reason: string };

export const isChangeMarking = (command: Command): command is ChangeMarking => command.type === 'ChangeMarking';
export const isMarkingChanged = (event: DomainEvent): event is MarkingChanged => event.type === MARKING_CHANGED;

/** A row of the record as it stands under the new marking. */
export const remarked = (view: AnyView, row: Marked | null, marking: Marking): Marked | null =>
  row && (view.remarked ? (view.remarked(row, marking) as Marked) : { ...row, marking });
