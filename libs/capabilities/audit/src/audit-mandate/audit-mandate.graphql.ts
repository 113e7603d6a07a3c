import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  CommandInput,
  connectionOf,
  enumOf,
  InstantScalar,
  Is,
  LevelEnum,
  orderOf,
  PartyScalar,
} from '@foundation/transport';
import { instant, InvalidValue, isRecordId, LEVELS, recordId, text, type Level, type PersonRef } from '@kernel';
import { ArrayMaxSize, IsIn, IsOptional } from 'class-validator';
import type { GrantAuditMandate, RevokeAuditMandate } from './audit-mandate.decider.js';
import { AUDIT_SUBJECTS, type AuditSubject } from './audit-mandate.events.js';
import type { AuditMandateRow } from './audit-mandates.view.js';

const explanation = text(2000);
const NAMES = AUDIT_SUBJECTS.map((each) => each.toUpperCase());
const subject = (name: string): AuditSubject => AUDIT_SUBJECTS[NAMES.indexOf(name)]!;

const personRef = (given: string): PersonRef => {
  if (!isRecordId(given)) throw new InvalidValue('must be the reference of a person, a UUID in lower case');
  return given as string as PersonRef;
};

const SubjectEnum = enumOf(NAMES);
registerEnumType(SubjectEnum, {
  name: 'AuditSubject',
  description: 'What an auditor may read of a party.',
  valuesMap: {
    MATERIALS: { description: 'Materials, lists and production figures.' },
    PROJECTS: { description: 'Projects and pledges.' },
    STOCKPILES: { description: 'Stock declarations.' },
    BRIEFS: { description: 'Briefs.' },
    SHARING: { description: 'Who has read what.' },
  },
});

@InputType({
  description:
    'What an auditor may read of your party, its history included. Granted again to the same person, it takes the earlier one’s place.',
})
export class GrantAuditMandateInput extends CommandInput {
  @Field(() => ID, { description: 'Reference of the auditor, as the person finds it under me.' })
  @Is(personRef)
  person!: string;
  @Field(() => [SubjectEnum], { description: 'In what; of everything else the auditor sees structure and proof.' })
  @ArrayMaxSize(NAMES.length)
  @IsIn(NAMES, { each: true })
  subjects!: string[];
  @Field(() => LevelEnum, { nullable: true, description: 'Up to which level; your own at most. Left out: OPEN.' })
  @IsOptional()
  @IsIn(LEVELS)
  level?: Level;
  @Field(() => InstantScalar, { description: 'The first instant at which it holds no longer.' })
  @Is(instant)
  until!: string;
}

export const toGrantAuditMandate = (input: GrantAuditMandateInput): GrantAuditMandate => ({
  type: 'GrantAuditMandate',
  person: personRef(input.person),
  subjects: input.subjects.map(subject),
  level: input.level ?? 'OPEN',
  until: instant(input.until),
});

@InputType({ description: 'An audit mandate to end.' })
export class RevokeAuditMandateInput extends CommandInput {
  @Field(() => ID, { description: 'Id of the audit mandate.' })
  @Is(recordId)
  id!: string;
  @Field(() => String, { description: 'Why, for the record, 2000 characters at most.' })
  @Is(explanation)
  reason!: string;
}

export const toRevokeAuditMandate = (input: RevokeAuditMandateInput): RevokeAuditMandate => ({
  type: 'RevokeAuditMandate',
  id: recordId(input.id),
  reason: explanation(input.reason),
});

@ObjectType('AuditMandate', { description: 'That an auditor may read what is a party’s.' })
export class AuditMandateType {
  @Field(() => ID, { description: 'Id of the audit mandate.' })
  id!: string;
  @Field(() => PartyScalar, { description: 'Whose records.' })
  party!: string;
  @Field(() => ID, { description: 'Reference of the auditor.' })
  person!: string;
  @Field(() => [SubjectEnum], { description: 'In what.' })
  subjects!: readonly string[];
  @Field(() => LevelEnum, { description: 'Up to which level.' })
  level!: Level;
  @Field(() => InstantScalar, { description: 'The first instant at which it holds no longer.' })
  until!: string;
  @Field(() => InstantScalar, { description: 'When it was granted as it stands.' })
  grantedAt!: string;
  @Field(() => InstantScalar, { nullable: true, description: 'When it was revoked, if it was.' })
  revokedAt!: string | null;
  @Field(() => String, { nullable: true, description: 'Why it was revoked.' })
  reason!: string | null;
}

export const toAuditMandate = (row: AuditMandateRow): AuditMandateType => ({
  id: row.id,
  party: row.party,
  person: row.person,
  subjects: row.subjects.map((each) => each.toUpperCase()),
  level: row.level,
  until: row.until,
  grantedAt: row.grantedAt,
  revokedAt: row.revokedAt ?? null,
  reason: row.reason ?? null,
});

export const AuditMandateConnection = connectionOf(AuditMandateType, 'AuditMandate');
export const AuditMandateOrder = orderOf('AuditMandate', { GRANTED_AT: 'grantedAt', UNTIL: 'until' });
