import { inFolder, type Guard } from '../../../../../../test/access/mutants/guard.js';

const { of } = inFolder('libs/capabilities/supply/materials/src/material');
const materialRecord = of('material.record', 'material.access');

export const guards: readonly Guard[] = [
  materialRecord(
    'a list is its jurisdiction’s',
    "=> JURISDICTIONS[list], 'DELEGATE')",
    "=> JURISDICTIONS[list] ?? JURISDICTIONS.EU_CRITICAL, 'DELEGATE', 'LIAISON')",
  ),
];
