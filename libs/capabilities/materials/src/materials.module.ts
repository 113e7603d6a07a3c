import { commandsOf, recordsOf } from '@foundation/transport';
import { Module } from '@nestjs/common';
import { materialsView } from './material/materials.view.js';
import { materialStream, productionStream } from './materials.manifest.js';
import { ProductionResolver } from './production/production.resolver.js';
import { productionView } from './production/production.view.js';

export const materialsResolvers = [
  commandsOf(materialStream),
  commandsOf(productionStream),
  recordsOf(
    materialsView,
    {
      name: 'materials',
      description: 'The materials of the register that you may see.',
      orderBy: { CODE: 'code', NAME: 'name' },
    },
    {
      name: 'material',
      by: { name: 'code', description: 'Its code, such as "gallium".' },
      description: 'One material; null where there is none that you may see.',
    },
    { alsoShows: [productionView] },
  ),
  ProductionResolver,
];

@Module({ providers: materialsResolvers })
export class MaterialsModule {}
