import { many, oneOf, optional, recordId, required, role, type DomainEvent, type Marked, type Of } from '@kernel';
import type { SignedIn } from '../rule/alert-rule.events.js';

export const alertAnswer = oneOf('AlertAnswer', 'What you do with an alert.', {
  SEEN: 'You have seen it.',
  ACKNOWLEDGED: 'You see to it.',
  RESOLVED: 'It is done.',
  ESCALATED: 'People of another role of your party are told.',
});

export const taking = {
  alerts: many(recordId, 'Ids of alerts of yours.', { least: 1, most: 200, distinct: true }),
  answer: required(alertAnswer, 'What you do with them.'),
  to: optional(role, 'Whom of your party you pass them to; needed for ESCALATED.'),
};

/**
 * Stream `alertTaking-<id>`, one for each person and party: what the person did with its alerts. Whether they are the
 * person's is for the notifier to say, which keeps them: an id that is none changes nothing.
 */
export type AlertTakingEvent = AlertAnswered;

/** The first carries the marking: it is the person's alone. */
export type AlertAnswered = DomainEvent<
  'alerts.AlertAnswered.v1',
  Of<typeof taking> & { readonly as: SignedIn } & Partial<Marked>
>;
