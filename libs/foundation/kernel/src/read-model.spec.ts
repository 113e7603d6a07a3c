import { describe, expect, it } from '@jest/globals';
import {
  decimal,
  instant,
  many,
  readModel,
  recordId,
  renewed,
  required,
  stage,
  text,
  type DomainEvent,
  type Marked,
  type Of,
} from '@kernel';
import { JP, markedFor, NOW, RECORD, recorded, specifyView } from '@kernel/testing';

type Opened = DomainEvent<'letters.LetterOpened.v1', { readonly subject: string } & Marked>;
type Withdrawn = DomainEvent<'letters.LetterWithdrawn.v1', Record<never, never>>;

const row = {
  id: required(recordId, 'Id of the letter.'),
  subject: required(text(10), 'What about.'),
  stages: many(stage, 'Stages.'),
  weight: required(decimal, 'Tonnes.'),
  openedAt: required(instant, 'When.'),
};
type Row = Marked & Of<typeof row>;

type Definition = Parameters<typeof readModel<Opened | Withdrawn, Row>>[0];
const definition: Definition = {
  name: 'letters.letters',
  version: 1,
  of: row,
  node: { name: 'Letter', description: 'A letter.', marking: 'Who may see it.' },
  filter: { subject: 'Subjects.', stages: 'Stages.' },
  internal: ['id'],
  sort: ['openedAt', 'subject'],
  sums: ['weight'],
  on: {
    'letters.LetterOpened.v1': (_, { event, recordId: id, recordedAt: openedAt }) => ({
      ...event.data,
      id,
      openedAt,
      stages: [],
      weight: decimal('1'),
    }),
    'letters.LetterWithdrawn.v1': () => null,
  },
};
const letters = readModel(definition);

const opened: Opened = { type: 'letters.LetterOpened.v1', data: { subject: 'ores', marking: markedFor(JP) } };
const withdrawn: Withdrawn = { type: 'letters.LetterWithdrawn.v1', data: {} };

describe('A read model', () => {
  it('is made from the events that it says what to do with', () =>
    expect(letters.events).toEqual(['letters.LetterOpened.v1', 'letters.LetterWithdrawn.v1']));
  it('keeps a column for each field that lists filter or sort by, or that is summed up', () =>
    expect(letters.fields).toEqual({
      id: { kind: 'text', filter: true },
      subject: { kind: 'prose', filter: true, sort: true },
      stages: { kind: 'texts', filter: true },
      openedAt: { kind: 'text', sort: true },
      weight: { kind: 'decimal' },
    }));
  it('offers clients the filters that have a sentence', () =>
    expect(letters.filter).toEqual({ subject: 'Subjects.', stages: 'Stages.' }));
  it('shows the fields of a row, and its marking where it says so', () => {
    expect(Object.keys(letters.node.of)).toEqual([...Object.keys(row), 'marking']);
    expect(letters.node.of['marking']?.description).toBe('Who may see it.');
    expect(
      readModel<Opened | Withdrawn, Row>({ ...definition, node: { name: 'L', description: 'A letter.' } }).node.of,
    ).toEqual(row);
  });
  it('is named by the record’s id unless a field names it', () => {
    expect(letters.keysOf).toBeUndefined();
    const bySubject = readModel<Opened, Row>({ ...definition, key: 'subject' });
    expect(bySubject.keysOf?.(recorded(opened))).toEqual(['ores']);
  });
  it('makes the row of each event', () => {
    const { given } = specifyView(letters);
    given(opened).thenRow({
      id: RECORD,
      subject: 'ores',
      stages: [],
      weight: decimal('1'),
      openedAt: NOW,
      marking: markedFor(JP),
    });
    given(opened, withdrawn).thenRow(null);
  });
  it('says nothing of an event that it leaves out: it does not compile', () => {
    // @ts-expect-error: a letter is withdrawn, too
    const on: Definition['on'] = { 'letters.LetterOpened.v1': () => null };
    expect(on).toBeDefined();
    expect(letters.project(null, recorded(withdrawn), RECORD)).toBeNull();
  });
});

describe('A row that is made anew', () => {
  const made = { id: RECORD, subject: 'ores', stages: [], weight: decimal('1'), openedAt: NOW };
  const [own, other] = [markedFor(JP), markedFor(JP, 'PUBLIC')];
  it('has the marking that comes with it, or else the one that it had', () => {
    expect(renewed<Row>({ ...made, marking: own }, { ...made, marking: other })).toEqual({ ...made, marking: other });
    expect(renewed<Row>({ ...made, marking: own }, made)).toEqual({ ...made, marking: own });
  });
  it('is none where nothing says who may see it', () => expect(renewed<Row>(null, made)).toBeNull());
});
