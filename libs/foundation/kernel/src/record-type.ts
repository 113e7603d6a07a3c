import type { Decider } from './decider.js';
import type { Rejected } from './decision.js';
import type { DerivationApproval } from './derivation.js';
import type { Instant } from './calendar.js';
import type { DomainEvent } from './event.js';
import type { Marking, MarkingRequest } from './marking.js';
import type { Principal } from './principal.js';
import type { Party, PersonRef, RecordId } from './values.js';

/** A request for a fact. `marking` is read only where the command creates a record. */
export type Command<Type extends string = string> = {
  readonly type: Type;
  readonly marking?: MarkingRequest | undefined;
};

/**
 * Which record a command is about: a new one; an existing one by its id; or the one that a natural key names (the key
 * never leaves the platform: the stream's id is derived from it).
 */
export type Target =
  { readonly fresh: true } | { readonly id: RecordId } | { readonly key: string; readonly mayCreate: boolean };

/** Another record that a command names. The asker must be able to read it, or the command is rejected as if it did not exist. */
export type Reference<S = never> = {
  readonly category: string;
  readonly at: { readonly id: RecordId } | { readonly key: string };
  /** The answer for a record that is absent or hidden. */
  readonly missing: Rejected;
  /**
   * What stands in the other record, and in the one that it is a part of, goes into this one, whose marking must then
   * keep within theirs. Tells the answer where their owner has to approve that and nothing named beside it does.
   */
  readonly derivedFrom?: { readonly unapproved: Rejected };
  /** What the other record permits to do with a source that is named beside it. */
  readonly approvalIn?: (state: S) => DerivationApproval | null;
  /** The answer for a record that is there but not in a state to be referred to; null when it is. */
  readonly rejectIf?: (state: S) => Rejected | null;
};

/** Who may do what. Reading is the marking's business (see marking.ts). */
export type Access<C, S> = {
  /** Asked before anything is read: whether this person may issue such a command at all. */
  readonly mayIssue: (command: C, who: Principal) => boolean;
  /** Asked of an existing record that the person can read. */
  readonly mayAct: (command: C, who: Principal, state: S, marking: Marking) => boolean;
  /**
   * Whether the command takes effect only when a second person of the party has approved it, by the record as it stands;
   * the first one's is judged, and recorded as an act of the party's alone.
   */
  readonly twoPersons?: (command: C, who: Principal, state: S) => boolean;
  /** The marking in force in a given state, where it is narrower than the one in the first event. */
  readonly markingIn?: (state: S, marking: Marking) => Marking;
};

/** All that a capability says of one type of record. */
export type RecordType<C extends Command, E extends DomainEvent, S, Code extends string> = {
  /** First part of the stream names, camelCase without a dash: `<category>-<record id>`. */
  readonly category: string;
  /** Wire names of all facts that its records have ever held. `recordType` makes them of `evolve`. */
  readonly events?: readonly E['type'][];
  readonly decider: Decider<C, E, S, Code>;
  readonly access: Access<C, S>;
  /** Every rejection code of its commands, with the sentence that a person reads. */
  readonly rejections: Readonly<Record<Code, string>>;
  /** The rejection for a record that is absent or hidden. */
  readonly notFound: NoInfer<Code>;
  /** `party` is in whose name the command is given, and `person` who gives it: a natural key that holds them is theirs. */
  readonly targetOf: (command: C, party: Party, person?: PersonRef) => Target;
  readonly refersTo?: (command: C) => readonly Reference[];
  /**
   * Kinds of records whose whole history a decision rests on, whoever may read them. The decider must give away nothing of
   * it that the asker may not know.
   */
  readonly readsHistoryOf?: readonly string[];
  /** The records that this one was derived from, and what permits it: they bind it whenever its marking changes. */
  readonly sourcesOf?: (state: S) => readonly Reference[];
  /** The record that this one is a part of: who cannot read the whole does not learn of the part, save the part's owner. */
  readonly parentOf?: (state: S) => Pick<Reference, 'category' | 'at'> | null;
  /** The audience of a record whose command asks for none, where the closed default (the owner alone) does not fit. */
  readonly defaultMarking?: (command: C, recordId: RecordId) => MarkingRequest;
  /** The audience follows from what the record is, and is not its owner's to change. */
  readonly isMarkingFixed?: true;
  /**
   * Facts after which the record holds no longer, though it may still be seen: whoever had read it is asked to give up what
   * it has. An erasure ends every record.
   */
  readonly endsWith?: readonly E['type'][];
  /**
   * What time alone will change of a record in this state. It may narrow who may read the record, never widen it: a record
   * opens by the instants of its marking.
   */
  readonly dueOf?: (state: S, of: DueOf) => readonly Due<E>[];
  /** Its content is stored in the clear, and so never erased: registers, and what is public by its nature. */
  readonly encrypted?: false;
};

/** A record type whose own types do not matter. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- existential: every use goes through the record type's own decider
export type AnyRecordType = RecordType<any, any, any, any>;

/** Whether it is a fact of such a record, and not one that every kind of record has. */
export const isFactOf = <E extends DomainEvent>(
  of: { readonly events?: readonly string[]; readonly decider: { evolve(state: never, event: E): unknown } },
  event: DomainEvent,
): event is E => of.events?.includes(event.type) ?? false;

/** A command that the platform gives by itself. */
export type OfItself<C extends Command = Command> = {
  readonly recordType: AnyRecordType;
  readonly command: C;
  readonly who: Principal;
};

/**
 * What time alone changes of a record, and when. From that instant on it has happened, whether anybody has noted it or
 * not: whoever reads the record or acts on it meets it as it is then.
 */
export type Due<E extends DomainEvent = DomainEvent> = {
  readonly at: Instant;
  /** Tells the dues of one record apart, for ever: one word, such as `lapses`. */
  readonly key: string;
} & (
  | {
      /** Facts that follow from the record alone. Each says the instant of the due itself: when it was noted is nobody's business. */
      readonly facts: readonly DueFact<E>[];
    }
  | {
      /**
       * A command that rests on other records as well. The platform gives it from that instant on; the record that it is
       * given to decides, refuses it before, and takes it once.
       */
      readonly work: OfItself;
    }
);
export type DueFact<E extends DomainEvent> = E & DomainEvent<E['type'], { readonly at: Instant }>;

/** What a due may know of its record, besides the state. */
export type DueOf = { readonly recordId: RecordId; readonly marking: Marking };

/** Infers the types and checks the parts against each other. */
export const defineRecordType = <C extends Command, E extends DomainEvent, S, Code extends string>(
  definition: RecordType<C, E, S, Code>,
): RecordType<C, E, S, Code> => definition;
