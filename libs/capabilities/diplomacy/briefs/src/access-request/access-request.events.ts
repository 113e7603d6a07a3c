import { materialCode, oneOf, optional, party, required, text, type DomainEvent, type Marked, type Of } from '@kernel';

export const wish = {
  of: required(party, 'Whom you ask: another country, or the secretariat.'),
  subject: required(text(200), 'What it is about.'),
  material: optional(materialCode, 'Code of the material, if it is about one.'),
  reason: required(text(2000), 'Why; the asked party reads it.'),
};
export type Wish = Of<typeof wish>;

export const accessAnswer = oneOf('AccessAnswer', 'What is said to an access request.', {
  GRANTED: 'The asked party releases what it has, by the marking of its records.',
  DECLINED: 'It does not, whether it has anything or not.',
});
export type Answer = ReturnType<typeof accessAnswer>;

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
