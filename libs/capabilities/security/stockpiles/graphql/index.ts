export * from '../src/stockpiles.module.js';
