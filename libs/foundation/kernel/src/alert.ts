import type { DomainEvent, Recorded } from './event.js';
import type { Marked } from './marking.js';
import type { Role } from './principal.js';
import type { ShownView } from './read-model.js';
import { oneOf } from './shape.js';
import type { Party } from './values.js';

/** Least urgent first. */
export const severity = oneOf('AlertSeverity', 'How urgent an alert is.', {
  INFO: 'Good to know.',
  NOTICE: 'Worth a look soon.',
  HIGH: 'Somebody has to act, and time counts.',
  CRITICAL: 'Now, whatever the hour.',
});
export type Severity = ReturnType<typeof severity>;
export const SEVERITIES = Object.keys(severity.meanings) as Severity[];

export const meant = oneOf('AlertMeant', 'Who is told of it.', {
  AUDIENCE: 'Whoever may read the record, and has a rule for it.',
  PARTY: 'The people of the parties that it concerns.',
  PERSON: 'The persons whom it concerns.',
});

type Kind<Row extends Marked> = {
  /** What has happened, for a person who may read the record. */
  readonly description: string;
  readonly severity: Severity;
  /** Wire names of the facts that are of this kind. */
  readonly of: readonly string[];
  /** The due of the record that it announces, and how many minutes ahead unless a rule says otherwise. */
  readonly due?: { readonly key: string; readonly leads: readonly number[] };
  /** Whether a fact is of this kind, by the row after it. */
  readonly if?: (row: Row) => boolean;
} & (
  | { readonly meant: 'AUDIENCE' }
  | {
      readonly meant: 'PARTY';
      /** The parties that it concerns; null for the row where the kind tells of the end of sight. */
      readonly to: (row: Row, fact: DomainEvent<string, never>) => readonly (Party | null)[];
      /** The role whose act it awaits: its people are told without a rule. */
      readonly awaits?: Role;
      /** It tells its parties that they do not see the record any more, so it is shown although they do not. */
      readonly endsSight?: true;
    }
);

/** A kind of alert: what of a record is worth telling, to whom. It holds no text of a record, nor a name or figure. */
export type AlertKind<Row extends Marked = Marked> = Kind<Row> & {
  /** In capitals, one namespace for all capabilities, for ever. */
  readonly kind: string;
  /** The list in which the record stands. Who does not find it there is not told, and not shown what was told before. */
  readonly view: ShownView;
};
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- existential: rows meet only the kinds of their own view
export type AnyAlertKind = AlertKind<any>;

/** The kinds of alerts on the records of one view, by their names. */
export const alertsOn = <Row extends Marked>(
  view: ShownView & { readonly project: (row: Row | null, recorded: Recorded<never>, key: string) => Row | null },
  kinds: Readonly<Record<string, Kind<Row>>>,
): readonly AnyAlertKind[] => Object.entries(kinds).map(([kind, told]) => ({ kind, view, ...told }));
