import { registerEnumType } from '@nestjs/graphql';
import { STAGES } from '@kernel';
import { enumOf } from './marking.graphql.js';

export const StageEnum = enumOf(STAGES);
registerEnumType(StageEnum, {
  name: 'Stage',
  description: 'Stage of the value chain.',
  valuesMap: {
    EXPLORATION: { description: 'Search for deposits.' },
    MINING: { description: 'Extraction.' },
    REFINING: { description: 'Smelting, separation, refining.' },
    PROCESSING: { description: 'Conversion to intermediate products, alloys and powders.' },
    MANUFACTURING: { description: 'Magnets and other components.' },
    RECYCLING: { description: 'Recovery from waste and scrap.' },
    SUBSTITUTION: { description: 'Replacing the material by another.' },
  },
});
