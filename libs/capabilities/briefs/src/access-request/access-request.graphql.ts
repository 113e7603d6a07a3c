import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  CommandInput,
  connectionOf,
  CursorScalar,
  enumOf,
  InstantScalar,
  Is,
  MarkingType,
  orderOf,
  PartyScalar,
  shownMarking,
} from '@foundation/transport';
import { party, materialCode, recordId, text, type Principal } from '@kernel';
import { IsIn, IsOptional } from 'class-validator';
import type { AnswerAccessRequest, RequestAccess } from './access-request.decider.js';
import { ANSWERS, type Answer } from './access-request.events.js';
import { ACCESS_REQUEST_STATUSES, type AccessRequestRow, type AccessRequestStatus } from './access-requests.view.js';

const line = text(200);
const explanation = text(2000);

const AnswerEnum = enumOf(ANSWERS);
registerEnumType(AnswerEnum, {
  name: 'AccessAnswer',
  description: 'What is said to an access request.',
  valuesMap: {
    GRANTED: { description: 'The asked party releases what it has, by the marking of its records.' },
    DECLINED: { description: 'It does not, whether it has anything or not.' },
  },
});

const StatusEnum = enumOf(ACCESS_REQUEST_STATUSES);
registerEnumType(StatusEnum, {
  name: 'AccessRequestStatus',
  description: 'What was said to an access request.',
  valuesMap: {
    ASKED: { description: 'Nothing yet.' },
    GRANTED: { description: 'The asked party lets the other in.' },
    DECLINED: { description: 'It does not, whether it has anything or not.' },
  },
});

@InputType({ description: 'The wish to be let in on what another party may have. It confirms nothing.' })
export class RequestAccessInput extends CommandInput {
  @Field(() => PartyScalar, { description: 'Whom you ask: another country, or the secretariat.' })
  @Is(party)
  of!: string;
  @Field(() => String, { description: 'What it is about, 200 characters at most.' })
  @Is(line)
  subject!: string;
  @Field(() => String, { nullable: true, description: 'Code of the material, if it is about one.' })
  @IsOptional()
  @Is(materialCode)
  material?: string;
  @Field(() => String, { description: 'Why, 2000 characters at most; the asked party reads it.' })
  @Is(explanation)
  reason!: string;
}

export const toRequestAccess = (input: RequestAccessInput): RequestAccess => ({
  type: 'RequestAccess',
  of: party(input.of),
  subject: line(input.subject),
  ...(input.material && { material: materialCode(input.material) }),
  reason: explanation(input.reason),
});

@InputType({ description: 'The answer to an access request. It opens nothing: release records by their marking.' })
export class AnswerAccessRequestInput extends CommandInput {
  @Field(() => ID, { description: 'Id of the access request.' })
  @Is(recordId)
  id!: string;
  @Field(() => AnswerEnum, { description: 'What you say.' })
  @IsIn(ANSWERS)
  answer!: Answer;
  @Field(() => String, { nullable: true, description: 'What goes with it, 2000 characters at most.' })
  @IsOptional()
  @Is(explanation)
  note?: string;
}

export const toAnswerAccessRequest = (input: AnswerAccessRequestInput): AnswerAccessRequest => ({
  type: 'AnswerAccessRequest',
  id: recordId(input.id),
  answer: input.answer,
  ...(input.note && { note: explanation(input.note) }),
});

@ObjectType('AccessRequest', {
  description: 'A party asks another to be let in on what it may not know to exist. Between the two of them.',
})
export class AccessRequestType {
  @Field(() => ID, { description: 'Id of the access request.' })
  id!: string;
  @Field(() => PartyScalar, { description: 'Who asks.' })
  requester!: string;
  @Field(() => PartyScalar, { description: 'Who is asked.' })
  of!: string;
  @Field(() => String, { description: 'What it is about.' })
  subject!: string;
  @Field(() => String, { nullable: true, description: 'Code of the material, if it is about one.' })
  material!: string | null;
  @Field(() => String, { description: 'Why.' })
  reason!: string;
  @Field(() => StatusEnum, { description: 'What was said to it last.' })
  status!: AccessRequestStatus;
  @Field(() => String, { nullable: true, description: 'What goes with the answer.' })
  note!: string | null;
  @Field(() => InstantScalar, { description: 'When it was asked.' })
  requestedAt!: string;
  @Field(() => InstantScalar, { nullable: true, description: 'When it was answered last.' })
  answeredAt!: string | null;
  @Field(() => MarkingType, { description: 'Who may see it: the two parties.' })
  marking!: MarkingType;
}

export const toAccessRequest = (row: AccessRequestRow, who: Principal): AccessRequestType => ({
  id: row.id,
  requester: row.requester,
  of: row.of,
  subject: row.subject,
  material: row.material ?? null,
  reason: row.reason,
  status: row.status,
  note: row.note ?? null,
  requestedAt: row.requestedAt,
  answeredAt: row.answeredAt ?? null,
  marking: shownMarking(row.marking, who),
});

@ObjectType('AccessRequestChanged', { description: 'An access request of yours, or to you, has changed.' })
export class AccessRequestChanged {
  @Field(() => CursorScalar, { description: 'Subscribe after it to go on from here.' })
  cursor!: string;
  @Field(() => ID, { description: 'The access request that changed.' })
  id!: string;
  @Field(() => AccessRequestType, {
    nullable: true,
    description:
      'The request as it is now. Null where this subscription has told you of it before and you may no longer see it, whatever the reason.',
  })
  accessRequest!: AccessRequestType | null;
}

@InputType({ description: 'Which access requests; several values of one field mean any of them.' })
export class AccessRequestFilter {
  @Field(() => [PartyScalar], { nullable: true, description: 'Who asks.' })
  requester?: string[];
  @Field(() => [PartyScalar], { nullable: true, description: 'Who is asked.' })
  of?: string[];
  @Field(() => [String], { nullable: true, description: 'Codes of materials.' })
  material?: string[];
  @Field(() => [StatusEnum], { nullable: true, description: 'What was said to them.' })
  status?: AccessRequestStatus[];
}

export const AccessRequestConnection = connectionOf(AccessRequestType, 'AccessRequest');
export const AccessRequestOrder = orderOf('AccessRequest', { REQUESTED_AT: 'requestedAt' });
