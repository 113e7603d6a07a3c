import type { Capability } from '@kernel';
import { materialRecordType } from './material/material.record.js';
import { materialsView } from './material/materials.view.js';
import { productionRecordType } from './production/production.record.js';
import { productionView } from './production/production.view.js';
import { worldProductionRecordType } from './production/world-production.record.js';
import { worldProductionView } from './production/world-production.view.js';

export { materialRecordType, productionRecordType, worldProductionRecordType };

/** Materials, the lists that they are on, and who produces how much of them. */
export const materials: Capability = {
  name: 'materials',
  recordTypes: [materialRecordType, productionRecordType, worldProductionRecordType],
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
