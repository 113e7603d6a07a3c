export { materialReference, unknownMaterial } from './material/material.record.js';
