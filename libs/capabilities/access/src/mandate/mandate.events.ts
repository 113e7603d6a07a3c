import type { CountryCode, DomainEvent, Instant, Marked } from '@kernel';

/** Stream `mandate-<id>`, one per country and its delegate: that the one lets the other act for it. */
export type MandateEvent = MandateGranted | MandateRevoked;

/** A later grant to the same delegate takes the place of an earlier one; the first carries the marking. */
export type MandateGranted = DomainEvent<
  'access.MandateGranted.v1',
  MandateTerms & { readonly principal: CountryCode } & Partial<Marked>
>;
export type MandateRevoked = DomainEvent<'access.MandateRevoked.v1', { readonly reason: string }>;

/**
 * What a mandate can cover, by names of capabilities. Not `access` and not `sharing`: who may see what is for a country's
 * own people to say, and a mandate is not passed on.
 */
export const SUBJECTS = ['materials', 'projects', 'stockpiles', 'briefs'] as const;
export type Subject = (typeof SUBJECTS)[number];

export type MandateTerms = {
  /** The country whose people act for the principal. */
  readonly delegate: CountryCode;
  /** In the order of SUBJECTS, each once. */
  readonly subjects: readonly Subject[];
  /** Whether they may give commands; otherwise they only read. */
  readonly mayCommand: boolean;
  readonly from: Instant;
  /** The first instant at which it holds no longer. */
  readonly until: Instant;
};
