export * from './issue.command.js';
