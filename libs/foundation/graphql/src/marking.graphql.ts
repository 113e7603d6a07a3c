import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import {
  audience,
  audienceName,
  instant,
  LEVELS,
  mayExport,
  party,
  partyOf,
  recordId,
  TLP,
  value,
  type Audience,
  type GroupAudience,
  type Instant,
  type Level,
  type Marking,
  type MarkingRequest,
  type Principal,
  type Tlp,
} from '@kernel';
import { ArrayMaxSize, IsBoolean, IsIn, IsOptional } from 'class-validator';
import { LevelEnum, TlpEnum } from './enums.graphql.js';
import { AudienceScalar, InstantScalar, PartyScalar } from './scalars.js';
import { Is } from './validation.js';

/** Audiences that one field of a marking may name. */
const MAX_NAMED = 300;

const group = (id: string): GroupAudience => `group:${recordId(id)}`;

@InputType({
  description:
    'Who may know of the record, and how it may be used. Left out: its owner alone. A limit that is left out limits nothing.',
})
export class MarkingInput {
  @Field(() => PartyScalar, { nullable: true, description: 'The owner; your own country, and no other, where given.' })
  @IsOptional()
  @Is(party)
  owner?: string;

  @Field(() => [AudienceScalar], { nullable: true, description: 'Whom to release it to besides the owner.' })
  @IsOptional()
  @ArrayMaxSize(MAX_NAMED)
  @Is(audience, { each: true })
  releaseTo?: string[];

  @Field(() => TlpEnum, {
    nullable: true,
    description: 'How readers may pass it on. Left out: CLEAR for PUBLIC, GREEN for MEMBERS, otherwise AMBER.',
  })
  @IsOptional()
  @IsIn(TLP)
  handling?: Tlp;

  @Field(() => [AudienceScalar], {
    nullable: true,
    description: 'Who may look at it here, but neither export nor forward it.',
  })
  @IsOptional()
  @ArrayMaxSize(MAX_NAMED)
  @Is(audience, { each: true })
  displayOnlyTo?: string[];

  @Field(() => [AudienceScalar], {
    nullable: true,
    description: 'Who may not know of it, although another audience of theirs may. It always wins.',
  })
  @IsOptional()
  @ArrayMaxSize(MAX_NAMED)
  @Is(audience, { each: true })
  denyTo?: string[];

  @Field(() => [ID], {
    nullable: true,
    description: 'Ids of sharing groups of yours: readers must belong to all of them, besides being released to.',
  })
  @IsOptional()
  @ArrayMaxSize(MAX_NAMED)
  @Is(recordId, { each: true })
  needToKnow?: string[];

  @Field(() => LevelEnum, { nullable: true, description: 'The clearance that readers need. Left out: OPEN.' })
  @IsOptional()
  @IsIn(LEVELS)
  level?: Level;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether quoting it and deriving from it needs the owner’s approval. Left out: no.',
  })
  @IsOptional()
  @IsBoolean()
  originatorControl?: boolean;

  @Field(() => InstantScalar, {
    nullable: true,
    description: 'Until then the owner’s alone; it opens for all at one instant, by the platform’s clock.',
  })
  @IsOptional()
  @Is(instant)
  embargoUntil?: string;

  @Field(() => InstantScalar, { nullable: true, description: 'From then on the owner’s alone.' })
  @IsOptional()
  @Is(instant)
  expiresAt?: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether others meet it in published totals only. Left out: no.',
  })
  @IsOptional()
  @IsBoolean()
  aggregateOnly?: boolean;
}

@ObjectType('Marking', { description: 'Who may know of the record, and how it may be passed on.' })
export class MarkingType {
  @Field(() => PartyScalar, { description: 'Whose record it is.' })
  owner!: string;
  @Field(() => TlpEnum, { description: 'How readers may pass it on.' })
  handling!: Tlp;
  @Field(() => LevelEnum, { description: 'The clearance that its readers need.' })
  level!: Level;
  @Field(() => Boolean, { description: 'Whether quoting it and deriving from it needs the owner’s approval.' })
  originatorControl!: boolean;
  @Field(() => Boolean, { description: 'Whether you may export it or pass it on; otherwise it is only shown to you.' })
  mayExport!: boolean;
  @Field(() => [AudienceScalar], { nullable: true, description: 'Whom it is released to: told to its owner only.' })
  releaseTo!: string[] | null;
  @Field(() => [AudienceScalar], {
    nullable: true,
    description: 'Who may look at it but not export it: told to its owner only.',
  })
  displayOnlyTo!: string[] | null;
  @Field(() => [AudienceScalar], { nullable: true, description: 'Who may not know of it: told to its owner only.' })
  denyTo!: string[] | null;
  @Field(() => [ID], {
    nullable: true,
    description: 'Sharing groups that readers must all belong to: told to its owner only.',
  })
  needToKnow!: string[] | null;
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'Until when it is its owner’s alone: told to its owner only.',
  })
  embargoUntil!: string | null;
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'From when on it is its owner’s alone: told to its owner only.',
  })
  expiresAt!: string | null;
  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether others meet it in published totals only: told to its owner only.',
  })
  aggregateOnly!: boolean | null;
}

/** Each once and in one order, so that equal markings are equal. */
const each = <T>(given: readonly string[], parse: (one: string) => T): T[] => [...new Set(given.map(parse))].sort();

export const toMarkingRequest = (input: MarkingInput | undefined): MarkingRequest | undefined =>
  input && {
    ...(input.owner && { owner: party(input.owner) }),
    ...(input.releaseTo && { releaseTo: each(input.releaseTo, audience) }),
    ...(input.handling && { handling: input.handling }),
    ...(input.displayOnlyTo && { displayOnlyTo: each(input.displayOnlyTo, audience) }),
    ...(input.denyTo && { denyTo: each(input.denyTo, audience) }),
    ...(input.needToKnow && { needToKnow: each(input.needToKnow, group) }),
    ...(input.level && { level: input.level }),
    ...(input.originatorControl && { originatorControl: true }),
    ...(input.embargoUntil && { embargoUntil: instant(input.embargoUntil) }),
    ...(input.expiresAt && { expiresAt: instant(input.expiresAt) }),
    ...(input.aggregateOnly && { aggregateOnly: true }),
  };

/** The marking that a command asks for. */
export const markingRequest = value('MarkingInput', 'text', (given: MarkingInput) => toMarkingRequest(given)!);

/**
 * The marking as this reader may know it: who else may read, and from when to when, is the business of the owner’s own
 * people, and of nobody whom they let act for them.
 */
export const shownMarking = (marking: Marking, who: Principal, now: Instant): MarkingType => {
  const isOwn = who.mandate === null && marking.owner === partyOf(who);
  const named = (audiences: readonly Audience[] = []): string[] | null => (isOwn ? audiences.map(audienceName) : null);
  return {
    owner: marking.owner,
    handling: marking.handling,
    level: marking.level ?? 'OPEN',
    originatorControl: marking.originatorControl ?? false,
    mayExport: mayExport(marking, who, now),
    releaseTo: named(marking.releaseTo),
    displayOnlyTo: named(marking.displayOnlyTo),
    denyTo: named(marking.denyTo),
    needToKnow: named(marking.needToKnow),
    embargoUntil: isOwn ? (marking.embargoUntil ?? null) : null,
    expiresAt: isOwn ? (marking.expiresAt ?? null) : null,
    aggregateOnly: isOwn ? (marking.aggregateOnly ?? false) : null,
  };
};
