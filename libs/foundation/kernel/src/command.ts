import type { CommandContext } from './decider.js';
import { accept, reject, type Decision } from './decision.js';
import type { DomainEvent } from './event.js';
import type { Grant } from './grants.js';
import type { Marking, MarkingRequest } from './marking.js';
import { platform } from './platform.js';
import type { Principal } from './principal.js';
import { required, type Field, type Of, type Shape } from './shape.js';
import type { AnyRecordType, Command, Reference, RecordType, Target } from './record-type.js';
import { recordId, type Party, type PersonRef, type RecordId } from './values.js';

/** One command: what it asks for, who may give it, and what is decided. */
export type CommandOf<Type extends string, S extends Shape, State, E extends DomainEvent, Code extends string> = {
  readonly type: Type;
  /** For the schema: what it does, and who may. */
  readonly description: string;
  readonly input: { readonly description: string; readonly of: S };
  /** What a client is told of the marking that it may ask for; of commands that can create a record, and leave it a choice. */
  readonly marking?: string;
  readonly target: (given: Of<S>, party: Party, person?: PersonRef) => Target;
  /** The audience of the record that it creates, where none is asked for and the kind's default does not fit. */
  readonly defaultMarking?: (given: Of<S>, recordId: RecordId) => MarkingRequest;
  readonly refersTo?: (given: Of<S>) => readonly Reference[];
  /** Who may give it: somebody at least. */
  readonly may: readonly [Grant<Of<S>, State>, ...Grant<Of<S>, State>[]];
  /** Clients cannot give it as it stands: the platform does, or a resolver that makes it of what a client says. */
  readonly isInternal?: true;
  /** That a second person of the party has to approve it: always, or by who gives it and how the record stands. */
  readonly twoPersons?: TwoPersons<Of<S>, State>;
  readonly decide: (given: Of<S>, state: State, context: DecisionContext) => Decision<E, Code>;
};
type TwoPersons<Given, State> = true | ((given: Given, who: Principal, state: State) => boolean);
export type DecisionContext = CommandContext & { readonly asked?: MarkingRequest | undefined };

/* eslint-disable @typescript-eslint/no-explicit-any -- existential: a command meets only its own shape and state */
export type AnyCommand = {
  readonly type: string;
  readonly description: string;
  readonly input: { readonly description: string; readonly of: Shape };
  readonly marking?: string;
  readonly target: (given: any, party: Party, person?: PersonRef) => Target;
  readonly defaultMarking?: (given: any, recordId: RecordId) => MarkingRequest;
  readonly refersTo?: (given: any) => readonly Reference[];
  readonly may: readonly Grant<any, any>[];
  readonly isInternal?: true;
  readonly twoPersons?: TwoPersons<any, any>;
  readonly decide: (given: any, state: any, context: DecisionContext) => Decision<any, any>;
};
/* eslint-enable @typescript-eslint/no-explicit-any */

/** A command of the definition, as it goes through the pipeline. */
export type Given<D> =
  D extends CommandOf<infer Type, infer S, infer _State, infer _E, infer _Code> ? Command<Type> & Of<S> : never;

/** The state after each event, from the state before: an entry for every event that such a record has ever held. */
export type Evolution<State, E extends DomainEvent> = {
  readonly [T in E['type']]: (state: State, data: Extract<E, { readonly type: T }>['data']) => State;
};

type Kind<State, E extends DomainEvent, Code extends string> = Pick<
  RecordType<Command, E, State, Code>,
  | 'category'
  | 'rejections'
  | 'notFound'
  | 'endsWith'
  | 'readsHistoryOf'
  | 'sourcesOf'
  | 'parentOf'
  | 'dueOf'
  | 'isMarkingFixed'
  | 'encrypted'
> & {
  /** What clients call it, where that is not its category in words: "Id of the <name>." */
  readonly name?: string;
  /** The audience of a record whose command asks for none: its owner alone where this is left out. */
  readonly defaultMarking?: () => MarkingRequest;
  /** The marking in force in a given state, where it is narrower than the one in the first event. */
  readonly markingIn?: (state: State, marking: Marking) => Marking;
  readonly initial: State;
  readonly evolve: Evolution<State, E>;
  /** A record in such a state takes no more commands. */
  readonly closed?: { readonly if: (state: State) => boolean; readonly rejection: NoInfer<Code> };
};

type Common<Type extends string, S extends Shape, State> = Omit<
  CommandOf<Type, S, State, never, never>,
  'decide' | 'target' | 'marking' | 'defaultMarking'
>;
type ById = { readonly id: Field<RecordId> };

/** `useRequest` → `use request` */
const wordsOf = (category: string): string => category.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);

const kindOf = <State, E extends DomainEvent, Code extends string>({
  category,
  name = wordsOf(category),
  initial,
  evolve,
  closed,
  defaultMarking,
  markingIn,
  ...rest
}: Kind<State, E, Code>) => ({
  /** A command that makes a new record. */
  create: <Type extends string, S extends Shape>({
    decide,
    ...command
  }: Common<Type, S, State> &
    Pick<CommandOf<Type, S, State, E, Code>, 'marking' | 'defaultMarking'> & {
      readonly decide: (given: Of<S>, context: DecisionContext) => Decision<E, Code>;
    }): CommandOf<Type, S, State, E, Code> => ({
    ...command,
    target: () => ({ fresh: true }),
    decide: (given, _, context) => decide(given, context),
  }),

  /** A command to a record that exists, named by its id. */
  change: <Type extends string, S extends Shape>({
    again,
    decide,
    ...command
  }: Common<Type, S, State> & {
    /** What it asks for is so already: accepted, and nothing recorded. */
    readonly again?: (given: Of<S>, state: NonNullable<State>, context: DecisionContext) => boolean;
    readonly decide: (given: Of<S>, state: NonNullable<State>, context: DecisionContext) => Decision<E, Code>;
  }): CommandOf<Type, ById & S, State, E, Code> => {
    const change = {
      ...command,
      input: { ...command.input, of: { id: required(recordId, `Id of the ${name}.`), ...command.input.of } },
      target: ({ id }: { readonly id: RecordId }) => ({ id }),
      decide: ({ id: _, ...given }: { readonly id: RecordId }, state: State, context: DecisionContext) => {
        if (state === null || state === undefined) return reject(rest.notFound);
        if (again?.(given as Of<S>, state, context)) return accept();
        return closed?.if(state) ? reject(closed.rejection) : decide(given as Of<S>, state, context);
      },
    };
    // The compiler does not see that a shape with an id more is still that shape.
    return change as unknown as CommandOf<Type, ById & S, State, E, Code>;
  },

  /** A command to the record that a natural key names, which it may also make. */
  upsert: <Type extends string, S extends Shape>(
    command: CommandOf<Type, S, State, E, Code>,
  ): CommandOf<Type, S, State, E, Code> => command,

  /** The record type, with all its commands. */
  withCommands: <D extends readonly AnyCommand[]>(
    ...commands: D
  ): RecordType<Given<D[number]>, E, State, Code> & { readonly commands: D } => {
    const of = ({ type }: Command): AnyCommand => commands.find((each) => each.type === type)!;
    const hasDefault = defaultMarking !== undefined || commands.some((each) => each.defaultMarking !== undefined);
    return {
      ...rest,
      category,
      commands,
      events: Object.keys(evolve) as E['type'][],
      decider: {
        initial,
        evolve: (state: State, { type, data }: E): State => evolve[type as E['type']](state, data as never),
        decide: (given, state, context) => {
          const { type: _, marking: asked, ...fields } = given;
          return of(given).decide(fields, state, { ...context, asked });
        },
      },
      access: {
        mayIssue: (given, who) => of(given).may.some((each) => each.mayIssue(who, given)),
        mayAct: (given, who, state, marking) =>
          of(given).may.some((each) => each.mayIssue(who, given) && each.mayAct(who, state, marking)),
        ...(commands.some(({ twoPersons }) => twoPersons) && {
          twoPersons: (given: Command, who: Principal, state: State) => {
            const { twoPersons = false } = of(given);
            return typeof twoPersons === 'function' ? twoPersons(given, who, state) : twoPersons;
          },
        }),
        ...(markingIn && { markingIn }),
      },
      targetOf: (given, party, person) => of(given).target(given, party, person),
      ...(commands.some((each) => each.refersTo) && {
        refersTo: (given: Command) => of(given).refersTo?.(given) ?? [],
      }),
      ...(hasDefault && {
        defaultMarking: (given: Command, id: RecordId) =>
          of(given).defaultMarking?.(given, id) ?? defaultMarking?.() ?? {},
      }),
    };
  },
});

/**
 * One kind of record: its state after each event, and the commands that are given to it. `recordType<Event, State>()({ … })`:
 * these two types are named, and the rejection codes follow.
 */
export const recordType =
  <E extends DomainEvent, State>() =>
  <Code extends string>(kind: Kind<State, E, Code>) =>
    kindOf<State, E, Code>(kind);
export type RecordTypeWithCommands = AnyRecordType & { readonly commands: readonly AnyCommand[] };

/** The commands that clients may give: not those that are the platform's alone. */
export const commandsForClients = ({
  commands = [],
}: Partial<Pick<RecordTypeWithCommands, 'commands'>>): readonly AnyCommand[] =>
  commands.filter(({ isInternal, may }) => !isInternal && may.some((each) => each !== platform));
