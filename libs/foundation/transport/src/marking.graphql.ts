import { Field, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  audience,
  audienceName,
  country,
  InvalidValue,
  partyOf,
  SECRETARIAT,
  TLP,
  type Marking,
  type MarkingRequest,
  type Party,
  type Principal,
  type Tlp,
} from '@kernel';
import { ArrayMaxSize, IsOptional } from 'class-validator';
import { AudienceScalar, PartyScalar } from './scalars.js';
import { Is } from './validation.js';

/** `['A', 'B']` → `{ A: 'A', B: 'B' }`, as enum registration wants it. */
export const enumOf = <T extends string>(values: readonly T[]): { [K in T]: K } =>
  Object.fromEntries(values.map((value) => [value, value])) as { [K in T]: K };

export const TlpEnum = enumOf(TLP);
registerEnumType(TlpEnum, {
  name: 'Tlp',
  description: 'Traffic Light Protocol 2.0: how those who may read a record may pass it on.',
  valuesMap: {
    RED: { description: 'Named recipients only.' },
    AMBER_STRICT: { description: "The recipient's own organisation only." },
    AMBER: { description: "The recipient's organisation and its clients, on a need to know." },
    GREEN: { description: 'The community, not the public.' },
    CLEAR: { description: 'No limit.' },
  },
});

export const party = (text: string): Party => {
  if (text === SECRETARIAT) return SECRETARIAT;
  try {
    return country(text);
  } catch {
    throw new InvalidValue('must be a country code such as JP, or SECRETARIAT');
  }
};

@InputType({ description: 'Who may know of the record. Left out: its owner alone.' })
export class MarkingInput {
  @Field(() => PartyScalar, { nullable: true, description: 'The owner; your own country, and no other, where given.' })
  @IsOptional()
  @Is(party)
  owner?: string;

  @Field(() => [AudienceScalar], { nullable: true, description: 'Whom to release it to besides the owner.' })
  @IsOptional()
  @ArrayMaxSize(300)
  @Is(audience, { each: true })
  releaseTo?: string[];

  @Field(() => TlpEnum, {
    nullable: true,
    description: 'How readers may pass it on. Left out: CLEAR for PUBLIC, GREEN for MEMBERS, otherwise AMBER.',
  })
  @IsOptional()
  handling?: Tlp;
}

@ObjectType('Marking', { description: 'Who may know of the record, and how it may be passed on.' })
export class MarkingType {
  @Field(() => PartyScalar, { description: 'Whose record it is.' })
  owner!: string;
  @Field(() => TlpEnum, { description: 'How readers may pass it on.' })
  handling!: Tlp;
  @Field(() => [AudienceScalar], { nullable: true, description: 'Whom it is released to: told to its owner only.' })
  releaseTo!: string[] | null;
}

export const toMarkingRequest = (input: MarkingInput | undefined): MarkingRequest | undefined =>
  input && {
    ...(input.owner && { owner: party(input.owner) }),
    ...(input.releaseTo && { releaseTo: [...new Set(input.releaseTo.map(audience))].sort() }),
    ...(input.handling && { handling: input.handling }),
  };

/** The marking as this reader may know it: who else may read is the owner's own business. */
export const shownMarking = (marking: Marking, who: Principal): MarkingType => ({
  owner: marking.owner,
  handling: marking.handling,
  releaseTo: marking.owner === partyOf(who) ? marking.releaseTo.map(audienceName) : null,
});
