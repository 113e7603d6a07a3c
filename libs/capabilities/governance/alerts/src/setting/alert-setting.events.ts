import {
  composite,
  instant,
  InvalidValue,
  isZone,
  many,
  materialCode,
  omittable,
  oneOf,
  optional,
  recordId,
  required,
  text,
  value,
  type DomainEvent,
  type Marked,
  type Of,
} from '@kernel';
import { alertKindName, type SignedIn } from '../rule/alert-rule.events.js';

const zone = value('String', 'text', (given: string): string => {
  if (!isZone(given)) throw new InvalidValue('must be a time zone of the IANA database, such as Europe/Paris');
  return given;
});
const localTime = value('String', 'text', (given: string): string => {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(given)) throw new InvalidValue('must be a time of the day such as 07:00');
  return given;
});
/** No display name, no list, nothing that a mail server could read as more than one address. */
const mailbox = value('String', 'text', (given: string): string => {
  if (given.length > 254 || !/^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(given))
    throw new InvalidValue('must be one e-mail address, such as desk@ministry.example');
  return given;
});
const weekday = oneOf('Weekday', 'A day of the week.', {
  MON: 'Monday.',
  TUE: 'Tuesday.',
  WED: 'Wednesday.',
  THU: 'Thursday.',
  FRI: 'Friday.',
  SAT: 'Saturday.',
  SUN: 'Sunday.',
});

const silence = composite('AlertSilence', 'What is not sent for a while. What is CRITICAL is sent all the same.', {
  kinds: omittable(many(alertKindName, 'Kinds of alerts; all where left out.', { most: 50 })),
  materials: omittable(many(materialCode, 'Codes of materials; all where left out.', { most: 50 })),
  records: omittable(many(recordId, 'Ids of records; all where left out.', { most: 200 })),
  until: required(instant, 'Until when, 30 days from now at most.'),
  reason: required(text(500), 'Why.'),
});

export const settings = {
  zone: required(zone, 'Your time zone.'),
  quietFrom: optional(localTime, 'When quiet hours begin, in your zone.'),
  quietTo: optional(localTime, 'When they end.'),
  quietDays: omittable(many(weekday, 'Days that are quiet from their beginning to their end.', { most: 7 })),
  digestAt: optional(localTime, 'When the daily e-mail leaves, in your zone; 07:00 where left out.'),
  mailbox: optional(mailbox, 'Where e-mail for you goes; there is none where left out.'),
  silences: omittable(many(silence, 'What is not to be sent for a while.', { most: 20 })),
};
export type Settings = Of<typeof settings>;

/** Stream `alertSetting-<id>`, one for each person and party: when and where alerts reach the person. */
export type AlertSettingEvent = AlertSettingsSet;

/** All of it as it reads from here on. The first carries the marking: it is the person's alone. */
export type AlertSettingsSet = DomainEvent<
  'alerts.AlertSettingsSet.v1',
  Settings & { readonly as: SignedIn } & Partial<Marked>
>;
