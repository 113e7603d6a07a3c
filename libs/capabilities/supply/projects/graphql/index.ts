export * from '../src/projects.module.js';
