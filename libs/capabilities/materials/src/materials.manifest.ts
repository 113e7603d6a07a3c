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
  views: [materialsView, productionView, worldProductionView],
};
