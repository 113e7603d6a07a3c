import { createUnionType, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { DetailsScalar, InstantScalar, PositionScalar } from './scalars.js';

@ObjectType('CommandAccepted', { description: 'The command is recorded, or what it asks for was so already.' })
export class CommandAcceptedType {
  @Field(() => ID, {
    description: 'Your id of the command, or the one it was given. Sent again, it is answered as the first time.',
  })
  commandId!: string;
  @Field(() => ID, { description: 'The record that the command created or changed.' })
  recordId!: string;
  @Field(() => Boolean, {
    description: 'Whether the command made a new fact; false where what it asks for was so already.',
  })
  recorded!: boolean;
  @Field(() => Int, {
    description:
      "Number of the record's latest event after the command, from 0; what its owner alone is told is not counted.",
  })
  revision!: number;
  @Field(() => PositionScalar, { description: 'Pass it as atLeast to a query that must show this write.' })
  position!: string;
  @Field(() => String, {
    nullable: true,
    description:
      'The platform’s signed word that what the command made will be in the verifiable log within a minute: keep it, and check it with auditor check-receipt. Null where nothing was made.',
  })
  receipt!: string | null;
  /** The ids under which clients may be shown the record: see nodes.ts. */
  shownAs!: readonly string[];
}

@ObjectType('CommandPrepared', {
  description:
    'The command takes two persons: it was judged, and takes effect when another person of your party approves it. Until then it is known to your party alone.',
})
export class CommandPreparedType {
  @Field(() => ID, {
    description: 'Your id of the command, or the one it was given. Sent again, it is answered as the first time.',
  })
  commandId!: string;
  @Field(() => ID, { description: 'Id of the act to approve: see acts and approveAct.' })
  act!: string;
  @Field(() => String, {
    description: 'SHA-256 of the RFC 8785 JSON of { command, input } as they stand in the act, base64url.',
  })
  digest!: string;
  @Field(() => InstantScalar, { description: 'The first instant at which it cannot be approved any more.' })
  lapsesAt!: string;
}

@ObjectType('CommandRejected', { description: 'The command is rejected; nothing is recorded.' })
export class CommandRejectedType {
  @Field(() => String, { description: 'Stable code, such as PROJECTS.HOST_CONSENT_MISSING.' })
  code!: string;
  @Field(() => String, { description: 'What is wrong and what to do, for a person.' })
  message!: string;
  @Field(() => DetailsScalar, { description: 'Particulars; `field` names the input at fault.' })
  details!: Record<string, string>;
}

export const CommandOutcome = createUnionType({
  name: 'CommandOutcome',
  description: 'The answer to a command.',
  types: () => [CommandAcceptedType, CommandPreparedType, CommandRejectedType] as const,
  resolveType: (value: object) =>
    'code' in value ? CommandRejectedType : 'act' in value ? CommandPreparedType : CommandAcceptedType,
});
