import type { AnyAlertKind } from './alert.js';
import type { RecordTypeWithCommands } from './command.js';
import type { AnyReaction } from './reaction.js';
import { RECORD_COMMANDS } from './record.js';
import type { AnyRecordType } from './record-type.js';
import type { AnyView } from './view.js';

/** Everything a capability brings: the table of contents that API, projector and auditor all read. */
export type Capability = {
  readonly name: string;
  readonly recordTypes: readonly AnyRecordType[];
  /** Wire names of all facts that its records have ever held. A fact of another name in them is one that this code cannot read. */
  readonly events: readonly string[];
  readonly views: readonly AnyView[];
  /** What facts oblige records of this capability to. */
  readonly reactions?: readonly AnyReaction[];
  /** What of its records is worth an alert. */
  readonly alerts?: readonly AnyAlertKind[];
};

/** A capability, with the facts of its record types. */
export const capability = (of: Omit<Capability, 'events'>): Capability => ({
  ...of,
  events: of.recordTypes.flatMap(eventsOf).toSorted(),
});

const eventsOf = ({ category, events }: AnyRecordType): readonly string[] => {
  if (!events) throw new Error(`the record type ${category} does not say which events it has: give it events`);
  return events as readonly string[];
};

/** Names of all commands that are given to records of these capabilities, by people or by the platform. */
export const commandNamesOf = (capabilities: readonly Capability[]): ReadonlySet<string> =>
  new Set([
    ...RECORD_COMMANDS,
    ...capabilities
      .flatMap(({ recordTypes }) => recordTypes)
      .flatMap((each) => (each as Partial<RecordTypeWithCommands>).commands ?? [])
      .map(({ type }) => type),
  ]);
