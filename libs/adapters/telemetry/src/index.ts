export * from './log.js';
export * from './metrics.js';
export * from './settings.js';
export { Durations, Load } from './steps.js';
export * from './traces.js';
export * from './watch.js';
