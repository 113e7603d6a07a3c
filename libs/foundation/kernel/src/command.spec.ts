import { describe, expect, it } from '@jest/globals';
import {
  accept,
  capability,
  inPerson,
  isFactOf,
  recordType,
  members,
  newOwners,
  owners,
  peopleIn,
  peopleOf,
  reject,
  required,
  secretariat,
  text,
  type DomainEvent,
  type Grant,
  type Marked,
  type Principal,
} from '@kernel';
import { JP, markedFor, person, RECORD, secretariat as ofSecretariat, specify, US } from '@kernel/testing';

type Opened = DomainEvent<'letters.LetterOpened.v1', { readonly subject: string } & Marked>;
type Added = DomainEvent<'letters.LineAdded.v1', { readonly line: string }>;
type Closed = DomainEvent<'letters.LetterClosed.v1', Record<never, never>>;
type State = { readonly lines: readonly string[]; readonly isClosed: boolean } | null;

const added = (words: string): Added => ({ type: 'letters.LineAdded.v1', data: { line: words } });

const letter = recordType<Opened | Added | Closed, State>()({
  category: 'letter',
  rejections: {
    'LETTERS.NOT_FOUND': 'There is no such letter.',
    'LETTERS.CLOSED': 'The letter is closed.',
    'LETTERS.TOO_LONG': 'The letter is full.',
  },
  notFound: 'LETTERS.NOT_FOUND',
  closed: { if: (state) => state?.isClosed ?? false, rejection: 'LETTERS.CLOSED' },
  initial: null,
  evolve: {
    'letters.LetterOpened.v1': () => ({ lines: [], isClosed: false }),
    'letters.LineAdded.v1': (state, { line: words }) => state && { ...state, lines: [...state.lines, words] },
    'letters.LetterClosed.v1': (state) => state && { ...state, isClosed: true },
  },
});

const openLetter = letter.create({
  type: 'OpenLetter',
  description: 'Open a letter.',
  input: { description: 'A letter.', of: { subject: required(text(10), 'What about.') } },
  marking: 'Who may see it.',
  may: [owners('DELEGATE')],
  decide: ({ subject }, { marking }) => accept({ type: 'letters.LetterOpened.v1', data: { subject, marking } }),
});
const line = {
  type: 'AddLine',
  description: 'Add a line.',
  input: { description: 'A line.', of: { line: required(text(10), 'The line.') } },
} as const;
const addLine = letter.change({
  ...line,
  may: [owners('DELEGATE')],
  again: (one, { lines }) => lines.includes(one.line),
  decide: (given, { lines }) =>
    lines.length > 1 ? reject('LETTERS.TOO_LONG') : accept({ type: 'letters.LineAdded.v1', data: given }),
});
const letterRecordType = letter.withCommands(openLetter, addLine);

const { given, mayIssue, mayAct } = specify(letterRecordType);
const opened: Opened = { type: 'letters.LetterOpened.v1', data: { subject: 'ores', marking: markedFor(JP) } };
const closed: Closed = { type: 'letters.LetterClosed.v1', data: {} };
const add = (words: string) => ({ type: 'AddLine', id: RECORD, line: words }) as const;
const delegate = person(JP, 'DELEGATE');

describe('A command that creates', () => {
  it('asks for a new record', () =>
    expect(letterRecordType.targetOf({ type: 'OpenLetter', subject: 'ores' }, JP)).toEqual({ fresh: true }));
  it('is decided with the marking that the record will have', () =>
    given()
      .when({ type: 'OpenLetter', subject: 'ores' }, delegate, { marking: markedFor(JP) })
      .then(opened));
});

describe('A command to an existing record', () => {
  it('names it by its id', () => expect(letterRecordType.targetOf(add('a'), JP)).toEqual({ id: RECORD }));
  it('is decided without the id', () => given(opened).when(add('a'), delegate).then(added('a')));
  it('finds no record that was never made', () => given().when(add('a'), delegate).thenRejected('LETTERS.NOT_FOUND'));
  it('is accepted with nothing recorded where it asks for what is so', () =>
    given(opened, added('a')).when(add('a'), delegate).thenNothing());
  it('is rejected of a closed record', () =>
    given(opened, closed).when(add('a'), delegate).thenRejected('LETTERS.CLOSED'));
  it('that asks for what is so is accepted of a closed record, too', () =>
    given(opened, added('a'), closed).when(add('a'), delegate).thenNothing());
  it('is rejected as closed before it is decided', () =>
    given(opened, added('a'), added('b'), closed).when(add('c'), delegate).thenRejected('LETTERS.CLOSED'));
});

describe('A record type', () => {
  it('has the events that its state is folded from, each once', () => {
    expect(letterRecordType.events).toEqual([
      'letters.LetterOpened.v1',
      'letters.LineAdded.v1',
      'letters.LetterClosed.v1',
    ]);
    recordType<Opened | Closed, State>()({
      ...{ category: 'letter', rejections: { 'LETTERS.NOT_FOUND': '' }, notFound: 'LETTERS.NOT_FOUND', initial: null },
      // @ts-expect-error: it does not say what LetterClosed does
      evolve: { 'letters.LetterOpened.v1': (state) => state },
    });
  });
  it('tells its own facts from those of others and from those of any record', () => {
    expect(isFactOf(letterRecordType, closed)).toBe(true);
    expect(isFactOf(letterRecordType, { type: 'notes.Noted.v1', data: {} })).toBe(false);
    expect(isFactOf(letterRecordType, { type: 'access.ContentErased.v1', data: {} })).toBe(false);
  });
  it('is called after its category, where it has no other name', () => {
    const of = { rejections: { 'A.NOT_FOUND': '' }, notFound: 'A.NOT_FOUND', initial: null, evolve: {} } as const;
    const idOf = (kind: { readonly name?: string }) =>
      recordType<never, null>()({ ...of, category: 'openLetter', ...kind }).change({
        ...line,
        may: [owners('DELEGATE')],
        decide: () => accept(),
      }).input.of.id.description;
    expect(idOf({})).toBe('Id of the open letter.');
    expect(idOf({ name: 'letter' })).toBe('Id of the letter.');
  });
  it('gives its events to its capability', () => {
    const of = { name: 'letters', views: [] };
    expect(capability({ ...of, recordTypes: [letterRecordType] }).events).toEqual([
      'letters.LetterClosed.v1',
      'letters.LetterOpened.v1',
      'letters.LineAdded.v1',
    ]);
    const { events: _, ...silent } = letterRecordType;
    expect(() => capability({ ...of, recordTypes: [silent] })).toThrow('letter does not say which events');
  });
  it('is closed by default: a command needs a grant at least', () => {
    // @ts-expect-error: nobody may give it
    letter.create({ ...openLetter, may: [] });
    // @ts-expect-error: nothing says who may give it
    letter.create({ ...openLetter, may: undefined });
  });
  it('refuses whom no grant of the command names', () => {
    expect(mayIssue(add('a'), delegate)).toBe(true);
    expect(mayIssue(add('a'), person(JP, 'LIAISON'))).toBe(false);
    expect(mayAct(add('a'), delegate, [opened], markedFor(JP))).toBe(true);
    expect(mayAct(add('a'), person(US, 'DELEGATE'), [opened], markedFor(JP))).toBe(false);
  });
  it('lets nobody act by one grant whom another one lets issue', () => {
    const issues: Grant<unknown, unknown> = { mayIssue: () => true, mayAct: () => false };
    const acts: Grant<unknown, unknown> = { mayIssue: () => false, mayAct: () => true };
    const recordType = letter.withCommands(
      letter.change({ ...line, may: [issues, acts], decide: (one) => accept(added(one.line)) }),
    );
    expect(specify(recordType).mayAct(add('a'), delegate, [opened], markedFor(JP))).toBe(false);
  });
});

describe('A grant', () => {
  const both = (grant: Grant<object, unknown>, who: Principal, owner = markedFor(JP), asked: object = {}) => [
    grant.mayIssue(who, asked),
    grant.mayAct(who, null, owner),
  ];
  const usDelegate = person(US, 'DELEGATE');

  it('to owners is for the roles that it names, of the owner', () => {
    expect(both(owners('DELEGATE'), delegate)).toEqual([true, true]);
    expect(both(owners('DELEGATE'), person(JP, 'APPROVER'))).toEqual([false, false]);
    expect(both(owners('DELEGATE'), usDelegate)).toEqual([true, false]);
    expect(both(owners('SECRETARIAT'), ofSecretariat)).toEqual([false, false]);
  });
  it('to new owners is for no country in whose name somebody of another one speaks', () => {
    const grant = newOwners('DELEGATE');
    expect(grant.mayIssue(delegate, {})).toBe(true);
    expect(grant.mayIssue(delegate, { country: JP })).toBe(true);
    expect(grant.mayIssue(delegate, { country: US })).toBe(false);
    expect(grant.mayIssue(person(JP, 'LIAISON'), {})).toBe(false);
    expect(grant.mayIssue(ofSecretariat, {})).toBe(false);
    expect(grant.mayAct(delegate, null, markedFor(JP))).toBe(true);
    expect(grant.mayAct(usDelegate, null, markedFor(JP))).toBe(false);
  });
  it('to members is for no country outside the alliance', () => {
    expect(both(members('DELEGATE'), usDelegate)).toEqual([true, true]);
    expect(both(members('DELEGATE'), { ...usDelegate, isMember: false })).toEqual([false, false]);
    expect(both(members('DELEGATE'), person(US, 'LIAISON'))).toEqual([false, true]);
    expect(both(members('SECRETARIAT'), { ...ofSecretariat, isMember: true })).toEqual([false, true]);
  });
  it('to the secretariat is for its own records', () => {
    expect(both(secretariat, ofSecretariat, markedFor('SECRETARIAT'))).toEqual([true, true]);
    expect(both(secretariat, ofSecretariat, markedFor(JP))).toEqual([true, false]);
    expect(both(secretariat, delegate)).toEqual([false, true]);
  });
  it('to the people of a country is for those whom the command names', () => {
    const readers = peopleOf(() => US, 'DELEGATE');
    expect(readers.mayIssue(usDelegate, {})).toBe(true);
    expect(readers.mayIssue(delegate, {})).toBe(false);
    expect(readers.mayIssue(person(US, 'LIAISON'), {})).toBe(false);
  });
  it('to the people of a country that the record names is for them alone', () => {
    const guests = peopleIn((state: typeof US | null) => state, 'DELEGATE');
    expect(guests.mayIssue(usDelegate, {})).toBe(true);
    expect(guests.mayIssue(person(US, 'LIAISON'), {})).toBe(false);
    expect(guests.mayAct(usDelegate, US, markedFor(JP))).toBe(true);
    expect(guests.mayAct(delegate, US, markedFor(JP))).toBe(false);
    expect(guests.mayAct(delegate, null, markedFor(JP))).toBe(false);
  });
  it('in person is for nobody who acts under a mandate', () => {
    const mandate = { id: RECORD, delegate: US, subjects: [], mayCommand: true };
    expect(both(inPerson(owners('DELEGATE')), delegate)).toEqual([true, true]);
    expect(both(inPerson(owners('DELEGATE')), { ...delegate, mandate })[0]).toBe(false);
    expect(both(inPerson(owners('DELEGATE')), usDelegate)).toEqual([true, false]);
  });
});
