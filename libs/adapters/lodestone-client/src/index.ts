export * from './command-signer.js';
export { LodestoneClient } from './lodestone-client.js';
export type {
  ClientOptions,
  CommandAccepted,
  CommandPrepared,
  CommandRejected,
  Token,
  Variables,
} from './lodestone-client.js';
export { LodestoneError } from './lodestone-error.js';
export type { AnswerError } from './lodestone-error.js';
export { Subscription } from './subscription.js';
