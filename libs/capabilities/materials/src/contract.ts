import { reject, type MaterialCode, type Reference } from '@kernel';

export type {
  MaterialDelisted,
  MaterialEvent,
  MaterialListed,
  MaterialRegistered,
} from './material/material.events.js';
export type { ProductionEvent, ProductionReported, ProductionRevised } from './production/production.events.js';

/** The refusal of every command that names a material, for the refusals of the stream that refers to it. */
export const unknownMaterial = {
  'MATERIALS.UNKNOWN': 'No such material is in the register. Take the code of a registered material, such as gallium.',
} as const;

/** The material that a command names by its code in the field `material`. */
export const materialReference = (code: MaterialCode): Reference => ({
  category: 'material',
  at: { key: code },
  missing: reject('MATERIALS.UNKNOWN', { field: 'material', value: code }),
});
