export { materialReference, unknownMaterial } from './material/material.stream.js';
