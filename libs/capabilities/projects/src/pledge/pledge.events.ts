import type { CurrencyCode, Day, Decimal, DomainEvent, Marked, PersonRef, RecordId } from '@kernel';

/** Stream `pledge-<id>`: what one country promised to put into one project. */
export type PledgeEvent = InvestmentPledged | PledgeConfirmed | PledgeDrawnDown | PledgeWithdrawn;

/** `by` is the delegate who pledged: another person has to confirm. */
export type InvestmentPledged = DomainEvent<
  'projects.InvestmentPledged.v1',
  Pledge & { readonly by: PersonRef } & Marked
>;
export type PledgeConfirmed = DomainEvent<'projects.PledgeConfirmed.v1', Record<never, never>>;
export type PledgeDrawnDown = DomainEvent<'projects.PledgeDrawnDown.v1', Drawdown>;
/** What was drawn stays drawn; the rest is no longer promised. */
export type PledgeWithdrawn = DomainEvent<'projects.PledgeWithdrawn.v1', { readonly reason: string }>;

export const PLEDGE_KINDS = ['GRANT', 'LOAN', 'GUARANTEE', 'EQUITY', 'OFFTAKE', 'TECHNICAL'] as const;
export type PledgeKind = (typeof PLEDGE_KINDS)[number];

export type Pledge = {
  readonly projectId: RecordId;
  readonly kind: PledgeKind;
  readonly amount: Decimal;
  readonly currency: CurrencyCode;
  /** The last day on which it can be drawn. */
  readonly expiresOn?: Day;
  readonly conditions?: string;
};

/** In the currency of the pledge. */
export type Drawdown = { readonly amount: Decimal; readonly on: Day; readonly note?: string };
