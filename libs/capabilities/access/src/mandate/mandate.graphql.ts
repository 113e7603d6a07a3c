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
import { country, instant, recordId, text, type Principal } from '@kernel';
import { ArrayMaxSize, IsBoolean, IsIn, IsOptional } from 'class-validator';
import type { GrantMandate, RevokeMandate } from './mandate.decider.js';
import { SUBJECTS, type Subject } from './mandate.events.js';
import type { MandateRow } from './mandates.view.js';

const explanation = text(2000);

const NAMES = SUBJECTS.map((each) => each.toUpperCase());
const subject = (name: string): Subject => SUBJECTS[NAMES.indexOf(name)]!;

const SubjectEnum = enumOf(NAMES);
registerEnumType(SubjectEnum, {
  name: 'MandateSubject',
  description: 'What somebody may act for another country in.',
  valuesMap: {
    MATERIALS: { description: 'Materials, lists and production figures.' },
    PROJECTS: { description: 'Projects and pledges.' },
    STOCKPILES: { description: 'Stock declarations.' },
    BRIEFS: { description: 'Briefs.' },
  },
});

@InputType({
  description:
    'What the people of another country may do in your country’s name. Granted again to the same country, it takes the earlier one’s place.',
})
export class GrantMandateInput extends CommandInput {
  @Field(() => CountryScalar, { description: 'The country whose people act for yours, such as "EU".' })
  @Is(country)
  delegate!: string;
  @Field(() => [SubjectEnum], { description: 'In what; everything else they see as the public does.' })
  @ArrayMaxSize(NAMES.length)
  @IsIn(NAMES, { each: true })
  subjects!: string[];
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether they may give commands in your country’s name. Otherwise they read.',
  })
  @IsOptional()
  @IsBoolean()
  mayCommand?: boolean;
  @Field(() => InstantScalar, { nullable: true, description: 'From when; from now on where left out.' })
  @IsOptional()
  @Is(instant)
  from?: string;
  @Field(() => InstantScalar, { description: 'Until when: the first instant at which it holds no longer.' })
  @Is(instant)
  until!: string;
}

export const toGrantMandate = (input: GrantMandateInput): GrantMandate => ({
  type: 'GrantMandate',
  delegate: country(input.delegate),
  subjects: input.subjects.map(subject),
  mayCommand: input.mayCommand ?? false,
  ...(input.from && { from: instant(input.from) }),
  until: instant(input.until),
});

@InputType({ description: 'A mandate to end: at once nobody acts under it any more.' })
export class RevokeMandateInput extends CommandInput {
  @Field(() => ID, { description: 'Id of the mandate.' })
  @Is(recordId)
  id!: string;
  @Field(() => String, { description: 'Why, for the record, 2000 characters at most.' })
  @Is(explanation)
  reason!: string;
}

export const toRevokeMandate = (input: RevokeMandateInput): RevokeMandate => ({
  type: 'RevokeMandate',
  id: recordId(input.id),
  reason: explanation(input.reason),
});

@ObjectType('Mandate', { description: 'That the people of one country may act for another.' })
export class MandateType {
  @Field(() => ID, { description: 'Id of the mandate.' })
  id!: string;
  @Field(() => CountryScalar, { description: 'The country that is acted for.' })
  principal!: string;
  @Field(() => CountryScalar, { description: 'The country whose people act.' })
  delegate!: string;
  @Field(() => [SubjectEnum], { description: 'In what.' })
  subjects!: readonly string[];
  @Field(() => Boolean, { description: 'Whether they may give commands; otherwise they read.' })
  mayCommand!: boolean;
  @Field(() => InstantScalar, { description: 'From when.' })
  from!: string;
  @Field(() => InstantScalar, { description: 'The first instant at which it holds no longer.' })
  until!: string;
  @Field(() => InstantScalar, { description: 'When it was granted as it stands.' })
  grantedAt!: string;
  @Field(() => InstantScalar, { nullable: true, description: 'When it was revoked, if it was.' })
  revokedAt!: string | null;
  @Field(() => String, { nullable: true, description: 'Why it was revoked.' })
  reason!: string | null;
  @Field(() => MarkingType, { description: 'Who may know of it: the two countries.' })
  marking!: MarkingType;
}

export const toMandate = (row: MandateRow, who: Principal): MandateType => ({
  id: row.id,
  principal: row.principal,
  delegate: row.delegate,
  subjects: row.subjects.map((each) => each.toUpperCase()),
  mayCommand: row.mayCommand,
  from: row.from,
  until: row.until,
  grantedAt: row.grantedAt,
  revokedAt: row.revokedAt ?? null,
  reason: row.reason ?? null,
  marking: shownMarking(row.marking, who),
});

@InputType({ description: 'Which mandates; several values of one field mean any of them.' })
export class MandateFilter {
  @Field(() => [CountryScalar], { nullable: true, description: 'Countries that are acted for.' })
  principal?: string[];
  @Field(() => [CountryScalar], { nullable: true, description: 'Countries whose people act.' })
  delegate?: string[];
}

export const MandateConnection = connectionOf(MandateType, 'Mandate');
export const MandateOrder = orderOf('Mandate', { GRANTED_AT: 'grantedAt', UNTIL: 'until' });
