import {
  composite,
  country,
  flag,
  InvalidValue,
  many,
  materialCode,
  omittable,
  oneOf,
  optional,
  party,
  personRef,
  recordId,
  required,
  role,
  severity,
  stage,
  value,
  type DomainEvent,
  type Marked,
  type Of,
  type Principal,
} from '@kernel';

/** It goes into the headers of mails. */
const ruleName = value(
  'String',
  'prose',
  (given: string): string => {
    if (!/^[A-Za-z0-9][A-Za-z0-9 -]{0,99}$/.test(given))
      throw new InvalidValue('must be letters A to Z, digits, spaces and dashes, 100 at most');
    return given.trim();
  },
  'letters A to Z, digits, spaces and dashes, 100 at most',
);
/** Of any shape that a kind can have: whether there is such a kind is not told. */
export const alertKindName = value('String', 'text', (given: string): string => {
  if (!/^[A-Z][A-Z_]{1,59}$/.test(given)) throw new InvalidValue('must be a kind such as RECALL_ISSUED');
  return given;
});
const whole = (least: number, most: number) =>
  value(
    'Int',
    'integer',
    (given: number): number => {
      if (!Number.isInteger(given) || given < least || given > most)
        throw new InvalidValue(`must be a whole number from ${least} to ${most}`);
      return given;
    },
    `${least} to ${most}`,
  );

export const scope = oneOf('AlertScope', 'For whom a rule is.', {
  PERSON: 'For whoever made it.',
  COUNTRY: 'For people of the party, by their roles; it takes two persons.',
});
const channel = oneOf('AlertChannel', 'How an alert reaches somebody. Every alert stands in the inbox.', {
  INBOX: 'In the inbox, and over the subscription, at once.',
  EMAIL: 'By e-mail: kind and link, and nothing of the record.',
  WEBHOOK: 'By a signed call of an endpoint of the party: kind and id, and nothing of the record.',
  DIGEST: 'By one e-mail a day.',
});
const grouping = oneOf('AlertGrouping', 'What goes into one message.', {
  RULE: 'Alerts of one rule.',
  RECORD: 'Alerts of one record.',
  KIND: 'Alerts of one kind.',
});
const quiet = oneOf('AlertQuiet', 'What quiet hours do to a rule.', {
  RESPECT: 'Every message waits until they end.',
  IGNORE_CRITICAL: 'What is CRITICAL is sent at once, and all else waits.',
});

const filter = composite('AlertFilter', 'Which records; what is left out limits nothing.', {
  materials: omittable(many(materialCode, 'Codes of materials, one of which the record is about.', { most: 50 })),
  countries: omittable(many(party, 'Parties, one of which owns the record or is named in it.', { most: 50 })),
  stages: omittable(many(stage, 'Stages of the value chain, one of which is among its own.', { most: 10 })),
  records: omittable(many(recordId, 'Ids of records.', { most: 200 })),
  mentionsOwnCountry: optional(flag, 'Whether your own country has to be named in it.'),
  minSeverity: optional(severity, 'The least urgent that is told.'),
});
const deadlines = composite('AlertDeadlines', 'When deadlines are announced.', {
  leads: many(whole(1, 43_200), 'How many minutes ahead.', { least: 1, most: 5 }),
});
const repeat = composite('AlertRepeat', 'That a message is sent again while nobody has acknowledged the alert.', {
  minutes: required(whole(60, 10_080), 'After how many minutes, each time.'),
  max: required(whole(1, 5), 'How often.'),
});

/** What a rule says. */
export const terms = {
  name: required(ruleName, 'What it is called.'),
  scope: required(scope, 'For whom it is; it stays so.'),
  kinds: omittable(many(alertKindName, 'Kinds of alerts, as alertKinds lists them; all where left out.', { most: 50 })),
  filter: optional(filter, 'Which records.'),
  deadlines: optional(deadlines, 'When deadlines are announced; each kind has its own way where left out.'),
  channels: omittable(many(channel, 'How, besides the inbox.', { most: 4 })),
  endpoint: optional(recordId, 'The endpoint of the party that is called or written to.'),
  to: omittable(many(role, 'Of a rule of the party: the roles that are told; DELEGATE where left out.', { most: 4 })),
  groupBy: omittable(many(grouping, 'What goes into one message; RULE and RECORD where left out.', { most: 3 })),
  quietHours: optional(quiet, 'What quiet hours do; IGNORE_CRITICAL where left out, and in rules of the party.'),
  repeat: optional(repeat, 'Whether messages are sent again.'),
};
export const alertRuleInput = composite('AlertRuleInput', 'A rule.', terms);
export type RuleTerms = Of<typeof terms>;

/**
 * As whom somebody was signed in. The platform has no list of persons: by this, and by what the registers say now, it
 * knows what a person who is not there may see. What is revoked since counts; what the issuer alone took back does not.
 */
export const signedIn = {
  person: required(personRef, 'Reference of the person.'),
  country: optional(country, 'The country that the person acted for.'),
  roles: many(role, 'In which roles.'),
};
export type SignedIn = Of<typeof signedIn>;
export const signedInOf = ({ person, country: of, roles }: Principal): SignedIn => ({
  person,
  ...(of && { country: of }),
  roles,
});

/** Stream `alertRule-<id>`: what a person, or a party, wants to be told of. */
export type AlertRuleEvent = AlertRuleSaved;

/** All of it as it reads from here on. The first carries the marking: of a personal rule, it is the person's alone. */
export type AlertRuleSaved = DomainEvent<
  'alerts.AlertRuleSaved.v1',
  RuleTerms & { readonly isOff: boolean; readonly as: SignedIn } & Partial<Marked>
>;
