import type { Capability } from '@kernel';
import { materialStream } from './material/material.stream.js';
import { materialsView } from './material/materials.view.js';
import { productionStream } from './production/production.stream.js';
import { productionView } from './production/production.view.js';

export { materialStream, productionStream };

/** Materials, the lists that they are on, and who produces how much of them. */
export const materials: Capability = {
  name: 'materials',
  streams: [materialStream, productionStream],
  views: [materialsView, productionView],
};
