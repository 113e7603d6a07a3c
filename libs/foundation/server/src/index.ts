export * from './limits.js';
export * from './trusted-documents.js';
export * from './yoga-driver.js';
