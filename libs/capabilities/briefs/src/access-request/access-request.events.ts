import type { DomainEvent, Marked, MaterialCode, Party } from '@kernel';

/**
 * Stream `accessRequest-<id>`: a party asks another one to be let in on what it may not know to exist. No record is
 * named, so neither the request nor that it was taken confirms one.
 */
export type AccessRequestEvent = AccessRequested | AccessRequestAnswered;

/** The marking lets in the party that asks, which owns the request, and the one that is asked: nobody else. */
export type AccessRequested = DomainEvent<'briefs.AccessRequested.v1', Wish & Marked>;
/** What the asked party says. What it grants, it releases itself, by the marking of its records. */
export type AccessRequestAnswered = DomainEvent<
  'briefs.AccessRequestAnswered.v1',
  { readonly answer: Answer; readonly note?: string }
>;

export type Wish = {
  /** Who is asked. */
  readonly of: Party;
  readonly subject: string;
  readonly material?: MaterialCode;
  readonly reason: string;
};

export const ANSWERS = ['GRANTED', 'DECLINED'] as const;
export type Answer = (typeof ANSWERS)[number];
