import type { Type } from '@nestjs/common';
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import {
  commandsForClients,
  optional,
  type AnyCommand,
  type AnyRecordType,
  type Shape,
  type RecordTypeWithCommands,
} from '@kernel';
import { FromCaller, type Caller } from './caller.js';
import { Commands } from './commands.js';
import { inputTypeOf } from './derived.graphql.js';
import { fieldOf, method } from './derived.method.js';
import { markingRequest } from './marking.graphql.js';
import { CommandOutcome } from './outcome.graphql.js';

// Mutations of what record types declare, made with the decorators that one would write by hand.

/** A command as clients may give it, and how it becomes one of a stream. */
export type Mutable = Pick<AnyCommand, 'type' | 'description' | 'input'> & {
  readonly recordTypeOf: (given: never) => AnyRecordType;
  readonly read: (given: object) => { readonly type: string };
};

/** The domain's command, of an input that has been checked. */
export const commandOf =
  ({ type, input }: Pick<AnyCommand, 'type' | 'input'>) =>
  (given: object): { readonly type: string } => ({ type, ...readOf(input.of, given) });

const readOf = (shape: Shape, given: object): Record<string, unknown> => {
  const read: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(shape)) {
    const value = (given as Record<string, unknown>)[name];
    if (value != null) read[name] = field.value(value as never);
    else if ('otherwise' in field) read[name] = field.otherwise;
  }
  return read;
};

/** A mutation for each command of a record type that clients may give. */
export const commandsOf = (
  recordType: AnyRecordType,
  commands: readonly AnyCommand[] = commandsForClients(recordType as RecordTypeWithCommands),
): Type => mutationsOf(commands.map((each) => ({ ...withMarking(each), recordTypeOf: () => recordType })));

/** A command with the marking that its record is to have, where it can create one. */
export const withMarking = ({ type, description, input, marking }: AnyCommand): Omit<Mutable, 'recordTypeOf'> => {
  const of = { ...input.of, ...(marking && { marking: optional(markingRequest, marking) }) };
  const told = { type, description, input: { ...input, of } };
  return { ...told, read: commandOf(told) };
};

/** A mutation for each command. */
export const mutationsOf = (commands: readonly Mutable[]): Type => {
  @Resolver()
  class CommandsResolver {
    constructor(readonly commands: Commands) {}
  }
  for (const { type, description, input, recordTypeOf, read } of commands) {
    const inputType = inputTypeOf({ type, input });
    method(
      CommandsResolver,
      fieldOf(type),
      function (this: CommandsResolver, given: never, caller: Caller) {
        return this.commands.issue(() => recordTypeOf(given), inputType, given, read, caller);
      },
      Mutation(() => CommandOutcome, { description }),
      [Args('input', { type: () => inputType, description: input.description }), FromCaller()],
    );
  }
  return CommandsResolver;
};
