import { stream, type Capability } from '@kernel';
import { materialReference } from './contract.js';
import { materialAccess } from './material/material.access.js';
import { material, materialRefusals } from './material/material.decider.js';
import { materialsView } from './material/materials.view.js';
import { productionAccess } from './production/production.access.js';
import { production, productionRefusals } from './production/production.decider.js';
import { productionView } from './production/production.view.js';

export const materialStream = stream({
  category: 'material',
  decider: material,
  access: materialAccess,
  refusals: materialRefusals,
  notFound: 'MATERIALS.UNKNOWN',
  targetOf: ({ type, code }) => ({ key: code, mayCreate: type === 'RegisterMaterial' }),
  defaultMarking: () => ({ releaseTo: ['PUBLIC'] }),
  isMarkingFixed: true,
  isOpen: true,
});

export const productionStream = stream({
  category: 'production',
  decider: production,
  access: productionAccess,
  refusals: productionRefusals,
  notFound: 'MATERIALS.UNKNOWN',
  targetOf: ({ material, country, year, stage, form }) => ({
    key: [material, country, year, stage, form ?? ''].join('|'),
    mayCreate: true,
  }),
  refersTo: ({ material }) => [materialReference(material)],
  defaultMarking: () => ({ releaseTo: ['PUBLIC'] }),
  isMarkingFixed: true,
  isOpen: true,
});

/** Materials, the lists that they are on, and who produces how much of them. */
export const materials: Capability = {
  name: 'materials',
  streams: [materialStream, productionStream],
  views: [materialsView, productionView],
};
