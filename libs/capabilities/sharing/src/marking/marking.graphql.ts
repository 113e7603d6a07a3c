import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import {
  CommandInput,
  connectionOf,
  InstantScalar,
  Is,
  MarkingInput,
  MarkingType,
  PartyScalar,
  shownMarking,
  toMarkingRequest,
} from '@foundation/transport';
import { recordId, text, type ChangeMarking, type Principal } from '@kernel';
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import type { AudienceChangeRow } from './audience-changes.view.js';
import { recordKind, RecordKindEnum } from './record-kind.graphql.js';

const explanation = text(2000);

@InputType({ description: 'Another audience for a record of yours.' })
export class ChangeMarkingInput extends CommandInput {
  @Field(() => RecordKindEnum, { description: 'What kind of record it is.' })
  @Is(recordKind)
  kind!: string;
  @Field(() => ID, { description: 'Id of the record.' })
  @Is(recordId)
  id!: string;
  @Field(() => MarkingInput, {
    description: 'The marking that it is to have. It takes the place of the old one: what is left out does not stay.',
  })
  @ValidateNested()
  @Type(() => MarkingInput)
  marking!: MarkingInput;
  @Field(() => String, { description: 'Why, 2000 characters at most; only your own people read it.' })
  @Is(explanation)
  reason!: string;
}

export const toChangeMarking = (input: ChangeMarkingInput): ChangeMarking => ({
  type: 'ChangeMarking',
  id: recordId(input.id),
  reason: explanation(input.reason),
  marking: toMarkingRequest(input.marking),
});

@ObjectType('AudienceChange', { description: 'A change of who may read a record: told to its owner only.' })
export class AudienceChangeType {
  @Field(() => ID, { description: 'Id of the record.' })
  record!: string;
  @Field(() => InstantScalar, { description: 'When.' })
  at!: string;
  @Field(() => PartyScalar, { description: 'Who changed it.' })
  by!: string;
  @Field(() => String, { description: 'Why.' })
  reason!: string;
  @Field(() => MarkingType, { description: 'The marking from then on.' })
  changedTo!: MarkingType;
}

export const toAudienceChange = (row: AudienceChangeRow, who: Principal): AudienceChangeType => ({
  record: row.record,
  at: row.at,
  by: row.by,
  reason: row.reason,
  changedTo: shownMarking(row.changedTo, who),
});

export const AudienceChangeConnection = connectionOf(AudienceChangeType, 'AudienceChange');
