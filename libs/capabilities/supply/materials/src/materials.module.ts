import { commandsOf, recordsOf } from '@foundation/graphql';
import { materialRecordType } from './material/material.record.js';
import { materialsView } from './material/materials.view.js';
import { ProductionResolver } from './production/production.resolver.js';
import { productionRecordType } from './production/production.record.js';
import { productionView } from './production/production.view.js';
import { worldProductionRecordType } from './production/world-production.record.js';
import { worldProductionView } from './production/world-production.view.js';

export { concentrationHandlers as materialsHandlers } from './production/concentration.query.js';

export const materialsResolvers = [
  commandsOf(materialRecordType),
  commandsOf(productionRecordType),
  commandsOf(worldProductionRecordType),
  recordsOf(materialsView, {
    list: {
      name: 'materials',
      description: 'The materials of the register that you may see.',
      orderBy: { CODE: 'code', NAME: 'name' },
    },
    alsoShows: [productionView, worldProductionView],
  }),
  ProductionResolver,
];
