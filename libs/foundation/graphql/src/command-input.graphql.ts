import { Field, ID, InputType } from '@nestjs/graphql';
import { IsOptional, IsString } from 'class-validator';

/** What the input of every mutation begins with. */
@InputType({ isAbstract: true })
export class CommandInput {
  @Field(() => ID, {
    nullable: true,
    description: 'Your own id of this command: sent again, it is answered as the first time.',
  })
  @IsOptional()
  commandId?: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Your signature over the command: a detached JWS (EdDSA; kid, iat) of a key that your party has registered. Needs a commandId.',
  })
  @IsOptional()
  @IsString()
  signature?: string;
}
