import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { RecordReplays } from './record-replays.query.js';
import { DecisionsQuery, HistoryQuery, RecordAtQuery } from './replay.query.js';

@QueryHandler(HistoryQuery)
class HistoryHandler implements IQueryHandler<HistoryQuery> {
  constructor(private readonly replays: RecordReplays) {}
  execute({ id, who, atLeast }: HistoryQuery) {
    return this.replays.history(id, who, atLeast);
  }
}

@QueryHandler(RecordAtQuery)
class RecordAtHandler implements IQueryHandler<RecordAtQuery> {
  constructor(private readonly replays: RecordReplays) {}
  execute({ id, at, who, atLeast }: RecordAtQuery) {
    return this.replays.recordAt(id, at, who, atLeast);
  }
}

@QueryHandler(DecisionsQuery)
class DecisionsHandler implements IQueryHandler<DecisionsQuery> {
  constructor(private readonly replays: RecordReplays) {}
  execute({ request, who }: DecisionsQuery) {
    return this.replays.decisions(request, who);
  }
}

/** They need a RecordReplays, which the app makes over its stores. */
export const replayHandlers = [HistoryHandler, RecordAtHandler, DecisionsHandler];
