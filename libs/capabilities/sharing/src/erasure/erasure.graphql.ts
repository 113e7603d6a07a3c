import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { CommandInput, connectionOf, enumOf, InstantScalar, Is } from '@foundation/transport';
import { recordId, text, type ApproveErasure, type RequestErasure } from '@kernel';
import { IsIn, IsOptional } from 'class-validator';
import { recordKind, RecordKindEnum } from '../marking/record-kind.graphql.js';
import type { ErasureRow } from './erasures.view.js';

const legalBasis = text(2000);
const STATUSES = ['REQUESTED', 'ERASED'] as const;

const ErasureStatusEnum = enumOf(STATUSES);
registerEnumType(ErasureStatusEnum, {
  name: 'ErasureStatus',
  description: 'How far an erasure has come.',
  valuesMap: {
    REQUESTED: { description: 'One person has asked; a second one has to approve.' },
    ERASED: { description: 'The key of the content is destroyed.' },
  },
});

@InputType({ description: 'A record of yours whose content is to be erased.' })
export class RequestErasureInput extends CommandInput {
  @Field(() => RecordKindEnum, { description: 'What kind of record it is.' })
  @Is(recordKind)
  kind!: string;
  @Field(() => ID, { description: 'Id of the record.' })
  @Is(recordId)
  id!: string;
  @Field(() => String, {
    description:
      'The law or rule that asks for it, 2000 characters at most. It stays in the history, so it must not repeat what is to be erased.',
  })
  @Is(legalBasis)
  basis!: string;
}

export const toRequestErasure = (input: RequestErasureInput): RequestErasure => ({
  type: 'RequestErasure',
  id: recordId(input.id),
  basis: legalBasis(input.basis),
});

@InputType({ description: 'An erasure that another person of your country has asked for.' })
export class ApproveErasureInput extends CommandInput {
  @Field(() => RecordKindEnum, { description: 'What kind of record it is.' })
  @Is(recordKind)
  kind!: string;
  @Field(() => ID, { description: 'Id of the record.' })
  @Is(recordId)
  id!: string;
}

export const toApproveErasure = (input: ApproveErasureInput): ApproveErasure => ({
  type: 'ApproveErasure',
  id: recordId(input.id),
});

@ObjectType('Erasure', { description: 'That the content of a record is to be erased, or was: told to its owner only.' })
export class ErasureType {
  @Field(() => ID, { description: 'Id of the record.' })
  record!: string;
  @Field(() => String, { description: 'What kind of record, such as stockDeclaration.' })
  kind!: string;
  @Field(() => ErasureStatusEnum, { description: 'How far it has come.' })
  status!: ErasureRow['status'];
  @Field(() => String, { description: 'The law or rule that asks for it.' })
  basis!: string;
  @Field(() => ID, { description: 'Reference of the person who asked.' })
  requestedBy!: string;
  @Field(() => InstantScalar, { description: 'When it was asked for.' })
  requestedAt!: string;
  @Field(() => InstantScalar, { nullable: true, description: 'When the content was erased.' })
  erasedAt!: string | null;
}

export const toErasure = ({ marking: _, ...row }: ErasureRow): ErasureType => ({
  ...row,
  erasedAt: row.erasedAt ?? null,
});

@InputType({ description: 'Which erasures.' })
export class ErasureFilter {
  @Field(() => ErasureStatusEnum, { nullable: true, description: 'How far they have come.' })
  @IsOptional()
  @IsIn(STATUSES)
  status?: ErasureRow['status'];
}

export const ErasureConnection = connectionOf(ErasureType, 'Erasure');
