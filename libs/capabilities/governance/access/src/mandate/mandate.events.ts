import {
  country,
  flag,
  instant,
  many,
  oneOf,
  required,
  type CountryCode,
  type DomainEvent,
  type Marked,
  type Of,
} from '@kernel';

/**
 * What a mandate can cover, by names of capabilities. Not `access` and not `sharing`: who may see what is for a country's
 * own people to say, and a mandate is not passed on.
 */
export const mandateSubject = oneOf('MandateSubject', 'What somebody may act for another country in.', {
  materials: 'Materials, lists and production figures.',
  projects: 'Projects and pledges.',
  stockpiles: 'Stock declarations.',
  briefs: 'Briefs.',
  comments: 'Comments, whatever record they stand on.',
});
export type Subject = ReturnType<typeof mandateSubject>;
export const SUBJECTS = Object.keys(mandateSubject.meanings) as readonly Subject[];

export const mandateTerms = {
  delegate: required(country, 'The country whose people act.'),
  /** In the order of SUBJECTS, each once. */
  subjects: many(mandateSubject, 'In what.'),
  mayCommand: required(flag, 'Whether they may give commands; otherwise they read.'),
  from: required(instant, 'From when.'),
  until: required(instant, 'The first instant at which it holds no longer.'),
};
export type MandateTerms = Of<typeof mandateTerms>;

/** Stream `mandate-<id>`, one per country and its delegate: that the one lets the other act for it. */
export type MandateEvent = MandateGranted | MandateRevoked;

/** A later grant to the same delegate takes the place of an earlier one; the first carries the marking. */
export type MandateGranted = DomainEvent<
  'access.MandateGranted.v1',
  MandateTerms & { readonly principal: CountryCode } & Partial<Marked>
>;
export type MandateRevoked = DomainEvent<'access.MandateRevoked.v1', { readonly reason: string }>;
