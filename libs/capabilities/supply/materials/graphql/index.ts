export * from '../src/materials.module.js';
