import { Injectable, Optional, type Type } from '@nestjs/common';
import { Command as BusCommand, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CommandPipeline, type Issued, type Outcome } from '@foundation/eventing';
import type { Command, Rejected } from '@kernel';

/** A domain command on its way over the bus, with who gives it and under which id. */
export class IssueCommand<C extends Command = Command> extends BusCommand<Outcome> {
  constructor(readonly issued: Issued & { readonly command: C }) {
    super();
  }
}

const classes = new Map<string, Type<IssueCommand>>();

/** The class of one domain command on the bus, under its own name: `ProposeProject`. */
export const busCommandOf = <C extends Command>(type: C['type']): Type<IssueCommand<C>> => {
  const known = classes.get(type);
  if (known) return known as Type<IssueCommand<C>>;
  const made = { [type]: class extends IssueCommand {} }[type]!;
  classes.set(type, made);
  return made as Type<IssueCommand<C>>;
};

/** Gives commands, whoever is behind them: clients, the read log and the recalls alike. All go over the bus. */
@Injectable()
export class Issuer {
  constructor(private readonly bus: CommandBus) {}

  issue(issued: Issued): Promise<Outcome> {
    const OfThisType = busCommandOf(issued.command.type);
    return this.bus.execute(new OfThisType(issued));
  }
}

/** What is to be done before a command is carried out, which waits for that; or what stands against it already. */
export abstract class CommandPreparation {
  abstract before(issued: Issued): Promise<Rejected | null>;
}

/** The one handler: whatever the command, the pipeline carries it out. Nobody else gives it commands. */
@CommandHandler(IssueCommand)
export class IssueHandler implements ICommandHandler<IssueCommand> {
  constructor(
    private readonly pipeline: CommandPipeline,
    @Optional() private readonly preparation?: CommandPreparation,
  ) {}

  async execute({ issued }: IssueCommand): Promise<Outcome> {
    const rejected = (await this.preparation?.before(issued)) ?? null;
    return await this.pipeline.issue(rejected ? { ...issued, rejected } : issued);
  }
}
