import type { DomainEvent, Marked, RecordId } from '@kernel';

/** Stream `brief-<id>`: a short text that a country writes from the records of others. */
export type BriefEvent = BriefWritten | BriefRevised | BriefWithdrawn;

export type BriefWritten = DomainEvent<'briefs.BriefWritten.v1', Content & Marked>;
/** The whole brief as it reads from here on. */
export type BriefRevised = DomainEvent<'briefs.BriefRevised.v1', Content>;
export type BriefWithdrawn = DomainEvent<'briefs.BriefWithdrawn.v1', { readonly reason: string }>;

export type Content = {
  readonly title: string;
  readonly text: string;
  /** The records that it is written from; its readers learn of those that they may read themselves. */
  readonly sources: readonly Cited[];
  /** The use requests whose approval it leans on. */
  readonly approvals: readonly RecordId[];
};

export const SOURCE_KINDS = ['PROJECT', 'PLEDGE', 'STOCK_DECLARATION', 'BRIEF'] as const;
/** The kinds of record that may be quoted. */
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** A record that another one quotes. */
export type Cited = { readonly kind: SourceKind; readonly id: RecordId };
