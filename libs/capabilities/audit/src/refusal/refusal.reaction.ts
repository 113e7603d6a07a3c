import type { CommandRefused } from './refusal.events.js';

/** What the platform records of a command that it refused. */
export const refusalOf = (refused: CommandRefused['data']): CommandRefused => ({
  type: 'audit.CommandRefused.v1',
  data: refused,
});
