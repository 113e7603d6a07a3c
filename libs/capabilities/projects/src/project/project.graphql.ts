import {
  Field,
  ID,
  InputType,
  Int,
  IntersectionType,
  ObjectType,
  PartialType,
  registerEnumType,
} from '@nestjs/graphql';
import {
  CommandInput,
  connectionOf,
  CountryScalar,
  CurrencyScalar,
  CursorScalar,
  DayScalar,
  DecimalScalar,
  enumOf,
  InstantScalar,
  Is,
  MarkingInput,
  MarkingType,
  orderOf,
  PartyScalar,
  shownMarking,
  StageEnum,
  toMarkingRequest,
} from '@foundation/transport';
import {
  country,
  currency,
  day,
  decimal,
  materialCode,
  positive,
  recordId,
  STAGES,
  text,
  type Principal,
  type Stage,
} from '@kernel';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsIn, IsOptional, ValidateNested } from 'class-validator';
import type {
  CompleteProject,
  DesignateProject,
  EndorseProject,
  GiveHostConsent,
  ProposeProject,
  RefuseHostConsent,
  ReportDelay,
  ReportMilestone,
  ReviseProject,
  WithdrawProject,
} from './project.decider.js';
import { PROJECT_STATUSES, type ProjectStatus, type Terms } from './project.events.js';
import type { ProjectRow } from './projects.view.js';

const line = text(200);
const summary = text(5000);
const explanation = text(2000);

const StatusEnum = enumOf(PROJECT_STATUSES);
registerEnumType(StatusEnum, {
  name: 'ProjectStatus',
  description: 'How far a project has come.',
  valuesMap: {
    PROPOSED: { description: 'Proposed by a country; not designated.' },
    DESIGNATED: { description: 'Designated with the consent of its host country.' },
    COMPLETED: { description: 'Completed.' },
    WITHDRAWN: { description: 'Withdrawn by the country that proposed it.' },
  },
});

@InputType({ description: 'An amount of money.' })
export class MoneyInput {
  @Field(() => DecimalScalar, { description: 'How much, more than zero.' })
  @Is(positive)
  amount!: string;
  @Field(() => CurrencyScalar, { description: 'In which currency.' })
  @Is(currency)
  currency!: string;
}

@InputType({ description: 'What a project is to produce in a year at full operation.' })
export class YearlyOutputInput {
  @Field(() => DecimalScalar, { description: 'Tonnes a year.' })
  @Is(decimal)
  quantity!: string;
}

@InputType({ isAbstract: true })
class TermsInput {
  @Field(() => String, { description: 'What it is called, 200 characters at most.' })
  @Is(line)
  title!: string;
  @Field(() => String, { nullable: true, description: 'What it is about, 5000 characters at most.' })
  @IsOptional()
  @Is(summary)
  summary?: string;
  @Field(() => [String], { description: 'Codes of its materials, 1 to 20.' })
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ArrayUnique()
  @Is(materialCode, { each: true })
  materials!: string[];
  @Field(() => [StageEnum], { description: 'Its stages of the value chain, one at least.' })
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(STAGES, { each: true })
  stages!: Stage[];
  @Field(() => CountryScalar, {
    description: 'The country on whose ground it stands. Release the project to it: it has to consent.',
  })
  @Is(country)
  hostCountry!: string;
  @Field(() => String, { nullable: true, description: 'Where in that country, 200 characters at most.' })
  @IsOptional()
  @Is(line)
  location?: string;
  @Field(() => String, { nullable: true, description: 'Who carries it out, 200 characters at most.' })
  @IsOptional()
  @Is(line)
  promoter?: string;
  @Field(() => DayScalar, { nullable: true, description: 'The day on which it is to start.' })
  @IsOptional()
  @Is(day)
  startsOn?: string;
  @Field(() => DayScalar, { nullable: true, description: 'The day on which it is to end: not before the start.' })
  @IsOptional()
  @Is(day)
  endsOn?: string;
  @Field(() => MoneyInput, { nullable: true, description: 'What it is estimated to cost.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => MoneyInput)
  estimatedCost?: MoneyInput;
  @Field(() => YearlyOutputInput, { nullable: true, description: 'What it is to produce in a year.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => YearlyOutputInput)
  expectedOutput?: YearlyOutputInput;
  @Field(() => String, { nullable: true, description: 'Where this can be read, 2000 characters at most.' })
  @IsOptional()
  @Is(explanation)
  source?: string;
}

const toOptionalTerms = (input: Partial<TermsInput>) => ({
  ...(input.summary && { summary: summary(input.summary) }),
  ...(input.location && { location: line(input.location) }),
  ...(input.promoter && { promoter: line(input.promoter) }),
  ...(input.startsOn && { startsOn: day(input.startsOn) }),
  ...(input.endsOn && { endsOn: day(input.endsOn) }),
  ...(input.estimatedCost && {
    estimatedCost: { amount: positive(input.estimatedCost.amount), currency: currency(input.estimatedCost.currency) },
  }),
  ...(input.expectedOutput && { expectedOutput: { quantity: decimal(input.expectedOutput.quantity) } }),
  ...(input.source && { source: explanation(input.source) }),
});

@InputType({ description: 'A project to propose in the name of your country.' })
export class ProposeProjectInput extends IntersectionType(CommandInput, TermsInput, InputType) {
  @Field(() => CountryScalar, {
    nullable: true,
    description: 'The proposing country; your own, and no other, where given.',
  })
  @IsOptional()
  @Is(country)
  country?: string;
  @Field(() => MarkingInput, { nullable: true, description: 'Who may see it. Left out: your country alone.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => MarkingInput)
  marking?: MarkingInput;
}

export const toProposeProject = (input: ProposeProjectInput): ProposeProject => ({
  type: 'ProposeProject',
  ...(input.country && { country: country(input.country) }),
  title: line(input.title),
  materials: input.materials.map(materialCode),
  stages: input.stages,
  hostCountry: country(input.hostCountry),
  ...toOptionalTerms(input),
  ...(input.marking && { marking: toMarkingRequest(input.marking) }),
});

@InputType({
  description:
    'What is to change of a project; what is left out stays. Another title, host country, location or promoter, other materials or stages void what the host said, and are refused after designation.',
})
export class ReviseProjectInput extends IntersectionType(CommandInput, PartialType(TermsInput, InputType), InputType) {
  @Field(() => ID, { description: 'Id of the project.' })
  @Is(recordId)
  id!: string;
  @Field(() => String, { nullable: true, description: 'Why, 2000 characters at most.' })
  @IsOptional()
  @Is(explanation)
  reason?: string;
}

export const toReviseProject = (input: ReviseProjectInput): ReviseProject => ({
  type: 'ReviseProject',
  id: recordId(input.id),
  ...(input.title && { title: line(input.title) }),
  ...(input.materials && { materials: input.materials.map(materialCode) }),
  ...(input.stages && { stages: input.stages }),
  ...(input.hostCountry && { hostCountry: country(input.hostCountry) }),
  ...toOptionalTerms(input),
  ...(input.reason && { reason: explanation(input.reason) }),
});

@InputType({ isAbstract: true })
abstract class OnProjectInput extends CommandInput {
  @Field(() => ID, { description: 'Id of the project.' })
  @Is(recordId)
  id!: string;
}

@InputType({ description: 'The consent of the host country to a project on its ground.' })
export class GiveHostConsentInput extends OnProjectInput {
  @Field(() => String, { nullable: true, description: 'What goes with it, 2000 characters at most.' })
  @IsOptional()
  @Is(explanation)
  note?: string;
}

export const toGiveHostConsent = (input: GiveHostConsentInput): GiveHostConsent => ({
  type: 'GiveHostConsent',
  id: recordId(input.id),
  ...(input.note && { note: explanation(input.note) }),
});

@InputType({ description: 'The refusal of the host country.' })
export class RefuseHostConsentInput extends OnProjectInput {
  @Field(() => String, { description: 'Why, 2000 characters at most.' })
  @Is(explanation)
  reason!: string;
}

export const toRefuseHostConsent = (input: RefuseHostConsentInput): RefuseHostConsent => ({
  type: 'RefuseHostConsent',
  id: recordId(input.id),
  reason: explanation(input.reason),
});

@InputType({ description: 'The endorsement of a project by your country.' })
export class EndorseProjectInput extends OnProjectInput {
  @Field(() => String, { nullable: true, description: 'Why, 2000 characters at most.' })
  @IsOptional()
  @Is(explanation)
  note?: string;
}

export const toEndorseProject = (input: EndorseProjectInput): EndorseProject => ({
  type: 'EndorseProject',
  id: recordId(input.id),
  ...(input.note && { note: explanation(input.note) }),
});

@InputType({ description: 'The decision that designates a project.' })
export class DesignateProjectInput extends OnProjectInput {
  @Field(() => String, { nullable: true, description: 'Title of the decision, 200 characters at most.' })
  @IsOptional()
  @Is(line)
  designation?: string;
  @Field(() => DayScalar, {
    nullable: true,
    description: 'Day of the decision, today (UTC) or earlier; today where left out.',
  })
  @IsOptional()
  @Is(day)
  on?: string;
}

export const toDesignateProject = (input: DesignateProjectInput): DesignateProject => ({
  type: 'DesignateProject',
  id: recordId(input.id),
  ...(input.designation && { designation: line(input.designation) }),
  ...(input.on && { on: day(input.on) }),
});

@InputType({ description: 'A milestone that a project has reached.' })
export class ReportMilestoneInput extends OnProjectInput {
  @Field(() => String, { description: 'What was reached, 200 characters at most.' })
  @Is(line)
  milestone!: string;
  @Field(() => DayScalar, { description: 'When: today (UTC) or earlier.' })
  @Is(day)
  reachedOn!: string;
  @Field(() => String, { nullable: true, description: 'Particulars, 2000 characters at most.' })
  @IsOptional()
  @Is(explanation)
  note?: string;
}

export const toReportMilestone = (input: ReportMilestoneInput): ReportMilestone => ({
  type: 'ReportMilestone',
  id: recordId(input.id),
  milestone: line(input.milestone),
  reachedOn: day(input.reachedOn),
  ...(input.note && { note: explanation(input.note) }),
});

@InputType({ description: 'A delay of a project.' })
export class ReportDelayInput extends OnProjectInput {
  @Field(() => String, { description: 'Why, 2000 characters at most.' })
  @Is(explanation)
  reason!: string;
  @Field(() => DayScalar, {
    nullable: true,
    description: 'The day on which it is to end now, later than the one on record.',
  })
  @IsOptional()
  @Is(day)
  newEndsOn?: string;
}

export const toReportDelay = (input: ReportDelayInput): ReportDelay => ({
  type: 'ReportDelay',
  id: recordId(input.id),
  reason: explanation(input.reason),
  ...(input.newEndsOn && { newEndsOn: day(input.newEndsOn) }),
});

@InputType({ description: 'The completion of a project.' })
export class CompleteProjectInput extends OnProjectInput {
  @Field(() => DayScalar, { description: 'When: today (UTC) or earlier, and not before it starts.' })
  @Is(day)
  on!: string;
}

export const toCompleteProject = (input: CompleteProjectInput): CompleteProject => ({
  type: 'CompleteProject',
  id: recordId(input.id),
  on: day(input.on),
});

@InputType({ description: 'The withdrawal of a project.' })
export class WithdrawProjectInput extends OnProjectInput {
  @Field(() => String, { description: 'Why, 2000 characters at most; whoever sees the project reads it.' })
  @Is(explanation)
  reason!: string;
}

export const toWithdrawProject = (input: WithdrawProjectInput): WithdrawProject => ({
  type: 'WithdrawProject',
  id: recordId(input.id),
  reason: explanation(input.reason),
});

@ObjectType('Money', { description: 'An amount of money.' })
export class MoneyType {
  @Field(() => DecimalScalar, { description: 'How much.' })
  amount!: string;
  @Field(() => CurrencyScalar, { description: 'In which currency.' })
  currency!: string;
}

@ObjectType('YearlyOutput', { description: 'What a project is to produce in a year at full operation.' })
export class YearlyOutputType {
  @Field(() => DecimalScalar, { description: 'Tonnes a year.' })
  quantity!: string;
}

@ObjectType('HostConsent', { description: 'What the host country said to a project on its ground.' })
export class HostConsentType {
  @Field(() => CountryScalar, { description: 'The host country that said it.' })
  country!: string;
  @Field(() => Boolean, { description: 'Whether it consents.' })
  given!: boolean;
  @Field(() => InstantScalar, { description: 'When it said so.' })
  at!: string;
  @Field(() => String, { nullable: true, description: 'What it added to its consent, or why it refused.' })
  note!: string | null;
}

@ObjectType('Milestone', { description: 'A milestone that a project reached.' })
export class MilestoneType {
  @Field(() => String, { description: 'What was reached.' })
  milestone!: string;
  @Field(() => DayScalar, { description: 'When it was reached.' })
  reachedOn!: string;
  @Field(() => String, { nullable: true, description: 'Particulars.' })
  note!: string | null;
  @Field(() => CountryScalar, { description: 'Which country reported it: the owner or the host.' })
  by!: string;
  @Field(() => InstantScalar, { description: 'When it was reported.' })
  at!: string;
}

@ObjectType('Delay', { description: 'A delay that a project met.' })
export class DelayType {
  @Field(() => String, { description: 'Why.' })
  reason!: string;
  @Field(() => DayScalar, { nullable: true, description: 'The day on which the project was to end after it.' })
  newEndsOn!: string | null;
  @Field(() => CountryScalar, { description: 'Which country reported it: the owner or the host.' })
  by!: string;
  @Field(() => InstantScalar, { description: 'When it was reported.' })
  at!: string;
}

@ObjectType('Funding', {
  description: 'What is promised to a project in one currency, of the pledges that you may see.',
})
export class FundingType {
  @Field(() => CurrencyScalar, { description: 'The currency.' })
  currency!: string;
  @Field(() => DecimalScalar, { description: 'Promised; of a withdrawn pledge only what was drawn.' })
  pledged!: string;
  @Field(() => DecimalScalar, { description: 'Of that, confirmed by a second person of the pledging country.' })
  confirmed!: string;
  @Field(() => DecimalScalar, { description: 'Of that, paid out.' })
  drawn!: string;
  @Field(() => Int, { description: 'How many pledges this is of, withdrawn ones among them.' })
  count!: number;
}

@ObjectType('Project', { description: 'A project along the value chain of critical raw materials.' })
export class ProjectType {
  @Field(() => ID, { description: 'Id of the project.' })
  id!: string;
  @Field(() => PartyScalar, { description: 'The party that proposed it.' })
  owner!: string;
  @Field(() => String, { description: 'What it is called.' })
  title!: string;
  @Field(() => String, { nullable: true, description: 'What it is about.' })
  summary!: string | null;
  @Field(() => [String], { description: 'Codes of its materials.' })
  materials!: readonly string[];
  @Field(() => [StageEnum], { description: 'Its stages of the value chain.' })
  stages!: readonly Stage[];
  @Field(() => CountryScalar, { description: 'The country on whose ground it stands.' })
  hostCountry!: string;
  @Field(() => String, { nullable: true, description: 'Where in that country.' })
  location!: string | null;
  @Field(() => String, { nullable: true, description: 'Who carries it out.' })
  promoter!: string | null;
  @Field(() => DayScalar, { nullable: true, description: 'The day on which it is to start.' })
  startsOn!: string | null;
  @Field(() => DayScalar, { nullable: true, description: 'The day on which it is to end, delays included.' })
  endsOn!: string | null;
  @Field(() => MoneyType, { nullable: true, description: 'What it is estimated to cost.' })
  estimatedCost!: MoneyType | null;
  @Field(() => YearlyOutputType, { nullable: true, description: 'What it is to produce in a year.' })
  expectedOutput!: YearlyOutputType | null;
  @Field(() => String, { nullable: true, description: 'Where this can be read.' })
  source!: string | null;
  @Field(() => StatusEnum, { description: 'How far it has come.' })
  status!: ProjectStatus;
  @Field(() => HostConsentType, {
    nullable: true,
    description:
      'What the host country said; null while it has said nothing, and again when the title, the materials, the stages, the host country, the location or the promoter change.',
  })
  consent!: HostConsentType | null;
  @Field(() => [CountryScalar], { description: 'The members that endorse it, in the order in which they did.' })
  endorsedBy!: readonly string[];
  @Field(() => String, { nullable: true, description: 'Title of the decision that designated it.' })
  designation!: string | null;
  @Field(() => DayScalar, { nullable: true, description: 'Day of that decision.' })
  designatedOn!: string | null;
  @Field(() => PartyScalar, {
    nullable: true,
    description: 'Whose decision it was: SECRETARIAT where the alliance’s, as its secretariat recorded it.',
  })
  designatedBy!: string | null;
  @Field(() => [MilestoneType], { description: 'The milestones reached, in the order in which they were reported.' })
  milestones!: readonly MilestoneType[];
  @Field(() => [DelayType], { description: 'The delays, in the order in which they were reported.' })
  delays!: readonly DelayType[];
  @Field(() => DayScalar, { nullable: true, description: 'The day on which it was completed.' })
  completedOn!: string | null;
  @Field(() => String, { nullable: true, description: 'Why it was withdrawn.' })
  withdrawnBecause!: string | null;
  @Field(() => InstantScalar, { description: 'When it was proposed.' })
  proposedAt!: string;
  @Field(() => InstantScalar, { description: 'When its terms last changed.' })
  revisedAt!: string;
  @Field(() => MarkingType, { description: 'Who may see it.' })
  marking!: MarkingType;
}

export const toProject = (row: ProjectRow, who: Principal): ProjectType => ({
  id: row.id,
  owner: row.owner,
  ...toTerms(row),
  status: row.status,
  consent: row.consent ? { ...row.consent, note: row.consent.note ?? null } : null,
  endorsedBy: row.endorsedBy,
  designation: row.designation ?? null,
  designatedOn: row.designatedOn ?? null,
  designatedBy: row.designatedBy ?? null,
  milestones: row.milestones.map((each) => ({ ...each, note: each.note ?? null })),
  delays: row.delays.map((each) => ({ ...each, newEndsOn: each.newEndsOn ?? null })),
  completedOn: row.completedOn ?? null,
  withdrawnBecause: row.withdrawnBecause ?? null,
  proposedAt: row.proposedAt,
  revisedAt: row.revisedAt,
  marking: shownMarking(row.marking, who),
});

const toTerms = (terms: Terms) => ({
  title: terms.title,
  summary: terms.summary ?? null,
  materials: terms.materials,
  stages: terms.stages,
  hostCountry: terms.hostCountry,
  location: terms.location ?? null,
  promoter: terms.promoter ?? null,
  startsOn: terms.startsOn ?? null,
  endsOn: terms.endsOn ?? null,
  estimatedCost: terms.estimatedCost ?? null,
  expectedOutput: terms.expectedOutput ?? null,
  source: terms.source ?? null,
});

@ObjectType('ProjectChanged', { description: 'A project that you may see has changed.' })
export class ProjectChanged {
  @Field(() => CursorScalar, { description: 'Subscribe after it to go on from here.' })
  cursor!: string;
  @Field(() => ID, { description: 'The project that changed.' })
  id!: string;
  @Field(() => ProjectType, {
    nullable: true,
    description:
      'The project as it is now. Null where this subscription has told you of it before and you may no longer see it, whatever the reason.',
  })
  project!: ProjectType | null;
}

@InputType({ description: 'Which projects; several values of one field mean any of them.' })
export class ProjectFilter {
  @Field(() => [PartyScalar], { nullable: true, description: 'Who proposed them.' })
  owner?: string[];
  @Field(() => [CountryScalar], { nullable: true, description: 'On whose ground they stand.' })
  hostCountry?: string[];
  @Field(() => [StatusEnum], { nullable: true, description: 'How far they have come.' })
  status?: ProjectStatus[];
  @Field(() => [String], { nullable: true, description: 'Codes of materials, one of which is among theirs.' })
  materials?: string[];
  @Field(() => [StageEnum], { nullable: true, description: 'Stages, one of which is among theirs.' })
  stages?: Stage[];
  @Field(() => [CountryScalar], { nullable: true, description: 'Countries, one of which endorses them.' })
  endorsedBy?: string[];
}

export const ProjectConnection = connectionOf(ProjectType, 'Project');
export const ProjectOrder = orderOf('Project', { TITLE: 'title', PROPOSED_AT: 'proposedAt', STATUS: 'status' });
