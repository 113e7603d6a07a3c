import type { Instant } from './calendar.js';
import type { Decision } from './decision.js';
import type { DomainEvent, Recorded } from './event.js';
import type { Marked, Marking } from './marking.js';
import type { Principal } from './principal.js';
import type { RecordId } from './values.js';

/** When, on whose behalf and about which record a command is decided. Deciders take all of this from here, never from the machine. */
export type CommandContext = {
  readonly now: Instant;
  readonly who: Principal;
  readonly recordId: RecordId;
  /** The marking that a first event takes: the one asked for, completed by the closed default. */
  readonly marking: Marking;
  /** The other records that the command names, with the markings in force, in the order of the record type's `refersTo`. */
  readonly references: readonly Marked[];
  /** All that was recorded of the kinds of records that the record type `readsHistoryOf`, in order; nothing for other types. */
  readonly history: readonly Recorded[];
};

export type Decider<C, E extends DomainEvent, S, Code extends string> = {
  readonly initial: S;
  readonly evolve: (state: S, event: E) => S;
  readonly decide: (command: C, state: S, context: CommandContext) => Decision<E, Code>;
};

export const fold = <C, E extends DomainEvent, S, Code extends string>(
  decider: Decider<C, E, S, Code>,
  events: readonly E[],
  from: S = decider.initial,
): S => events.reduce(decider.evolve, from);
