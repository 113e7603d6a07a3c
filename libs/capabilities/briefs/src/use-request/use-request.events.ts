import type { Audience, DomainEvent, Instant, Marked, Party } from '@kernel';
import type { Cited } from '../brief/brief.events.js';

/** Stream `useRequest-<id>`: a party asks the owner of a record whether it may use it beyond reading it. */
export type UseRequestEvent = UseRequested | UseApproved | UseRefused | UseWithdrawn;

/** The marking lets in the party that asks, which owns the request, and the owner of the source: nobody else. */
export type UseRequested = DomainEvent<'briefs.UseRequested.v1', Use & Marked & { readonly sourceOwner: Party }>;
/** What the owner allows from here on; it may be more or less than was asked for. */
export type UseApproved = DomainEvent<'briefs.UseApproved.v1', Approval>;
/** The owner refuses, or takes back what it allowed. */
export type UseRefused = DomainEvent<'briefs.UseRefused.v1', { readonly reason: string }>;
export type UseWithdrawn = DomainEvent<'briefs.UseWithdrawn.v1', Record<never, never>>;

export type Use = {
  readonly source: Cited;
  readonly purpose: Purpose;
  /** Who, besides the readers of the source, is to learn what is made of it. */
  readonly audience: readonly Audience[];
  readonly explanation: string;
};

export type Approval = {
  readonly audience: readonly Audience[];
  /** Absent: until it is taken back. */
  readonly until?: Instant;
};

export const PURPOSES = ['QUOTE', 'FORWARD', 'DERIVE'] as const;
/** Quote in a text of one's own; pass on as it is, outside the platform; work into figures or a text of one's own. */
export type Purpose = (typeof PURPOSES)[number];
