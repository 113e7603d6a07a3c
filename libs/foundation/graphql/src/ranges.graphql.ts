import { Field, InputType } from '@nestjs/graphql';
import { DayScalar } from './scalars.js';

@InputType({ description: 'Days from one to another, both included; an end left out is open.' })
export class DayRangeInput {
  @Field(() => DayScalar, { nullable: true, description: 'First day.' })
  from?: string;
  @Field(() => DayScalar, { nullable: true, description: 'Last day.' })
  to?: string;
}
