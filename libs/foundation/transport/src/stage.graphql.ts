import { stage } from '@kernel';
import { enumTypeOf } from './derived.graphql.js';

export const StageEnum = enumTypeOf(stage);
