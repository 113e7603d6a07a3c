import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  CommandInput,
  connectionOf,
  CountryScalar,
  enumOf,
  InstantScalar,
  Is,
  MarkingType,
  orderOf,
  shownMarking,
} from '@foundation/transport';
import { country, recordId, text, type Principal } from '@kernel';
import type {
  ApproveEmergencyAccess,
  RefuseEmergencyAccess,
  RequestEmergencyAccess,
} from './emergency-access.decider.js';
import type { EmergencyAccessRow } from './emergency-accesses.view.js';

const explanation = text(2000);

const DecisionEnum = enumOf(['PENDING', 'APPROVED', 'REFUSED']);
registerEnumType(DecisionEnum, {
  name: 'EmergencyDecision',
  description: 'What became of a request for emergency access.',
  valuesMap: {
    PENDING: { description: 'Nobody has decided yet.' },
    APPROVED: { description: 'It was approved, for an hour.' },
    REFUSED: { description: 'It was refused, or ended before its time.' },
  },
});

@InputType({ description: 'One record that you have to read although it was not released to you.' })
export class RequestEmergencyAccessInput extends CommandInput {
  @Field(() => ID, { description: 'Id of the record. The answer is the same where there is no such record.' })
  @Is(recordId)
  record!: string;
  @Field(() => String, { description: 'Why, for the approver and the record’s owner, 2000 characters at most.' })
  @Is(explanation)
  reason!: string;
  @Field(() => CountryScalar, { description: 'The member state whose delegate or approver has to agree.' })
  @Is(country)
  approver!: string;
}

export const toRequestEmergencyAccess = (input: RequestEmergencyAccessInput): RequestEmergencyAccess => ({
  type: 'RequestEmergencyAccess',
  record: recordId(input.record),
  reason: explanation(input.reason),
  approver: country(input.approver),
});

@InputType({ description: 'An emergency access to approve: the person who asked reads the record for one hour.' })
export class ApproveEmergencyAccessInput extends CommandInput {
  @Field(() => ID, { description: 'Id of the emergency access.' })
  @Is(recordId)
  id!: string;
}

export const toApproveEmergencyAccess = (input: ApproveEmergencyAccessInput): ApproveEmergencyAccess => ({
  type: 'ApproveEmergencyAccess',
  id: recordId(input.id),
});

@InputType({ description: 'An emergency access to refuse, or to end before its time.' })
export class RefuseEmergencyAccessInput extends CommandInput {
  @Field(() => ID, { description: 'Id of the emergency access.' })
  @Is(recordId)
  id!: string;
  @Field(() => String, { description: 'Why, 2000 characters at most.' })
  @Is(explanation)
  reason!: string;
}

export const toRefuseEmergencyAccess = (input: RefuseEmergencyAccessInput): RefuseEmergencyAccess => ({
  type: 'RefuseEmergencyAccess',
  id: recordId(input.id),
  reason: explanation(input.reason),
});

@ObjectType('EmergencyAccess', {
  description: 'That a person of the secretariat reads one record for an hour, whatever its marking says.',
})
export class EmergencyAccessType {
  @Field(() => ID, { description: 'Id of the emergency access.' })
  id!: string;
  @Field(() => ID, { description: 'Id of the record, which may not exist.' })
  record!: string;
  @Field(() => String, { description: 'Why it was asked for.' })
  reason!: string;
  @Field(() => CountryScalar, { description: 'The member state that has to agree.' })
  approver!: string;
  @Field(() => ID, { description: 'Reference of the person who asked.' })
  requestedBy!: string;
  @Field(() => InstantScalar, { description: 'When it was asked for.' })
  requestedAt!: string;
  @Field(() => DecisionEnum, { description: 'What became of it.' })
  decision!: EmergencyAccessRow['decision'];
  @Field(() => ID, { nullable: true, description: 'Reference of the person who decided last.' })
  decidedBy!: string | null;
  @Field(() => InstantScalar, { nullable: true, description: 'When that person decided.' })
  decidedAt!: string | null;
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'The first instant at which the record is closed again.',
  })
  until!: string | null;
  @Field(() => String, { nullable: true, description: 'Why it was refused or ended.' })
  refusal!: string | null;
  @Field(() => MarkingType, { description: 'Who may know of it: the secretariat and the approving country.' })
  marking!: MarkingType;
}

export const toEmergencyAccess = (row: EmergencyAccessRow, who: Principal): EmergencyAccessType => ({
  id: row.id,
  record: row.record,
  reason: row.reason,
  approver: row.approver,
  requestedBy: row.requestedBy,
  requestedAt: row.requestedAt,
  decision: row.decision,
  decidedBy: row.decidedBy ?? null,
  decidedAt: row.decidedAt ?? null,
  until: row.until ?? null,
  refusal: row.refusal ?? null,
  marking: shownMarking(row.marking, who),
});

@InputType({ description: 'Which emergency accesses; several values of one field mean any of them.' })
export class EmergencyAccessFilter {
  @Field(() => [DecisionEnum], { nullable: true, description: 'What became of them.' })
  decision?: EmergencyAccessRow['decision'][];
  @Field(() => [CountryScalar], { nullable: true, description: 'Countries that have to agree.' })
  approver?: string[];
}

export const EmergencyAccessConnection = connectionOf(EmergencyAccessType, 'EmergencyAccess');
export const EmergencyAccessOrder = orderOf('EmergencyAccess', { REQUESTED_AT: 'requestedAt' });
