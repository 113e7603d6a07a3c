import { createUnionType, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  AudienceScalar,
  CommandRejectedType,
  enumOf,
  InstantScalar,
  LevelEnum,
  MarkingType,
  PartyScalar,
} from '@foundation/transport';
import type { Level } from '@kernel';
import { ReadingType } from '../reading/reading.graphql.js';
import { VERDICTS, type Verdict } from './audience.access.js';

const VerdictEnum = enumOf(VERDICTS);
registerEnumType(VerdictEnum, {
  name: 'AudienceVerdict',
  description: 'What a marking means for somebody who is cleared for its level.',
  valuesMap: {
    READS: { description: 'May read it, and export it.' },
    DISPLAY_ONLY: { description: 'May look at it here, but neither export nor forward it.' },
    NOT_YET: { description: 'Will read it when the embargo ends.' },
    NO_LONGER: { description: 'Could read it until it expired.' },
    DEPENDS: { description: 'On groups whose members you may not know.' },
    HIDDEN: { description: 'Does not learn that it exists.' },
  },
});

@ObjectType({ isAbstract: true })
abstract class ReachFields {
  @Field(() => VerdictEnum, { description: 'What the marking means for them.' })
  verdict!: Verdict;
  @Field(() => [AudienceScalar], { description: 'The audiences of the marking that let them in.' })
  because!: string[];
  @Field(() => [AudienceScalar], { description: 'The audiences of the marking that shut them out.' })
  deniedBy!: string[];
  @Field(() => [ID], { description: 'Groups that readers must belong to and that they are not known to be in.' })
  lacks!: string[];
}

@ObjectType('AudienceParty', { description: 'What a marking means for the people of a party.' })
export class AudiencePartyType extends ReachFields {
  @Field(() => PartyScalar, { description: 'Whose people.' })
  party!: string;
  @Field(() => Boolean, { description: 'Whether it is a member of the alliance.' })
  isMember!: boolean;
  @Field(() => [String], { description: 'In which of their roles.' })
  roles!: readonly string[];
}

@ObjectType('AudienceGroup', {
  description: 'What a marking means for whoever belongs to an audience that it names, where nothing else is known.',
})
export class AudienceGroupType extends ReachFields {
  @Field(() => AudienceScalar, { description: 'The id of a group, a person, or PUBLIC: everybody else who signs in.' })
  audience!: string;
  @Field(() => Boolean, { description: 'Whether all its members are among the parties above.' })
  isResolved!: boolean;
}

@ObjectType('AudiencePreview', { description: 'Who would see a record under a marking, and why.' })
export class AudiencePreviewType {
  @Field(() => LevelEnum, { description: 'The clearance that each reader needs besides.' })
  level!: Level;
  @Field(() => InstantScalar, { nullable: true, description: 'Until then the owner alone.' })
  embargoUntil!: string | null;
  @Field(() => InstantScalar, { nullable: true, description: 'From then on the owner alone.' })
  expiresAt!: string | null;
  @Field(() => Int, { description: 'How many of the parties may read it now.' })
  readers!: number;
  @Field(() => [AudiencePartyType], { description: 'The owner, every member, and whoever else the marking names.' })
  parties!: AudiencePartyType[];
  @Field(() => [AudienceGroupType], {
    description: 'The groups and persons that the marking names, and everybody else.',
  })
  others!: AudienceGroupType[];
}

export const AudiencePreviewOutcome = createUnionType({
  name: 'AudiencePreviewOutcome',
  description: 'Who would see a record, or why the marking would be refused.',
  types: () => [AudiencePreviewType, CommandRejectedType] as const,
  resolveType: (value: object) => ('code' in value ? CommandRejectedType : AudiencePreviewType),
});

@ObjectType('RecordAudience', { description: 'Who may see a record of yours, why, and who has.' })
export class AudienceType extends AudiencePreviewType {
  @Field(() => MarkingType, { description: 'The marking in force.' })
  marking!: MarkingType;
  @Field(() => [ReadingType], { description: 'Who has read or exported it, at most 1000.' })
  readings!: ReadingType[];
}
