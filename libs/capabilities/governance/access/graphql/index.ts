export * from '../src/access.module.js';
export { Departures } from '../src/group/departures.process.js';
