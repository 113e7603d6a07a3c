import { instant, type Instant } from './calendar.js';
import type { DomainEvent, Recorded } from './event.js';
import type { Marked } from './marking.js';
import { renewed } from './read-model.js';
import { optional, required } from './shape.js';
import { text } from './text.js';

// What somebody grants, grants anew in place of the earlier grant, and revokes: the rows that show it.

/** When and why it was revoked. */
export const revocation = {
  revokedAt: optional(instant, 'When it was revoked, if it was.'),
  reason: optional(text(2000), 'Why it was revoked.'),
};
export const granting = {
  grantedAt: required(instant, 'When it was granted as it stands.'),
  ...revocation,
};

/** The row after a grant: a later one takes the place of an earlier one, under the marking of the first. */
export const granted = <E extends DomainEvent<string, Partial<Marked>>, Row extends Marked>(
  before: Row | null,
  { event, recordId: id, recordedAt: grantedAt }: Recorded<E>,
): Row | null => renewed<Row>(before, { ...event.data, id, grantedAt } as never);

/** The row after its revocation. */
export const revoked = <E extends DomainEvent<string, { readonly reason: string }>, Row extends object>(
  before: Row | null,
  { event, recordedAt: revokedAt }: Recorded<E>,
): (Row & { readonly revokedAt: Instant; readonly reason: string }) | null =>
  before && { ...before, reason: event.data.reason, revokedAt };

/** The state after its revocation: nothing is granted any more. */
export const withoutTerms = <State extends { readonly terms: unknown }>(state: State | null) =>
  state && { ...state, terms: null };
