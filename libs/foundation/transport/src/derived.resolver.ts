import type { Type } from '@nestjs/common';
import { Args, Field, ID, Mutation, ObjectType, Query, Resolver, Subscription } from '@nestjs/graphql';
import type { AnyCommand, AnyView, Marked, Principal, ShownView, StreamOfCommands } from '@kernel';
import { FromCaller, type Caller } from './caller.js';
import { Changes } from './changes.js';
import { Commands } from './commands.js';
import { connectionOf, Lists, orderOf, PageArgs, type OrderInput } from './connections.js';
import { filterTypeOf, inputTypeOf, nodeTypeOf } from './derived.graphql.js';
import { shownMarking, toMarkingRequest, type MarkingInput } from './marking.graphql.js';
import { CommandOutcome } from './outcome.graphql.js';
import { mapped } from './mapped.js';
import { CursorScalar, PositionScalar } from './scalars.js';

/** `ListMaterial` → `listMaterial` */
const fieldOf = (type: string): string => type[0]!.toLowerCase() + type.slice(1);

/** The domain's command, of an input that has been checked. */
export const commandOf =
  ({ type, input }: AnyCommand) =>
  (given: object) => {
    const { marking, ...fields } = given as { marking?: MarkingInput } & Record<string, unknown>;
    const read = Object.entries(input.of as Record<string, { value: (one: never) => unknown }>).flatMap(
      ([name, { value }]) => (fields[name] == null ? [] : [[name, value(fields[name] as never)] as const]),
    );
    return { type, ...Object.fromEntries(read), ...(marking && { marking: toMarkingRequest(marking) }) };
  };

/** A mutation for each command of a stream. */
export const commandsOf = (stream: StreamOfCommands): Type => {
  @Resolver()
  class CommandsResolver {
    constructor(readonly commands: Commands) {}
  }
  for (const command of stream.commands) {
    const [name, input, read] = [fieldOf(command.type), inputTypeOf(command), commandOf(command)];
    const issue = function (this: CommandsResolver, given: never, caller: Caller) {
      return this.commands.issue(stream, input, given, read, caller);
    };
    method(
      CommandsResolver,
      name,
      issue,
      Mutation(() => CommandOutcome, { description: command.description }),
      [Args('input', { type: () => input, description: command.input.description }), FromCaller()],
    );
  }
  return CommandsResolver;
};

type Lookup = {
  readonly name: string;
  readonly description: string;
  /** The argument that names it, where it is not the id. */
  readonly by?: { readonly name: string; readonly description: string };
};

/** The list of a view and, by its key, one of it. */
export const recordsOf = (
  view: AnyView & ShownView,
  list: { readonly name: string; readonly description: string; readonly orderBy: Readonly<Record<string, string>> },
  one: Lookup,
  { alsoShows = [], changed }: { readonly alsoShows?: readonly AnyView[]; readonly changed?: string } = {},
): Type => {
  const node = nodeTypeOf(view.node);
  const connection = connectionOf(node, view.node.name);
  const filter = filterTypeOf(view, list.name);
  const order = orderOf(view.node.name, list.orderBy);
  const shown = (row: Marked, who: Principal): object => shownBy(view, who)(row);

  @Resolver(() => node)
  class RecordsResolver {
    constructor(
      readonly lists: Lists,
      readonly changes: Changes,
    ) {}
  }
  method(
    RecordsResolver,
    list.name,
    async function (this: RecordsResolver, page: PageArgs, given: object, orderBy: OrderInput, caller: Caller) {
      await Promise.all(alsoShows.map((each) => this.lists.shows(each, page.atLeast)));
      return this.lists.page(view, caller, { ...page, filter: { ...given }, orderBy }, shown);
    },
    Query(() => connection, { description: list.description }),
    [
      Args({ type: () => PageArgs } as never),
      Args('filter', { nullable: true, type: () => filter, description: 'Which ones; all where left out.' }),
      Args('orderBy', { nullable: true, type: () => order, description: 'In which order.' }),
      FromCaller(),
    ],
    [PageArgs],
  );
  method(
    RecordsResolver,
    one.name,
    async function (this: RecordsResolver, key: string, atLeast: string | undefined, caller: Caller) {
      await Promise.all(alsoShows.map((each) => this.lists.shows(each, atLeast)));
      return this.lists.one(view, caller, key, shown, atLeast);
    },
    Query(() => node, { nullable: true, description: one.description }),
    [
      one.by
        ? Args(one.by.name, { type: () => String, description: one.by.description })
        : Args('id', { type: () => ID, description: `Id of the ${one.name}.` }),
      Args('atLeast', {
        type: () => PositionScalar,
        nullable: true,
        description: one.by
          ? 'Wait until this position shows.'
          : `Wait until the ${one.name} shows at least this position.`,
      }),
      FromCaller(),
    ],
  );
  if (changed) {
    const type = changedTypeOf(view.node.name, one.name, node);
    method(
      RecordsResolver,
      `${one.name}Changed`,
      async function (this: RecordsResolver, after: string | undefined, caller: Caller) {
        const delivered = await this.changes.of(view, caller, after);
        return mapped(delivered, ({ cursor, key: id, row, who }) => ({
          cursor,
          id,
          [one.name]: row && shown(row, who),
        }));
      },
      Subscription(() => type, { description: changed, resolve: (value: object) => value }),
      [
        Args('after', {
          type: () => CursorScalar,
          nullable: true,
          description: 'Go on after this cursor; from now where left out.',
        }),
        FromCaller(),
      ],
    );
  }
  return RecordsResolver;
};

/** What a subscription delivers of a record. */
const changedTypeOf = (name: string, field: string, node: Type<object>): Type<object> => {
  const made = { [`${name}Changed`]: class {} }[`${name}Changed`]!;
  const word = name.toLowerCase();
  Field(() => CursorScalar, { description: 'Subscribe after it to go on from here.' })(made.prototype, 'cursor');
  Field(() => ID, { description: `The ${word} that changed.` })(made.prototype, 'id');
  Field(() => node, {
    nullable: true,
    description: `The ${word} as it is now. Null where this subscription has told you of it before and you may no longer see it, whatever the reason.`,
  })(made.prototype, field);
  ObjectType({ description: `A ${word} that you may see has changed.` })(made);
  return made;
};

/** A row as it is shown to this reader. */
export const shownBy =
  (view: ShownView, who: Principal) =>
  (row: Marked): object => {
    const { show = (each: object) => each } = view.node;
    return { ...show(row as never), marking: shownMarking(row.marking, who) };
  };

/** Gives a resolver class one more method, as if it were written there with its decorators. */
const method = (
  of: Type,
  name: string,
  body: (...args: never[]) => unknown,
  decorate: MethodDecorator,
  parameters: readonly ParameterDecorator[],
  types: readonly unknown[] = [],
): void => {
  Object.defineProperty(of.prototype, name, { value: body, writable: true, configurable: true });
  Reflect.defineMetadata(
    'design:paramtypes',
    parameters.map((_, at) => types[at] ?? Object),
    of.prototype,
    name,
  );
  parameters.forEach((each, at) => each(of.prototype, name, at));
  decorate(of.prototype, name, Object.getOwnPropertyDescriptor(of.prototype, name)!);
};
