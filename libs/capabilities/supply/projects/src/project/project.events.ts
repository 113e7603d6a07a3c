import {
  composite,
  country,
  currency,
  day,
  decimal,
  many,
  materialCode,
  oneOf,
  optional,
  positive,
  required,
  stage,
  text,
  type CountryCode,
  type Day,
  type DomainEvent,
  type Marked,
  type Of,
  type Party,
} from '@kernel';

export const line = text(200);
export const explanation = text(2000);

export const money = composite('Money', 'An amount of money.', {
  amount: required(positive, 'How much, more than zero.'),
  currency: required(currency, 'In which currency.'),
});
const yearlyOutput = composite('YearlyOutput', 'What a project is to produce in a year at full operation.', {
  quantity: required(decimal, 'Tonnes a year.'),
});

/** What a project is. */
export const terms = {
  title: required(line, 'What it is called.'),
  summary: optional(text(5000), 'What it is about.'),
  materials: many(materialCode, 'Codes of its materials.', { least: 1, most: 20, distinct: true }),
  stages: many(stage, 'Its stages of the value chain.', { least: 1, distinct: true }),
  hostCountry: required(country, 'The country on whose ground it stands.'),
  location: optional(line, 'Where in that country.'),
  promoter: optional(line, 'Who carries it out.'),
  startsOn: optional(day, 'The day on which it is to start.'),
  endsOn: optional(day, 'The day on which it is to end.'),
  estimatedCost: optional(money, 'What it is estimated to cost.'),
  expectedOutput: optional(yearlyOutput, 'What it is to produce in a year.'),
  source: optional(explanation, 'Where this can be read.'),
};
export const milestone = {
  milestone: required(line, 'What was reached.'),
  reachedOn: required(day, 'When it was reached.'),
  note: optional(explanation, 'Particulars.'),
};
export const delay = {
  reason: required(explanation, 'Why.'),
  newEndsOn: optional(day, 'The day on which the project was to end after it.'),
};
export type Terms = Of<typeof terms>;

export const projectStatus = oneOf('ProjectStatus', 'How far a project has come.', {
  PROPOSED: 'Proposed by a country; not designated.',
  DESIGNATED: 'Designated with the consent of its host country.',
  COMPLETED: 'Completed.',
  WITHDRAWN: 'Withdrawn by the country that proposed it.',
});
export type ProjectStatus = ReturnType<typeof projectStatus>;

/** Stream `project-<id>`: one project, from proposal to completion or withdrawal. */
export type ProjectEvent =
  | ProjectProposed
  | ProjectRevised
  | HostConsentGiven
  | HostConsentRefused
  | ProjectEndorsed
  | ProjectDesignated
  | MilestoneReached
  | DelayReported
  | ProjectCompleted
  | ProjectWithdrawn;

type Reported = { readonly by: CountryCode };
export type ProjectProposed = DomainEvent<'projects.ProjectProposed.v1', Terms & Marked>;
/** A change of anything that the host consents to also means that what the host said is void. */
export type ProjectRevised = DomainEvent<
  'projects.ProjectRevised.v1',
  { readonly changes: Partial<Terms>; readonly reason?: string }
>;
export type HostConsentGiven = DomainEvent<
  'projects.HostConsentGiven.v1',
  { readonly country: CountryCode; readonly note?: string }
>;
export type HostConsentRefused = DomainEvent<
  'projects.HostConsentRefused.v1',
  { readonly country: CountryCode; readonly reason: string }
>;
export type ProjectEndorsed = DomainEvent<
  'projects.ProjectEndorsed.v1',
  { readonly country: CountryCode; readonly note?: string }
>;
/** `by` says whose decision it is: the alliance's, as its secretariat records it, or that of the proposing party. */
export type ProjectDesignated = DomainEvent<
  'projects.ProjectDesignated.v1',
  { readonly on: Day; readonly by: Party; readonly designation?: string }
>;
export type MilestoneReached = DomainEvent<'projects.MilestoneReached.v1', Of<typeof milestone> & Reported>;
/** `newEndsOn` replaces the day on which the project was to end. */
export type DelayReported = DomainEvent<'projects.DelayReported.v1', Of<typeof delay> & Reported>;
export type ProjectCompleted = DomainEvent<'projects.ProjectCompleted.v1', { readonly on: Day }>;
export type ProjectWithdrawn = DomainEvent<'projects.ProjectWithdrawn.v1', { readonly reason: string }>;

/** What the host consents to: another value of any of these is another project on its ground. */
const CONSENTED = ['title', 'materials', 'stages', 'hostCountry', 'location', 'promoter'] as const;

/** The first field changed of those that the host consents to; undefined where its consent stands. */
export const changedForHost = (changes: Partial<Terms>): keyof Terms | undefined =>
  CONSENTED.find((field) => changes[field] !== undefined);
