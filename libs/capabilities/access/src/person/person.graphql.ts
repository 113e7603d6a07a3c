import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { CommandInput, CountryScalar, enumOf, Is, LevelEnum } from '@foundation/transport';
import { country, InvalidValue, isRecordId, LEVELS, ROLES, text, type Level, type PersonRef, type Role } from '@kernel';
import { IsIn, IsOptional } from 'class-validator';
import type { GrantClearance, GrantRole, RevokeClearance, RevokeRole } from './person.decider.js';
import type { ClearanceLevel } from './person.events.js';

const explanation = text(2000);

export const personRef = (given: string): PersonRef => {
  if (!isRecordId(given)) throw new InvalidValue('must be the reference of a person, a UUID in lower case');
  return given as string as PersonRef;
};

const RoleEnum = enumOf(ROLES);
registerEnumType(RoleEnum, {
  name: 'Role',
  description: 'In what capacity a person acts.',
  valuesMap: {
    LIAISON: { description: 'Reads and proposes for a country.' },
    DELEGATE: { description: 'Commits a country.' },
    APPROVER: { description: 'Confirms, for a country, what another person prepared.' },
    SECRETARIAT: { description: 'Keeps the registers of the alliance; acts for no country.' },
    AUDITOR: { description: 'Proves the record.' },
    OBSERVER: { description: 'Sees what is public.' },
  },
});

@InputType({ isAbstract: true })
abstract class PersonInput extends CommandInput {
  @Field(() => ID, { description: 'Reference of the person, as the person finds it under me.' })
  @Is(personRef)
  person!: string;
}

@InputType({ isAbstract: true })
abstract class RoleInput extends PersonInput {
  @Field(() => RoleEnum, { description: 'The role.' })
  @IsIn(ROLES)
  role!: Role;
}

@InputType({ description: 'A role to give to a person.' })
export class GrantRoleInput extends RoleInput {
  @Field(() => CountryScalar, {
    nullable: true,
    description:
      'The country that the person acts for as liaison, delegate or approver; your own where left out. No other role has one.',
  })
  @IsOptional()
  @Is(country)
  country?: string;
}

export const toGrantRole = (input: GrantRoleInput): GrantRole => ({
  type: 'GrantRole',
  person: personRef(input.person),
  role: input.role,
  ...(input.country && { country: country(input.country) }),
});

@InputType({ description: 'A role to take from a person, even one that the person’s own issuer asserts.' })
export class RevokeRoleInput extends RoleInput {
  @Field(() => String, { nullable: true, description: 'Why, for the record, 2000 characters at most.' })
  @IsOptional()
  @Is(explanation)
  reason?: string;
}

export const toRevokeRole = (input: RevokeRoleInput): RevokeRole => ({
  type: 'RevokeRole',
  person: personRef(input.person),
  role: input.role,
  ...(input.reason && { reason: explanation(input.reason) }),
});

@InputType({ description: 'How far a person of your own may read.' })
export class GrantClearanceInput extends PersonInput {
  @Field(() => LevelEnum, {
    description: 'The highest level that the person may read, in place of the one it had; OPEN needs no clearance.',
  })
  @IsIn(LEVELS.slice(1))
  level!: ClearanceLevel;
}

export const toGrantClearance = ({ person, level }: GrantClearanceInput): GrantClearance => ({
  type: 'GrantClearance',
  person: personRef(person),
  level,
});

@InputType({ description: 'A person of your own who is cleared for nothing any more.' })
export class RevokeClearanceInput extends PersonInput {
  @Field(() => String, { nullable: true, description: 'Why, for the record, 2000 characters at most.' })
  @IsOptional()
  @Is(explanation)
  reason?: string;
}

export const toRevokeClearance = (input: RevokeClearanceInput): RevokeClearance => ({
  type: 'RevokeClearance',
  person: personRef(input.person),
  ...(input.reason && { reason: explanation(input.reason) }),
});

@ObjectType('Me', { description: 'Who you are to this platform, now.' })
export class MeType {
  @Field(() => ID, { description: 'Your reference: opaque, and the same at each sign-in.' })
  person!: string;
  @Field(() => CountryScalar, { nullable: true, description: 'The country that you act for, if any.' })
  country!: string | null;
  @Field(() => [RoleEnum], {
    description: 'Your roles: those your issuer asserts and those granted, less those revoked.',
  })
  roles!: readonly Role[];
  @Field(() => Boolean, { description: 'Whether your country is a member of the alliance.' })
  isMember!: boolean;
  @Field(() => LevelEnum, { description: 'The highest level of records that you are cleared for.' })
  clearance!: Level;
  @Field(() => ID, {
    nullable: true,
    description:
      'The mandate under which you act for another country in this request; null where you act for your own.',
  })
  mandate!: string | null;
}
