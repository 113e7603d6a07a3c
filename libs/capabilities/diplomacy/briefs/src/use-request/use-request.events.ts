import {
  audience,
  many,
  oneOf,
  required,
  text,
  type DomainEvent,
  type Instant,
  type Marked,
  type Of,
  type Party,
} from '@kernel';
import { source } from '../source/source.events.js';

/** Quote in a text of one's own; pass on as it is, outside the platform; work into figures or a text of one's own. */
export const purpose = oneOf('Purpose', 'What a record is to be used for.', {
  QUOTE: 'To quote it in a brief.',
  FORWARD: 'To pass it on as it is, outside the platform. It opens no brief.',
  DERIVE: 'To work it into a brief or into figures.',
});

export const use = {
  source: required(source, 'The record: one that you can read.'),
  purpose: required(purpose, 'What for.'),
  audience: many(
    audience,
    'Who is to learn what you make of it, besides those whom the record itself is released to.',
    { most: 300 },
  ),
  explanation: required(text(2000), 'Why; the owner reads it.'),
};
export type Use = Of<typeof use>;
export type Purpose = ReturnType<typeof purpose>;
/** `until` absent: until it is taken back. */
export type Approval = Pick<Use, 'audience'> & { readonly until?: Instant };

/** Stream `useRequest-<id>`: a party asks the owner of a record whether it may use it beyond reading it. */
export type UseRequestEvent = UseRequested | UseApproved | UseRefused | UseWithdrawn;

/** The marking lets in the party that asks, which owns the request, and the owner of the source: nobody else. */
export type UseRequested = DomainEvent<'briefs.UseRequested.v1', Use & Marked & { readonly sourceOwner: Party }>;
/** What the owner allows from here on; it may be more or less than was asked for. */
export type UseApproved = DomainEvent<'briefs.UseApproved.v1', Approval>;
/** The owner refuses, or takes back what it allowed. */
export type UseRefused = DomainEvent<'briefs.UseRefused.v1', { readonly reason: string }>;
export type UseWithdrawn = DomainEvent<'briefs.UseWithdrawn.v1', Record<never, never>>;
