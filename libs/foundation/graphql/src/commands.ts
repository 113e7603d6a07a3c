import { Injectable } from '@nestjs/common';
import { newId, Receipts, targetOf } from '@foundation/eventing';
import { InvalidValue, isPlatformCommandId, partyOf, type AnyRecordType, type Command } from '@kernel';
import { Principals, type Caller } from './caller.js';
import type { CommandInput } from './command-input.graphql.js';
import { CommandSignatures } from './command-signatures.js';
import { Issuer } from '@foundation/bus';
import type { CommandAcceptedType, CommandPreparedType, CommandRejectedType } from './outcome.graphql.js';
import { OpaqueTokens } from './opaque-tokens.js';
import { nextResponseSlot } from './response-slot.js';
import { problemsOf } from './validation.js';

const COMMAND_ID = /^[\w.:-]{1,64}$/;

/** The way of every mutation: check the input's shape, make the command, send it over the bus, answer. */
@Injectable()
export class Commands {
  constructor(
    private readonly issuer: Issuer,
    private readonly principals: Principals,
    private readonly seal: OpaqueTokens,
    private readonly receipts: Receipts,
    private readonly signatures: CommandSignatures,
  ) {}

  async issue<I extends CommandInput, C extends Command>(
    recordTypeOf: () => AnyRecordType,
    inputType: new () => I,
    given: I,
    toCommand: (input: I) => C,
    caller: Caller,
  ): Promise<CommandAcceptedType | CommandPreparedType | CommandRejectedType> {
    const { who } = caller;
    const { input, problems } = await problemsOf(inputType, given);
    if (input.commandId != null && !COMMAND_ID.test(input.commandId)) {
      problems['commandId'] = 'commandId must be 1 to 64 letters, digits or . : - _';
    } else if (input.commandId != null && isPlatformCommandId(input.commandId)) {
      problems['commandId'] = 'commandId must not begin with re:, due: or act:, as those of the platform do';
    }
    const [field] = Object.keys(problems);
    if (field !== undefined) return invalid(problems[field]!, { field, ...problems });
    const command = made(() => toCommand(input));
    if ('code' in command) return command;
    const recordType = recordTypeOf();

    const commandId = input.commandId ?? newId();
    const { commandId: _id, signature, ...body } = given;
    const party = partyOf(who);
    const signed = this.signatures.check(
      signature ?? null,
      party && { command: command.command.type, input: body, commandId, party },
    );
    const { correlationId } = caller;
    const started = performance.now();
    const outcome = await this.issuer.issue({
      recordType,
      command: command.command,
      who,
      commandId,
      correlationId,
      ...signed,
    });
    if (!outcome.accepted) {
      await nextResponseSlot(started);
      return { code: outcome.code, message: outcome.message, details: outcome.details };
    }
    if (outcome.accepted === 'prepared') {
      const { act, digest, lapsesAt } = outcome;
      return { commandId, act, digest, lapsesAt };
    }
    // What a register has just been told holds for the next request.
    await this.principals.reached(recordType.category, outcome.position);
    const { receipts } = this;
    const target = targetOf(recordType, command.command, party!, who.person);
    const kind = recordType.category.replace(/^./, (first) => first.toUpperCase());
    return {
      shownAs: 'key' in target ? [`${kind}:${target.key}`] : [outcome.recordId],
      commandId,
      recordId: outcome.recordId,
      recorded: outcome.recorded,
      revision: Number(outcome.revision),
      position: this.seal.close('position', [outcome.position.toString()]),
      // Signed when a client selects it, and not before.
      get receipt() {
        return receipts.for(outcome.leaves);
      },
    };
  }
}

const made = <C>(make: () => C): { command: C } | CommandRejectedType => {
  try {
    return { command: make() };
  } catch (error) {
    if (error instanceof InvalidValue) return invalid(`The input ${error.message}`, {});
    throw error;
  }
};

const invalid = (message: string, details: Record<string, string>): CommandRejectedType => ({
  code: 'INPUT.INVALID',
  message,
  details,
});
