import type { Recorded } from './event.js';
import type { OfItself } from './record-type.js';
import type { Party, PersonRef, RecordId } from './values.js';

/** A fact, with what a reaction may need to know of how it was recorded. */
export type Cause = Recorded & {
  /** In whose name the command was given that recorded it. */
  readonly party: Party;
  readonly actor: PersonRef;
  /** The two-person act by which it was given, where it was one. */
  readonly act?: RecordId;
};

/**
 * What one record's facts oblige other records to: the commands that follow from a fact, given by the platform. A pure
 * function of the history up to the fact, so every node and every restart comes to the same commands; each is carried
 * out once, since its id follows from the fact.
 *
 * The platform is never refused: what it finds undoable is a fact too. What finds nothing to do must find nothing for
 * ever: the command may be given again, years later.
 */
export type Reaction<S = unknown> = {
  /** One word in camelCase, for ever: it is a part of the commands' ids. */
  readonly name: string;
  /** Wire names of the facts that it is told of, in the order of the history. */
  readonly to: readonly string[];
  /** Wire names of the facts that its commands record: by them a node that starts knows what was done before. */
  readonly records: readonly string[];
  /** What it keeps in mind of the facts that it was told of before; nothing where this is left out. */
  readonly memory?: { readonly initial: S; readonly evolve: (memory: S, cause: Cause) => S };
  readonly then: (cause: Cause, memory: S) => readonly OfItself[];
};

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- existential: each reaction meets only its own memory
export type AnyReaction = Reaction<any>;

/** Infers the type of the memory. */
export const reaction = <S>(definition: Reaction<S>): Reaction<S> => definition;

/** The id of the command that a reaction gives by a fact: the same on every node. */
export const commandIdOfReaction = (eventId: string, { name }: AnyReaction, index: number): string =>
  `re:${eventId}:${name}:${index}`;
/** The id of the command by which something due is noted or done. */
export const commandIdOfDue = (
  recordId: RecordId,
  { key, at }: { readonly key: string; readonly at: string },
): string => `due:${recordId}:${key}:${at}`;
/** The id of the command that a second person has approved. */
export const commandIdOfAct = (act: RecordId): string => `act:${act}`;
/** Such ids are the platform's own: no client may give a command under one. */
export const isPlatformCommandId = (commandId: string): boolean => /^(re|due|act):/.test(commandId);
