import type {
  CountryCode,
  CurrencyCode,
  Day,
  Decimal,
  DomainEvent,
  Marked,
  MaterialCode,
  Party,
  Stage,
  Tonnes,
} from '@kernel';

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
export type ProjectDesignated = DomainEvent<'projects.ProjectDesignated.v1', Designation>;
export type MilestoneReached = DomainEvent<'projects.MilestoneReached.v1', Milestone & { readonly by: CountryCode }>;
export type DelayReported = DomainEvent<'projects.DelayReported.v1', Delay & { readonly by: CountryCode }>;
export type ProjectCompleted = DomainEvent<'projects.ProjectCompleted.v1', { readonly on: Day }>;
export type ProjectWithdrawn = DomainEvent<'projects.ProjectWithdrawn.v1', { readonly reason: string }>;

export const PROJECT_STATUSES = ['PROPOSED', 'DESIGNATED', 'COMPLETED', 'WITHDRAWN'] as const;
export type ProjectStatus = (typeof PROJECT_STATUSES)[number];

/** What a project is. */
export type Terms = {
  readonly title: string;
  readonly summary?: string;
  readonly materials: readonly MaterialCode[];
  readonly stages: readonly Stage[];
  /** The country on whose ground it stands; its consent is needed. */
  readonly hostCountry: CountryCode;
  readonly location?: string;
  /** The company or body that carries it out. */
  readonly promoter?: string;
  readonly startsOn?: Day;
  readonly endsOn?: Day;
  readonly estimatedCost?: Money;
  readonly expectedOutput?: YearlyOutput;
  /** Where this can be read: a title or an address. */
  readonly source?: string;
};

/** What the host consents to: another value of any of these is another project on its ground. */
const CONSENTED = ['title', 'materials', 'stages', 'hostCountry', 'location', 'promoter'] as const;

/** The first field changed of those that the host consents to; undefined where its consent stands. */
export const changedForHost = (changes: Partial<Terms>): keyof Terms | undefined =>
  CONSENTED.find((field) => changes[field] !== undefined);

export type Money = { readonly amount: Decimal; readonly currency: CurrencyCode };
/** Tonnes a year at full operation. */
export type YearlyOutput = { readonly quantity: Tonnes };

/** `by` says whose decision it is: the alliance's, as its secretariat records it, or that of the proposing party. */
export type Designation = { readonly on: Day; readonly by: Party; readonly designation?: string };
export type Milestone = { readonly milestone: string; readonly reachedOn: Day; readonly note?: string };
/** `newEndsOn` replaces the day on which the project was to end. */
export type Delay = { readonly reason: string; readonly newEndsOn?: Day };
