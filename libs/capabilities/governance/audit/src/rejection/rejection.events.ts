import type { DomainEvent, Marked, Party, RecordId } from '@kernel';

/** Stream `refusal-<id>`, one per refused command, for the party that gave it. */
export type RejectionEvent = CommandRefused;

export type CommandRefused = DomainEvent<
  'audit.CommandRefused.v1',
  Marked & {
    readonly code: string;
    /** The command's type, `ProposeProject`. */
    readonly command: string;
    /** Which kind of record it was meant for. */
    readonly category: string;
    /** The record that it named, whether there is one or not. */
    readonly record?: RecordId;
    /** In whose name it was given; null for people who act for nobody. */
    readonly party: Party | null;
    /** How many like it this stands for: beyond a number in a minute they are counted. */
    readonly times: number;
  }
>;
