import { Query } from '@nestjs/cqrs';
import type { PageInfo } from '@foundation/graphql';
import type { Instant, Principal, RecordId } from '@kernel';
import type { Decision, RecordAsOf, RecordHistory } from './replay.view.js';

/** What a person is told of a record; null where there is none, or none that the person may know of. */
class RecordQuery<Answer> extends Query<Answer | null> {
  /** @param atLeast a position token: waits until the read models, which say who may read what, have come so far */
  constructor(
    readonly id: RecordId,
    readonly who: Principal,
    readonly atLeast?: string,
  ) {
    super();
  }
}

/** How a record came to be as it is. */
export class HistoryQuery extends RecordQuery<RecordHistory> {}

export type Moment = { readonly time: Instant } | { readonly position: string };

/** A record as it was known at a time, or at the position of a token. */
export class RecordAtQuery extends RecordQuery<RecordAsOf> {
  constructor(
    readonly at: Moment,
    ...of: ConstructorParameters<typeof RecordQuery>
  ) {
    super(...of);
  }
}

export type DecisionRequest = {
  readonly filter: {
    readonly refused?: boolean;
    readonly command?: readonly string[];
    readonly party?: readonly string[];
  };
  readonly first: number;
  readonly after: string | undefined;
};
export type Decisions = { readonly nodes: readonly Decision[]; readonly pageInfo: PageInfo };

/** Commands accepted and rejected, in the order in which they were recorded. */
export class DecisionsQuery extends Query<Decisions> {
  constructor(
    readonly request: DecisionRequest,
    readonly who: Principal,
  ) {
    super();
  }
}
