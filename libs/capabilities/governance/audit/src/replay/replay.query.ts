import { Query } from '@nestjs/cqrs';
import type { PageInfo } from '@foundation/graphql';
import type { Instant, Principal, RecordId } from '@kernel';
import type { Decision, RecordAsOf, RecordHistory } from './replay.view.js';

/**
 * How a record came to be as it is; null where there is none, or none that the person may know of.
 */
export class HistoryQuery extends Query<RecordHistory | null> {
  /** @param atLeast a position token: waits until the read models, which say who may read what, have come so far */
  constructor(
    readonly id: RecordId,
    readonly who: Principal,
    readonly atLeast?: string,
  ) {
    super();
  }
}

export type Moment = { readonly time: Instant } | { readonly position: string };

/** A record as it was known at a time, or at the position of a token; null as for its history. */
export class RecordAtQuery extends Query<RecordAsOf | null> {
  constructor(
    readonly id: RecordId,
    readonly at: Moment,
    readonly who: Principal,
    readonly atLeast?: string,
  ) {
    super();
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
