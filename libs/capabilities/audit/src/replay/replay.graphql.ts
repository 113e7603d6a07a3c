import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { InstantScalar, PageInfo, PartyScalar } from '@foundation/transport';
import { GraphQLScalarType } from 'graphql';

export const JsonScalar = new GraphQLScalarType<unknown, unknown>({
  name: 'Json',
  description: 'Any JSON value, as it stands in a list.',
});

@ObjectType('ColumnChange', { description: 'One field of a record that an event changed.' })
export class ColumnChangeType {
  @Field(() => String, { description: 'The list that the record stands in, such as projects.projects.' })
  list!: string;
  @Field(() => String, { description: 'The field, by its name in that list.' })
  field!: string;
  @Field(() => JsonScalar, {
    nullable: true,
    description: 'What it was, as far as you could know; null where it was not there.',
  })
  before!: unknown;
  @Field(() => JsonScalar, { nullable: true, description: 'What it became; null where it is there no more.' })
  after!: unknown;
}

@ObjectType('HistoryFact', { description: 'One event of a record, as you may know it.' })
export class HistoryFactType {
  @Field(() => ID, { description: 'Id of the event: ask for its proof by it.' })
  eventId!: string;
  @Field(() => String, { description: 'Its name, such as projects.ProjectProposed.v1.' })
  type!: string;
  @Field(() => InstantScalar, { description: 'When it was recorded.' })
  at!: string;
  @Field(() => PartyScalar, {
    nullable: true,
    description: 'In whose name. Null for auditors where they see the structure alone.',
  })
  by!: string | null;
  @Field(() => ID, {
    nullable: true,
    description: 'Reference of the person, for its own party and for auditors that the party lets in.',
  })
  person!: string | null;
  @Field(() => ID, { nullable: true, description: 'The mandate that it was done under, told to the same.' })
  mandate!: string | null;
  @Field(() => Int, { description: 'Version of the access policy that it was decided under.' })
  policyVersion!: number;
  @Field(() => Boolean, { description: 'Whether you see the content; otherwise the structure alone.' })
  isOpen!: boolean;
  @Field(() => [ColumnChangeType], { description: 'What it changed, of what you could read then and can read now.' })
  changes!: ColumnChangeType[];
}

@ObjectType('RecordHistory', { description: 'How a record came to be as it is, as you may know it.' })
export class RecordHistoryType {
  @Field(() => ID, { description: 'Id of the record.' })
  id!: string;
  @Field(() => String, { description: 'What kind of record, such as stockDeclaration.' })
  kind!: string;
  @Field(() => [HistoryFactType], { description: 'Its events, earliest first.' })
  facts!: HistoryFactType[];
}

@ObjectType('KnownRow', { description: 'A record as a list shows it.' })
export class KnownRowType {
  @Field(() => String, { description: 'The list, such as projects.projects.' })
  list!: string;
  @Field(() => JsonScalar, { description: 'Its fields, by their names in that list.' })
  fields!: Record<string, unknown>;
}

@ObjectType('RecordAsOf', { description: 'A record as of a time.' })
export class RecordAsOfType {
  @Field(() => ID, { description: 'Id of the record.' })
  id!: string;
  @Field(() => String, { description: 'What kind of record, such as stockDeclaration.' })
  kind!: string;
  @Field(() => InstantScalar, { description: 'The time.' })
  at!: string;
  @Field(() => [KnownRowType], { description: 'As it was known then. Empty where you could not read it then.' })
  knownThen!: KnownRowType[];
  @Field(() => [KnownRowType], {
    nullable: true,
    description:
      'As it is known now of that day, corrections included. Null where its figures are for no day, or a later one.',
  })
  knownNow!: KnownRowType[] | null;
}

@InputType({ description: 'Which decisions.' })
export class DecisionFilter {
  @Field(() => Boolean, { nullable: true, description: 'Only those that were refused.' })
  refused?: boolean;
  @Field(() => [String], { nullable: true, description: 'Types of commands, such as ProposeProject.' })
  command?: string[];
  @Field(() => [PartyScalar], { nullable: true, description: 'In whose name; only parties that let you in are found.' })
  party?: string[];
}

@ObjectType('Decision', { description: 'That a command was accepted or refused.' })
export class DecisionType {
  @Field(() => InstantScalar, { description: 'When.' })
  at!: string;
  @Field(() => Boolean, { description: 'Whether it was accepted.' })
  accepted!: boolean;
  @Field(() => String, { nullable: true, description: 'Type of the command, such as ProposeProject.' })
  command!: string | null;
  @Field(() => String, { nullable: true, description: 'Why it was refused, as a stable code.' })
  code!: string | null;
  @Field(() => Int, { description: 'How many like it this stands for.' })
  times!: number;
  @Field(() => String, { description: 'Which kind of record it was about.' })
  kind!: string;
  @Field(() => ID, {
    nullable: true,
    description: 'The record that it made or changed; of a refused one for auditors that the party lets in.',
  })
  record!: string | null;
  @Field(() => [String], { description: 'The events that it made.' })
  events!: string[];
  @Field(() => PartyScalar, { nullable: true, description: 'In whose name; told to auditors that the party lets in.' })
  by!: string | null;
  @Field(() => ID, { nullable: true, description: 'Reference of the person; told to the same.' })
  person!: string | null;
  @Field(() => Int, { description: 'Version of the access policy that it was decided under.' })
  policyVersion!: number;
}

@ObjectType('DecisionPage', { description: 'Decisions in the order in which they were recorded.' })
export class DecisionPageType {
  @Field(() => [DecisionType], {
    description: 'The decisions; fewer than asked for, or none, where few fit the filter.',
  })
  nodes!: DecisionType[];
  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;
}
