export { LoggedReadModels, ReadLog } from '../src/reading/read-log.process.js';
export { Recalls } from '../src/reading/recalls.process.js';
export * from '../src/sharing.module.js';
