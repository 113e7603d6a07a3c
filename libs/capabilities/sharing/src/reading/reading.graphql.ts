import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  CommandInput,
  connectionOf,
  CursorScalar,
  enumOf,
  InstantScalar,
  Is,
  orderOf,
  PartyScalar,
} from '@foundation/transport';
import { recordId, text } from '@kernel';
import { IsOptional } from 'class-validator';
import type { AcknowledgeRecall } from './reading.decider.js';
import { RECALL_CAUSES, WAYS, type RecallCause, type Way } from './reading.events.js';
import type { ReadingRow } from './readings.view.js';
import type { RecallRow } from './recalls.view.js';

const explanation = text(2000);

const WayEnum = enumOf(WAYS);
registerEnumType(WayEnum, {
  name: 'WayOfReading',
  description: 'How a record was read.',
  valuesMap: {
    READ: { description: 'It was shown.' },
    EXPORT: { description: 'It left the platform.' },
    EMERGENCY: { description: 'Through an emergency access; the marking alone would not have allowed it.' },
  },
});

const CauseEnum = enumOf(RECALL_CAUSES);
registerEnumType(CauseEnum, {
  name: 'RecallCause',
  description: 'Why a record is recalled.',
  valuesMap: {
    NARROWED: { description: 'Its owner does not release it to the reader any more.' },
    WITHDRAWN: { description: 'Its owner has withdrawn it.' },
  },
});

@ObjectType('ReadingWay', { description: 'One way in which a party has read a record.' })
export class ReadingWayType {
  @Field(() => WayEnum, { description: 'How.' })
  how!: Way;
  @Field(() => PartyScalar, { nullable: true, description: 'Whose person it was, under a mandate of the reader.' })
  delegate!: string | null;
  @Field(() => ID, { nullable: true, description: 'Reference of the person, where it was an emergency.' })
  person!: string | null;
  @Field(() => InstantScalar, { description: 'When last. It is noted once a day (UTC).' })
  lastAt!: string;
}

@ObjectType('Reading', { description: 'That a party has read a record of yours: told to its owner only.' })
export class ReadingType {
  @Field(() => ID, { description: 'Id of the entry.' })
  id!: string;
  @Field(() => ID, { description: 'Id of the record.' })
  record!: string;
  @Field(() => String, { description: 'The list that it stands in, such as projects.projects.' })
  kind!: string;
  @Field(() => PartyScalar, {
    nullable: true,
    description: 'Who has read it; null for people who act for nobody, such as auditors.',
  })
  reader!: string | null;
  @Field(() => InstantScalar, { description: 'When first.' })
  firstAt!: string;
  @Field(() => InstantScalar, { description: 'When last. It is noted once a day (UTC).' })
  lastAt!: string;
  @Field(() => [ReadingWayType], { description: 'In which ways.' })
  ways!: ReadingWayType[];
}

export const toReading = (row: ReadingRow): ReadingType => ({
  id: row.id,
  record: row.record,
  kind: row.kind,
  reader: row.reader,
  firstAt: row.firstAt,
  lastAt: row.lastAt,
  ways: row.ways.map(({ how, delegate, person, lastAt }) => ({
    how,
    delegate: delegate ?? null,
    person: person ?? null,
    lastAt,
  })),
});

@InputType({ description: 'Which readings; several values of one field mean any of them.' })
export class ReadingFilter {
  @Field(() => [ID], { nullable: true, description: 'Ids of records.' })
  record?: string[];
  @Field(() => [PartyScalar], { nullable: true, description: 'Who has read.' })
  reader?: string[];
}

export const ReadingConnection = connectionOf(ReadingType, 'Reading');
export const ReadingOrder = orderOf('Reading', { LAST_AT: 'lastAt' });

@InputType({ description: 'A recall notice to acknowledge.' })
export class AcknowledgeRecallInput extends CommandInput {
  @Field(() => ID, { description: 'Id of the notice.' })
  @Is(recordId)
  id!: string;
  @Field(() => String, {
    nullable: true,
    description: 'What you did about your copies, 2000 characters at most; the owner of the record reads it.',
  })
  @IsOptional()
  @Is(explanation)
  note?: string;
}

export const toAcknowledgeRecall = (input: AcknowledgeRecallInput): AcknowledgeRecall => ({
  type: 'AcknowledgeRecall',
  id: recordId(input.id),
  ...(input.note && { note: explanation(input.note) }),
});

@ObjectType('Recall', {
  description: 'What a party has read is not to be used any more: told to that party and to the owner of the record.',
})
export class RecallType {
  @Field(() => ID, { description: 'Id of the notice.' })
  id!: string;
  @Field(() => ID, { description: 'Id of the record.' })
  record!: string;
  @Field(() => String, { description: 'The list that it stood in, such as projects.projects.' })
  kind!: string;
  @Field(() => PartyScalar, { description: 'Whose record it is.' })
  owner!: string;
  @Field(() => PartyScalar, { nullable: true, description: 'Who had read it.' })
  reader!: string | null;
  @Field(() => CauseEnum, { description: 'Why.' })
  cause!: RecallCause;
  @Field(() => InstantScalar, { description: 'Since when.' })
  issuedAt!: string;
  @Field(() => InstantScalar, { nullable: true, description: 'When the reader acknowledged it.' })
  acknowledgedAt!: string | null;
  @Field(() => String, { nullable: true, description: 'What the reader says that it did about its copies.' })
  note!: string | null;
}

export const toRecall = (row: RecallRow): RecallType => ({
  id: row.id,
  record: row.record,
  kind: row.kind,
  owner: row.owner,
  reader: row.reader,
  cause: row.cause,
  issuedAt: row.issuedAt,
  acknowledgedAt: row.acknowledgedAt ?? null,
  note: row.note ?? null,
});

@InputType({ description: 'Which recall notices; several values of one field mean any of them.' })
export class RecallFilter {
  @Field(() => [ID], { nullable: true, description: 'Ids of records.' })
  record?: string[];
  @Field(() => [PartyScalar], { nullable: true, description: 'Whose records.' })
  owner?: string[];
  @Field(() => [PartyScalar], { nullable: true, description: 'Who had read them.' })
  reader?: string[];
  @Field(() => Boolean, { nullable: true, description: 'Whether the reader has acknowledged it.' })
  acknowledged?: boolean;
}

export const RecallConnection = connectionOf(RecallType, 'Recall');
export const RecallOrder = orderOf('Recall', { ISSUED_AT: 'issuedAt' });

@ObjectType('RecallChanged', { description: 'A recall notice that you may see was issued or acknowledged.' })
export class RecallChanged {
  @Field(() => CursorScalar, { description: 'Subscribe after it to go on from here.' })
  cursor!: string;
  @Field(() => ID, { description: 'Id of the notice.' })
  id!: string;
  @Field(() => RecallType, {
    nullable: true,
    description: 'The notice as you may see it now; null when you no longer may.',
  })
  recall!: RecallType | null;
}
