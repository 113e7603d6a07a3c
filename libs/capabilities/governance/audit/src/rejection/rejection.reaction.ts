import type { CommandRefused } from './rejection.events.js';

/** What the platform records of a command that it refused. */
export const rejectionOf = (refused: CommandRefused['data']): CommandRefused => ({
  type: 'audit.CommandRefused.v1',
  data: refused,
});
