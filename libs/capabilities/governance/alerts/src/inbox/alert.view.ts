import {
  instant,
  meant,
  oneOf,
  many,
  optional,
  recordId,
  required,
  rowKey,
  severity,
  text,
  integer,
  flag,
} from '@kernel';

// What is shown of alerts: computed for whoever looks, from the record as it may be read at that moment.

export const alertState = oneOf('AlertState', 'How far an alert has come.', {
  NEW: 'You have not seen it.',
  SEEN: 'You have seen it.',
  ACKNOWLEDGED: 'One of its recipients sees to it.',
  RESOLVED: 'It is done.',
  ESCALATED: 'It was passed on to another role.',
});
export const linkPath = text(300);

export const alert = {
  id: required(recordId, 'Id of the alert: name it in answerAlerts. The same however often it is delivered.'),
  kind: required(text(60), 'What has happened, as alertKinds lists it.'),
  severity: required(severity, 'How urgent it is.'),
  state: required(alertState, 'How far it has come.'),
  at: required(instant, 'When it happened.'),
  dueAt: optional(instant, 'The deadline that it announces.'),
  recordKind: required(text(60), 'What kind of record it is about, such as STOCK_DECLARATION.'),
  record: required(rowKey, 'Id of the record.'),
  rule: optional(recordId, 'The rule that it comes from; null where the platform tells of what awaits your act.'),
  link: required(linkPath, 'Path of the record in the console.'),
  text: required(text(500), 'What has happened to which record, as you may read it now.'),
};

export const alertKind = {
  kind: required(text(60), 'Its name, for rules and alerts.'),
  description: required(text(200), 'What has happened.'),
  severity: required(severity, 'How urgent it is.'),
  meant: required(meant, 'Who is told.'),
  recordKind: required(text(60), 'What kind of record it is about.'),
  subject: required(text(60), 'The capability whose record it is.'),
  awaitsAct: required(flag, 'Whether it awaits an act of a party: its people are told without a rule.'),
  leads: many(integer, 'How many minutes ahead it is told, where it announces a deadline.'),
};
