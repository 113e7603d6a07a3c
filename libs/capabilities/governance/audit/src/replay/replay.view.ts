import {
  composite,
  flag,
  instant,
  integer,
  many,
  nullable,
  omittable,
  party,
  recordId,
  required,
  rowKey,
  text,
  value,
  type Of,
} from '@kernel';

// What is told of a record's history: made for each reader as it asks, and kept nowhere.

const json = value('Json', 'text', (given: unknown): unknown => given);
const line = text(200);

const list = required(line, 'The list that the record stands in, such as projects.projects.');
const kind = required(line, 'What kind of record, such as stockDeclaration.');
const id = required(recordId, 'Id of the record.');
const policyVersion = required(integer, 'Version of the access policy that it was decided under.');

const columnChange = composite('ColumnChange', 'One field of a record that an event changed.', {
  list,
  field: required(line, 'The field, by its name in that list.'),
  before: nullable(json, 'What it was, as far as you could know; null where it was not there.'),
  after: nullable(json, 'What it became; null where it is there no more.'),
});

const historyFact = {
  eventId: required(rowKey, 'Id of the event: ask for its proof by it.'),
  type: required(line, 'Its name, such as projects.ProjectProposed.v1.'),
  at: required(instant, 'When it was recorded.'),
  by: nullable(party, 'In whose name. Null for auditors where they see the structure alone.'),
  person: nullable(rowKey, 'Reference of the person, for its own party and for auditors that the party lets in.'),
  mandate: nullable(recordId, 'The mandate that it was done under, told to the same.'),
  policyVersion,
  isOpen: required(flag, 'Whether you see the content; otherwise the structure alone.'),
  changes: many(columnChange, 'What it changed, of what you could read then and can read now.'),
};
export type HistoryFact = Of<typeof historyFact>;

export const recordHistory = {
  id,
  kind,
  facts: many(
    composite('HistoryFact', 'One event of a record, as you may know it.', historyFact),
    'Its events, earliest first.',
  ),
};
export type RecordHistory = Of<typeof recordHistory>;

const knownRow = {
  list: required(line, 'The list, such as projects.projects.'),
  fields: required(json, 'Its fields, by their names in that list.'),
};
export type KnownRow = Of<typeof knownRow>;
const known = composite('KnownRow', 'A record as a list shows it.', knownRow);

export const recordAsOf = {
  id,
  kind,
  at: required(instant, 'The time.'),
  knownThen: many(known, 'As it was known then. Empty where you could not read it then.'),
  knownNow: omittable(
    many(
      known,
      'As it is known now of that day, corrections included. Null where its figures are for no day, or a later one.',
    ),
  ),
};
export type RecordAsOf = Of<typeof recordAsOf>;

export const decision = {
  at: required(instant, 'When.'),
  accepted: required(flag, 'Whether it was accepted.'),
  command: nullable(line, 'Type of the command, such as ProposeProject.'),
  code: nullable(line, 'Why it was rejected, as a stable code.'),
  times: required(integer, 'How many like it this stands for.'),
  kind: required(line, 'Which kind of record it was about.'),
  record: nullable(
    recordId,
    'The record that it made or changed; of a rejected one for auditors that the party lets in.',
  ),
  events: many(line, 'The events that it made.'),
  by: nullable(party, 'In whose name; told to auditors that the party lets in.'),
  person: nullable(rowKey, 'Reference of the person; told to the same.'),
  policyVersion,
};
export type Decision = Of<typeof decision>;
