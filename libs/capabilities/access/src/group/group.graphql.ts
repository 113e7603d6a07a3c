import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import {
  CommandInput,
  connectionOf,
  CountryScalar,
  InstantScalar,
  Is,
  MarkingInput,
  MarkingType,
  orderOf,
  PartyScalar,
  shownMarking,
  toMarkingRequest,
} from '@foundation/transport';
import { country, recordId, text, type Principal } from '@kernel';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsBoolean, IsOptional, ValidateNested } from 'class-validator';
import type { GroupMemberRow } from './group-members.view.js';
import type { AdmitSubgroup, AdmitToGroup, FoundGroup, RemoveFromGroup, RemoveSubgroup } from './group.decider.js';
import type { GroupRow } from './groups.view.js';
import type { SubgroupRow } from './subgroups.view.js';

const name = text(200);
const explanation = text(2000);

@InputType({ description: 'A sharing group to found: your country owns it, and is always in it.' })
export class FoundGroupInput extends CommandInput {
  @Field(() => CountryScalar, {
    nullable: true,
    description: 'The owner; your own country, and no other, where given.',
  })
  @IsOptional()
  @Is(country)
  country?: string;
  @Field(() => String, { description: 'Its name, 200 characters at most.' })
  @Is(name)
  name!: string;
  @Field(() => String, { nullable: true, description: 'What it is for, 2000 characters at most.' })
  @IsOptional()
  @Is(explanation)
  purpose?: string;
  @Field(() => [CountryScalar], { description: 'The countries in it from the start; may be empty.' })
  @ArrayMaxSize(250)
  @Is(country, { each: true })
  members!: string[];
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether every member sees who the others are. Otherwise each sees the owner and itself.',
  })
  @IsOptional()
  @IsBoolean()
  membersVisible?: boolean;
  @Field(() => MarkingInput, {
    nullable: true,
    description: 'Who may see that the group exists. Left out: its owner and its members.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => MarkingInput)
  marking?: MarkingInput;
}

export const toFoundGroup = (input: FoundGroupInput): FoundGroup => ({
  type: 'FoundGroup',
  ...(input.country && { country: country(input.country) }),
  name: name(input.name),
  ...(input.purpose && { purpose: explanation(input.purpose) }),
  members: input.members.map(country),
  membersVisible: input.membersVisible ?? false,
  ...(input.marking && { marking: toMarkingRequest(input.marking) }),
});

@InputType({ isAbstract: true })
abstract class GroupMemberInput extends CommandInput {
  @Field(() => ID, { description: 'Id of the group.' })
  @Is(recordId)
  id!: string;
  @Field(() => CountryScalar, { description: 'The country to admit or remove.' })
  @Is(country)
  country!: string;
}

@InputType({ description: 'A country to take into a group.' })
export class AdmitToGroupInput extends GroupMemberInput {}

export const toAdmitToGroup = (input: AdmitToGroupInput): AdmitToGroup => ({
  type: 'AdmitToGroup',
  id: recordId(input.id),
  country: country(input.country),
});

@InputType({ description: 'A country to take out of a group: at once it no longer reads what went to the group.' })
export class RemoveFromGroupInput extends GroupMemberInput {
  @Field(() => String, { nullable: true, description: 'Why, for the record, 2000 characters at most.' })
  @IsOptional()
  @Is(explanation)
  reason?: string;
}

export const toRemoveFromGroup = (input: RemoveFromGroupInput): RemoveFromGroup => ({
  type: 'RemoveFromGroup',
  id: recordId(input.id),
  country: country(input.country),
  ...(input.reason && { reason: explanation(input.reason) }),
});

@InputType({ isAbstract: true })
abstract class InGroupInput extends CommandInput {
  @Field(() => ID, { description: 'Id of the outer group.' })
  @Is(recordId)
  id!: string;
  @Field(() => ID, { description: 'Id of the group to take in or out.' })
  @Is(recordId)
  group!: string;
}

@InputType({
  description:
    'A group to take into another: its countries, and those that it takes in later, read what goes to the outer one.',
})
export class AdmitSubgroupInput extends InGroupInput {}

export const toAdmitSubgroup = (input: AdmitSubgroupInput): AdmitSubgroup => ({
  type: 'AdmitSubgroup',
  id: recordId(input.id),
  group: recordId(input.group),
});

@InputType({ description: 'A group to take out of another: at once its countries no longer read what went there.' })
export class RemoveSubgroupInput extends InGroupInput {
  @Field(() => String, { nullable: true, description: 'Why, for the record, 2000 characters at most.' })
  @IsOptional()
  @Is(explanation)
  reason?: string;
}

export const toRemoveSubgroup = (input: RemoveSubgroupInput): RemoveSubgroup => ({
  type: 'RemoveSubgroup',
  id: recordId(input.id),
  group: recordId(input.group),
  ...(input.reason && { reason: explanation(input.reason) }),
});

@ObjectType('GroupMember', { description: 'A country in a sharing group.' })
export class GroupMemberType {
  @Field(() => CountryScalar, { description: 'The country.' })
  country!: string;
  @Field(() => InstantScalar, { description: 'When it was taken in.' })
  admittedAt!: string;
}

export const toGroupMember = ({ country, admittedAt }: GroupMemberRow): GroupMemberType => ({ country, admittedAt });

@ObjectType('Subgroup', { description: 'A group in another sharing group.' })
export class SubgroupType {
  @Field(() => ID, { description: 'Id of the inner group.' })
  id!: string;
  @Field(() => InstantScalar, { description: 'When it was taken in.' })
  admittedAt!: string;
}

export const toSubgroup = ({ subgroup, admittedAt }: SubgroupRow): SubgroupType => ({ id: subgroup, admittedAt });

@ObjectType('Group', {
  description:
    'Countries that share among themselves. Shown as its marking says; left out, to its owner and its members.',
})
export class GroupType {
  @Field(() => ID, { description: 'Id of the group: name it in a marking to release a record to the group.' })
  id!: string;
  @Field(() => String, { description: 'Its name.' })
  name!: string;
  @Field(() => String, { nullable: true, description: 'What it is for.' })
  purpose!: string | null;
  @Field(() => PartyScalar, { description: 'The country that founded it and decides who is in.' })
  owner!: string;
  @Field(() => Boolean, { description: 'Whether every member sees who the others are.' })
  membersVisible!: boolean;
  @Field(() => InstantScalar, { description: 'When it was founded.' })
  foundedAt!: string;
  @Field(() => MarkingType, { description: 'Who may know of it.' })
  marking!: MarkingType;
}

export const toGroup = (row: GroupRow, who: Principal): GroupType => ({
  id: row.id,
  name: row.name,
  purpose: row.purpose ?? null,
  owner: row.owner,
  membersVisible: row.membersVisible,
  foundedAt: row.foundedAt,
  marking: shownMarking(row.marking, who),
});

@InputType({ description: 'Which groups; several values of one field mean any of them.' })
export class GroupFilter {
  @Field(() => [PartyScalar], { nullable: true, description: 'Owners.' })
  owner?: string[];
}

export const GroupConnection = connectionOf(GroupType, 'Group');
export const GroupOrder = orderOf('Group', { NAME: 'name', FOUNDED_AT: 'foundedAt' });
