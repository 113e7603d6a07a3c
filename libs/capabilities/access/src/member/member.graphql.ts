import { Field, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  CommandInput,
  connectionOf,
  CountryScalar,
  DayScalar,
  enumOf,
  Is,
  MarkingInput,
  MarkingType,
  orderOf,
  shownMarking,
  toMarkingRequest,
} from '@foundation/transport';
import { country, day, text, type Principal } from '@kernel';
import { Type } from 'class-transformer';
import { ArrayUnique, IsIn, IsOptional, ValidateNested } from 'class-validator';
import type { AdmitMember, WithdrawMember } from './member.decider.js';
import { PROFILES, type Profile } from './member.events.js';
import type { MemberRow } from './members.view.js';

const explanation = text(2000);

const ProfileEnum = enumOf(PROFILES);
registerEnumType(ProfileEnum, {
  name: 'MemberProfile',
  description: 'What a member brings to the alliance.',
  valuesMap: {
    PRODUCER: { description: 'Mines raw materials.' },
    REFINER: { description: 'Refines or processes them.' },
    CONSUMER: { description: 'Uses them.' },
  },
});

@InputType({ description: 'A country to enter in the roster of members.' })
export class AdmitMemberInput extends CommandInput {
  @Field(() => CountryScalar, { description: 'The country.' })
  @Is(country)
  country!: string;
  @Field(() => DayScalar, {
    description: 'The day since which it is a member: one that has begun anywhere on Earth (UTC+14).',
  })
  @Is(day)
  since!: string;
  @Field(() => [ProfileEnum], { nullable: true, description: 'What it brings; several at once are common.' })
  @IsOptional()
  @ArrayUnique()
  @IsIn(PROFILES, { each: true })
  profile?: Profile[];
  @Field(() => MarkingInput, { nullable: true, description: 'Who may see it in the roster. Left out: everybody.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => MarkingInput)
  marking?: MarkingInput;
}

export const toAdmitMember = (input: AdmitMemberInput): AdmitMember => ({
  type: 'AdmitMember',
  country: country(input.country),
  since: day(input.since),
  ...(input.profile && { profile: input.profile }),
  ...(input.marking && { marking: toMarkingRequest(input.marking) }),
});

@InputType({ description: 'A country to take off the roster: at once it no longer reads what went to MEMBERS.' })
export class WithdrawMemberInput extends CommandInput {
  @Field(() => CountryScalar, { description: 'The country.' })
  @Is(country)
  country!: string;
  @Field(() => String, { nullable: true, description: 'Why, for the record, 2000 characters at most.' })
  @IsOptional()
  @Is(explanation)
  reason?: string;
}

export const toWithdrawMember = (input: WithdrawMemberInput): WithdrawMember => ({
  type: 'WithdrawMember',
  country: country(input.country),
  ...(input.reason && { reason: explanation(input.reason) }),
});

@ObjectType('Member', { description: 'A member state of the alliance.' })
export class MemberType {
  @Field(() => CountryScalar, { description: 'The country.' })
  country!: string;
  @Field(() => DayScalar, { description: 'The day since which it is a member.' })
  since!: string;
  @Field(() => [ProfileEnum], { nullable: true, description: 'What it brings.' })
  profile!: readonly Profile[] | null;
  @Field(() => MarkingType, { description: 'Who may know of it: the roster is public.' })
  marking!: MarkingType;
}

export const toMember = (row: MemberRow, who: Principal): MemberType => ({
  country: row.country,
  since: row.since,
  profile: row.profile ?? null,
  marking: shownMarking(row.marking, who),
});

@InputType({ description: 'Which members; several values of one field mean any of them.' })
export class MemberFilter {
  @Field(() => [CountryScalar], { nullable: true, description: 'Countries.' })
  country?: string[];
}

export const MemberConnection = connectionOf(MemberType, 'Member');
export const MemberOrder = orderOf('Member', { COUNTRY: 'country', SINCE: 'since' });
