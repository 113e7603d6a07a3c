import { idOfAlert } from '@foundation/eventing';
import type { Instant, Severity } from '@kernel';
import type { Recipient } from './recipients.js';

/** The rule by which people are told of what awaits their act, without a rule of theirs. */
export const SYSTEM_RULE = 'system';

/** Something of a kind that has happened to a record, or is about to. It holds no text, name or figure. */
export type AlertFact = {
  readonly kind: string;
  /** The list, and the row in it, that it is about. */
  readonly view: string;
  readonly key: string;
  /** Id of the event; or the key of a due, its instant and how many minutes ahead it is told. */
  readonly fact: string;
  readonly at: Instant;
  /** The instant of the due that it announces. */
  readonly dueAt?: Instant;
};

/** That somebody is told of it: one for each rule and recipient. */
export type Alert = AlertFact & {
  readonly id: string;
  readonly rule: string;
  readonly recipient: Recipient;
  readonly severity: Severity;
};

/** The same alert has the same id, whatever is started again, and whichever version of its rule matched. */
export const alertOf = (fact: AlertFact, rule: string, recipient: Recipient, severity: Severity): Alert => ({
  ...fact,
  id: idOfAlert(rule, `${fact.view} ${fact.key}`, `${fact.kind} ${fact.fact}`, recipient),
  rule,
  recipient,
  severity,
});
