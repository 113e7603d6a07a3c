import 'reflect-metadata';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql';
import {
  accept,
  audience,
  capability,
  composite,
  country,
  currency,
  day,
  decimal,
  flag,
  hsCode,
  inCapitals,
  instant,
  integer,
  recordType,
  level,
  many,
  materialCode,
  nullable,
  omittable,
  oneOf,
  optional,
  otherwise,
  owners,
  party,
  percent,
  personRef,
  platform,
  positive,
  quarter,
  readModel,
  recordId,
  required,
  text,
  without,
  type DomainEvent,
  type Marked,
  type Of,
  type ShownView,
} from '@kernel';
import { JP, markedFor, NOW, person, RECORD } from '@kernel/testing';
import { lexicographicSortSchema, printSchema, printType, type GraphQLSchema } from 'graphql';
import { filterOf, inputTypeOf, problemsOf, resolversOf, shownBy, withMarking } from './index.js';

const colour = oneOf('Colour', 'A colour.', { RED: 'Like blood.', BLUE: 'Like the sky.' });
const area = oneOf('Area', 'An area.', { mines: 'Mines.', ports: 'Ports.' });
const money = composite('Price', 'A price.', {
  amount: required(positive, 'How much.'),
  currency: required(currency, 'In which currency.'),
});

const asked = {
  title: required(text(20), 'What it is called.'),
  note: optional(text(2000), 'Particulars.'),
  count: required(integer, 'How many.'),
  isReady: required(flag, 'Whether it is ready.'),
  isUrgent: otherwise(required(flag, 'Whether it is urgent.'), false),
  of: required(country, 'Whose.'),
  by: required(party, 'By whom.'),
  who: required(personRef, 'Which person.'),
  parent: required(recordId, 'Id of another.'),
  material: required(materialCode, 'Code of the material.'),
  hs: required(hsCode, 'Code of the Harmonized System.'),
  on: required(day, 'When.'),
  at: required(instant, 'At what instant.'),
  quarter: required(quarter, 'In which quarter.'),
  tonnes: required(decimal, 'Tonnes.'),
  share: required(percent, 'Per cent.'),
  colour: required(colour, 'Its colour.'),
  area: required(inCapitals(area), 'Its area.'),
  clearance: required(without(level, 'OPEN'), 'The level.'),
  price: required(money, 'What it costs.'),
  prices: omittable(many(money, 'What it cost.', { most: 2, distinct: true })),
  colours: many(colour, 'Its colours.', { least: 1, most: 2, distinct: true }),
  audiences: otherwise(many(audience, 'Who hears of it.', { most: 3 }), []),
};

type Opened = DomainEvent<'crates.CrateOpened.v1', { readonly title: string; readonly on: string } & Marked>;
const crate = recordType<Opened, { readonly title: string } | null>()({
  category: 'crate',
  rejections: { 'CRATES.NOT_FOUND': 'There is no such crate.' },
  notFound: 'CRATES.NOT_FOUND',
  initial: null,
  evolve: { 'crates.CrateOpened.v1': (_, data) => data },
});
const openCrate = crate.create({
  type: 'OpenCrate',
  description: 'Open a crate. For delegates.',
  input: { description: 'A crate to open.', of: asked },
  marking: 'Who may see it.',
  may: [owners('DELEGATE')],
  decide: ({ title, on }, { marking }) => accept({ type: 'crates.CrateOpened.v1', data: { title, on, marking } }),
});
const shutting = {
  description: 'Shut a crate.',
  input: { description: 'A crate to shut.', of: {} },
  may: [owners('DELEGATE')],
} as const;
const shutCrate = crate.change({ ...shutting, type: 'ShutCrate', decide: () => accept() });
const sinkCrate = crate.change({ ...shutting, type: 'SinkCrate', may: [platform], decide: () => accept() });
const dropCrate = crate.change({ ...shutting, type: 'DropCrate', isInternal: true, decide: () => accept() });
const crateRecordType = crate.withCommands(openCrate, shutCrate, sinkCrate, dropCrate);

const row = {
  id: required(recordId, 'Id of the crate.'),
  title: required(text(20), 'What it is called.'),
  parent: nullable(recordId, 'Id of the crate around it; null where there is none.'),
  on: optional(day, 'When.'),
  colour: required(colour, 'Its colour.'),
  colours: many(colour, 'Its colours.'),
  secret: required(text(20), 'Nobody’s to read.'),
};
type Row = Marked & Of<typeof row>;
const { secret: _, ...open } = row;
const crates = readModel<Opened, Row>({
  name: 'crates.crates',
  version: 1,
  of: row,
  node: {
    name: 'Crate',
    description: 'A crate.',
    marking: 'Who may see it.',
    of: { ...open, loud: required(text(20), 'Its title, aloud.') },
    show: ({ secret: __, ...shown }) => ({ ...shown, loud: shown.title.toUpperCase() }),
  },
  filter: { colour: 'Colours.', colours: 'Colours, one of which it has.', on: { range: 'The days.' } },
  internal: ['title', 'parent'],
  sort: ['title'],
  parent: { view: 'crates.crates', field: 'parent' },
  list: { name: 'crates', description: 'The crates.' },
  changed: 'Crates, as they change.',
  nested: { name: 'inside', description: 'The crates in it.', most: 5 },
  on: { 'crates.CrateOpened.v1': () => null },
});

const crateCapability = (...views: readonly ShownView[]) =>
  capability({ name: 'crates', recordTypes: [crateRecordType], views });
const resolvers = resolversOf([crateCapability(crates)]);

const good = {
  title: 'Ores',
  count: 3,
  isReady: true,
  of: 'JP',
  by: 'SECRETARIAT',
  who: RECORD,
  parent: RECORD,
  material: 'gallium',
  hs: '811292',
  on: '2026-01-31',
  at: '2026-01-31T00:00:00.000Z',
  quarter: '2026-Q1',
  tonnes: '1.50',
  share: '99',
  colour: 'RED',
  area: 'MINES',
  clearance: 'SECRET',
  price: { amount: '1.0', currency: 'EUR' },
  colours: ['RED'],
};
const { read, input, type } = withMarking(openCrate);
const OpenCrateInput = inputTypeOf({ type, input });
const problems = async (change: object) => (await problemsOf<object>(OpenCrateInput, { ...good, ...change })).problems;

describe('The input of a command', () => {
  it('is accepted as it stands', async () => expect(await problems({})).toEqual({}));

  it.each<[string, unknown]>([
    ['title', ''],
    ['title', 'x'.repeat(21)],
    ['title', 5],
    ['title', undefined],
    ['note', 'x'.repeat(2001)],
    ['count', 1.5],
    ['count', '3'],
    ['isReady', 'yes'],
    ['isUrgent', 'yes'],
    ['of', 'Japan'],
    ['by', 'JAPAN'],
    ['who', 'x'],
    ['parent', 'x'],
    ['material', 'Gallium'],
    ['hs', '8112'],
    ['on', '2026-02-30'],
    ['at', '2026-01-31'],
    ['quarter', '2026-Q5'],
    ['tonnes', '1,5'],
    ['share', '101'],
    ['colour', 'GREEN'],
    ['area', 'mines'],
    ['clearance', 'OPEN'],
    ['colours', []],
    ['colours', ['RED', 'BLUE', 'RED']],
    ['colours', ['RED', 'RED']],
    ['colours', ['GREEN']],
    ['audiences', ['JP', 'US', 'EU', 'KR']],
    ['audiences', ['Japan']],
    ['prices', [good.price, { ...good.price }]],
  ])('names the field %s when it cannot be %j', async (field, value) =>
    expect(Object.keys(await problems({ [field]: value }))).toEqual([field]),
  );
  it.each<[string, object]>([
    ['price.amount', { price: { ...good.price, amount: '0' } }],
    ['price.currency', { price: { amount: '1' } }],
    ['prices.0.amount', { prices: [{ ...good.price, amount: 'x' }] }],
    ['marking.releaseTo', { marking: { releaseTo: ['Japan'] } }],
  ])('names the field %s within another', async (path, change) =>
    expect(Object.keys(await problems(change))).toEqual([path]),
  );
  it.each(['note', 'isUrgent', 'audiences', 'prices', 'marking'])('may leave out %s, or say null', async (field) => {
    expect(await problems({ [field]: undefined })).toEqual({});
    expect(await problems({ [field]: null })).toEqual({});
  });

  it('becomes a command in one spelling, with defaults, and without what is null', () =>
    expect(read({ ...good, note: null, marking: { releaseTo: ['US', 'JP', 'US'] } })).toStrictEqual({
      type: 'OpenCrate',
      ...good,
      tonnes: '1.5',
      area: 'mines',
      price: { amount: '1', currency: 'EUR' },
      isUrgent: false,
      audiences: [],
      marking: { releaseTo: ['country:JP', 'country:US'] },
    }));
});

describe('The schema', () => {
  let schema: GraphQLSchema;
  beforeAll(async () => {
    const app = await NestFactory.createApplicationContext(GraphQLSchemaBuilderModule, { logger: false });
    schema = lexicographicSortSchema(await app.get(GraphQLSchemaFactory).create(resolvers));
    await app.close();
  });
  const printed = (name: string): string => printType(schema.getType(name)!);
  const bare = (name: string): string[] =>
    printed(name)
      .replace(/"""[^]*?"""/g, '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');

  it('has each field of an input under the name of its value', () =>
    expect(bare('OpenCrateInput')).toEqual([
      'input OpenCrateInput {',
      'area: Area!',
      'at: Instant!',
      'audiences: [Audience!]',
      'by: Party!',
      'clearance: Level!',
      'colour: Colour!',
      'colours: [Colour!]!',
      'commandId: ID',
      'count: Int!',
      'hs: String!',
      'isReady: Boolean!',
      'isUrgent: Boolean = false',
      'marking: MarkingInput',
      'material: String!',
      'note: String',
      'of: CountryCode!',
      'on: Day!',
      'parent: ID!',
      'price: PriceInput!',
      'prices: [PriceInput!]',
      'quarter: String!',
      'share: Decimal!',
      'signature: String',
      'title: String!',
      'tonnes: Decimal!',
      'who: ID!',
      '}',
    ]));
  it('tells the limits of a value with every field of it', () => {
    expect(printed('OpenCrateInput')).toContain('"""What it is called, 20 characters at most."""');
    expect(printed('OpenCrateInput')).toContain('"""Particulars, 2000 characters at most."""');
  });
  it('has the words of a choice with their meanings', () => {
    expect(printed('Colour')).toContain('"""Like blood."""\n  RED');
    expect(bare('Area')).toEqual(['enum Area {', 'MINES', 'PORTS', '}']);
  });
  it('has a mutation for each command', () => {
    expect(bare('Mutation')).toEqual([
      'type Mutation {',
      'openCrate(',
      'input: OpenCrateInput!',
      '): CommandOutcome!',
      'shutCrate(',
      'input: ShutCrateInput!',
      '): CommandOutcome!',
      '}',
    ]);
    expect(printed('Mutation')).toContain('"""Open a crate. For delegates."""');
    expect(bare('ShutCrateInput')).toContain('id: ID!');
  });
  it('shows of a row what its node says', () =>
    expect(bare('Crate')).toEqual([
      'type Crate implements Node {',
      'colour: Colour!',
      'colours: [Colour!]!',
      'id: ID!',
      'inside: [Crate!]!',
      'loud: String!',
      'marking: Marking!',
      'on: Day',
      'parent: ID',
      'title: String!',
      '}',
    ]));
  it('offers the filters that the read model tells clients of', () =>
    expect(bare('CrateFilter')).toEqual([
      'input CrateFilter {',
      'colour: [Colour!]',
      'colours: [Colour!]',
      'on: DayRangeInput',
      '}',
    ]));
  it('has the list, the record and the subscription', () => {
    expect(bare('Query')).toEqual([
      'type Query {',
      'crate(',
      'atLeast: Position',
      'id: ID!',
      '): Crate',
      'crates(',
      'after: Cursor',
      'atLeast: Position',
      'filter: CrateFilter',
      'first: Int',
      'orderBy: CrateOrder',
      '): CrateConnection!',
      '}',
    ]);
    expect(bare('CrateChanged')).toEqual(['type CrateChanged {', 'crate: Crate', 'cursor: Cursor!', 'id: ID!', '}']);
    expect(printSchema(schema)).toContain('crateChanged(');
  });
  it('has the rows that stand within others', () => expect(bare('Crate')).toContain('inside: [Crate!]!'));
  it('has a mutation for each command that clients may give, and for no other', () =>
    expect(bare('Mutation').filter((line) => line.includes('('))).toEqual(['openCrate(', 'shutCrate(']));
  it('is not made where a view names one that clients are not shown', () =>
    expect(() => resolversOf([crateCapability({ ...crates, alsoShows: ['crates.lids'] })])).toThrow('crates.lids'));
});

describe('A row', () => {
  const given = { id: RECORD, title: 'Ores', secret: 'x', marking: markedFor(JP, 'country:US' as never) } as never;
  const show = shownBy(crates);
  it('is shown as its read model says', () => {
    expect(show(given, person(JP, 'LIAISON'), NOW, RECORD)).toMatchObject({ title: 'Ores', loud: 'ORES' });
    expect(show(given, person(JP, 'LIAISON'), NOW, RECORD)).not.toHaveProperty('secret');
  });
  it('is shown with what its reader may know of its marking', () => {
    expect(show(given, person(JP, 'LIAISON'), NOW, RECORD)).toMatchObject({
      marking: { owner: JP, releaseTo: ['US'] },
    });
    expect(show(given, person(country('US'), 'LIAISON'), NOW, RECORD)).toMatchObject({
      marking: { owner: JP, releaseTo: null },
    });
  });
});

describe('What a list is filtered by', () => {
  const view = { of: {}, filter: { group: 'Groups.' } } as never;
  it('is text as it is kept, whichever way it was typed', () => {
    expect(filterOf(view, { group: [' m\u0065\u0301taux'] })).toEqual({ group: ['m\u00e9taux'] });
    expect(filterOf(view, { group: null })).toEqual({ group: null });
  });
});
