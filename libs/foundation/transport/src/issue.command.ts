import { Command as BusCommand, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CommandPipeline, type Issued, type Outcome } from '@foundation/eventing';

/** A domain command on its way over the bus: from GraphQL, the command line and reactions alike. */
export class IssueCommand extends BusCommand<Outcome> {
  constructor(readonly issued: Issued) {
    super();
  }
}

/** The one handler: whatever the command, the pipeline carries it out. */
@CommandHandler(IssueCommand)
export class IssueHandler implements ICommandHandler<IssueCommand> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute({ issued }: IssueCommand): Promise<Outcome> {
    return this.pipeline.issue(issued);
  }
}
