import type { Capability } from '@kernel';
import { materialStream } from './material/material.stream.js';
import { materialsView } from './material/materials.view.js';
import { productionStream } from './production/production.stream.js';
import { productionView } from './production/production.view.js';
import { worldProductionStream } from './production/world-production.stream.js';
import { worldProductionView } from './production/world-production.view.js';

export { materialStream, productionStream, worldProductionStream };

/** Materials, the lists that they are on, and who produces how much of them. */
export const materials: Capability = {
  name: 'materials',
  streams: [materialStream, productionStream, worldProductionStream],
  events: [
    'materials.MaterialDelisted.v1',
    'materials.MaterialListed.v1',
    'materials.MaterialRegistered.v1',
    'materials.ProductionReported.v1',
    'materials.ProductionReported.v2',
    'materials.ProductionRevised.v1',
    'materials.ProductionRevised.v2',
    'materials.WorldProductionReported.v1',
    'materials.WorldProductionRevised.v1',
  ],
  views: [materialsView, productionView, worldProductionView],
};
