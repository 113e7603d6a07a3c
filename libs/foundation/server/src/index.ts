export { cookieOf, isOfTheConsole, SESSION_COOKIE } from './console-session.js';
export * from './limits.js';
export type { Observed } from './observing.js';
export * from './trusted-documents.js';
export * from './yoga-driver.js';
