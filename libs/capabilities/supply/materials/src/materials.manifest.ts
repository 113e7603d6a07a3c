import { capability } from '@kernel';
import { materialRecordType } from './material/material.record.js';
import { materialsView } from './material/materials.view.js';
import { productionRecordType } from './production/production.record.js';
import { productionView } from './production/production.view.js';
import { worldProductionRecordType } from './production/world-production.record.js';
import { worldProductionView } from './production/world-production.view.js';

export { materialRecordType, productionRecordType, worldProductionRecordType };

/** Materials, the lists that they are on, and who produces how much of them. */
export const materials = capability({
  name: 'materials',
  recordTypes: [materialRecordType, productionRecordType, worldProductionRecordType],
  views: [materialsView, productionView, worldProductionView],
});
