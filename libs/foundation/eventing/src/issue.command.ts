import { Command as BusCommand } from '@nestjs/cqrs';
import type { Issued, Outcome } from './command-pipeline.js';

/** A domain command on its way over the bus: from GraphQL, the command line and reactions alike. */
export class IssueCommand extends BusCommand<Outcome> {
  constructor(readonly issued: Issued) {
    super();
  }
}
