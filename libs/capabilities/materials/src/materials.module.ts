import { commandsOf, recordsOf } from '@foundation/transport';
import { materialStream } from './material/material.stream.js';
import { materialsView } from './material/materials.view.js';
import { ProductionResolver } from './production/production.resolver.js';
import { productionStream } from './production/production.stream.js';
import { productionView } from './production/production.view.js';
import { worldProductionStream } from './production/world-production.stream.js';
import { worldProductionView } from './production/world-production.view.js';

export const materialsResolvers = [
  commandsOf(materialStream),
  commandsOf(productionStream),
  commandsOf(worldProductionStream),
  recordsOf(materialsView, {
    list: {
      name: 'materials',
      description: 'The materials of the register that you may see.',
      orderBy: { CODE: 'code', NAME: 'name' },
    },
    one: 'One material; null where there is none that you may see.',
    alsoShows: [productionView, worldProductionView],
  }),
  ProductionResolver,
];
