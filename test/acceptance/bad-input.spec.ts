import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CommandAccepted, LodestoneClient } from '@adapters/lodestone-client';
import fc from 'fast-check';
import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import { asker, codeOf, errorsOf, type Answer, type Asker, type Person } from './support/answers.js';
import { inputOf, mutations, operationOn, rootFields, schemaOf, selectionOf } from './support/from-schema.js';
import { endOfHistory } from './support/history.js';
import { startPlatform, type RunningPlatform } from './support/platform.js';

const JP: Person = { country: 'JP', roles: ['LIAISON', 'DELEGATE', 'APPROVER'] };
const OTHER_APPROVER: Person = { country: 'JP', roles: ['APPROVER'], person: 'second' };
const SECRETARIAT: Person = { country: null, roles: ['SECRETARIAT'] };
const ABSENT = '5f0c1b1e-7a57-4c1e-9a52-0d1c8a7be001';
const PROJECT = { title: 'A refinery', materials: ['gallium'], stages: ['REFINING'], hostCountry: 'JP' };
const STOCK = { material: 'gallium', form: 'metal', purity: '99', quantity: '7', asOf: '2026-01-31' };
/** A day that has begun nowhere on Earth. */
const tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);

let platform: RunningPlatform;
let schema: GraphQLSchema;
let japan: LodestoneClient;
let secretariat: LodestoneClient;
let ask: Asker;
let askAsSecretariat: Asker;
/** A project, a pledge to it that is confirmed, and a stock declaration. */
let project: string;
let pledge: string;
let declaration: string;
let latest: string;

const done = async (who: LodestoneClient, mutation: string, input: object): Promise<CommandAccepted> => {
  const outcome = await who.command(mutation, input);
  if (!outcome.accepted) throw new Error(`${mutation} was refused: ${JSON.stringify(outcome)}`);
  latest = outcome.position;
  return outcome;
};

beforeAll(async () => {
  platform = await startPlatform();
  japan = platform.as(JP.country, JP.roles);
  secretariat = platform.as(null, 'SECRETARIAT');
  ask = asker(platform, JP);
  askAsSecretariat = asker(platform, SECRETARIAT);
  schema = await schemaOf(ask);
  await done(secretariat, 'admitMember', { country: 'JP', since: '2026-05-01' });
  await done(secretariat, 'registerMaterial', {
    code: 'gallium',
    name: 'Gallium',
    group: 'minor metals',
    hsCodes: ['811292'],
  });
  project = (await done(japan, 'proposeProject', { ...PROJECT, startsOn: '2026-03-01', endsOn: '2027-03-01' }))
    .recordId;
  pledge = (await done(japan, 'pledgeInvestment', { projectId: project, kind: 'LOAN', amount: '100', currency: 'USD' }))
    .recordId;
  await done(platform.as('JP', 'APPROVER', OTHER_APPROVER.person), 'confirmPledge', { id: pledge });
  declaration = (await done(japan, 'declareStock', STOCK)).recordId;
});

afterAll(() => platform?.stop());

/** Whatever the commands of the test, the history is as long after it as before. */
const recordingNothing = async (work: () => Promise<void>): Promise<void> => {
  const before = await endOfHistory(platform.eventStore);
  await work();
  expect(await endOfHistory(platform.eventStore)).toBe(before);
};

const sent = (mutation: string, input: object, by: Asker = ask): Promise<Answer> => {
  const field = mutations(schema).find(({ name }) => name === mutation)!;
  return by(operationOn({ operation: 'mutation', field }), { input });
};

type Rejection = {
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, string>>;
};

/** Refused with a message that begins with, or has in it, the field at fault. */
const refusedFor = async (field: string, mutation: string, input: object, by: Asker = ask): Promise<void> => {
  const answer = await sent(mutation, input, by);
  const rejection = (JSON.parse(answer.body) as { data?: Record<string, Rejection> }).data?.[mutation];
  const named = rejection ? rejection.details?.['field'] : errorsOf(answer)[0]!.message;
  const said = { mutation, input, status: answer.status, body: answer.body.slice(0, 400), named };
  if (rejection) expect(said).toMatchObject({ status: 200, named: field });
  else expect(said).toMatchObject({ status: 400, named: expect.stringContaining(field) });
};

const WRONG_DECIMALS = [
  '',
  '1e3',
  '-1',
  '+1',
  '1,000',
  '1.000,5',
  ' 1',
  '1 ',
  '1 000',
  '01',
  '.5',
  '5.',
  '1.1234567',
  '1234567890123456',
  'NaN',
  'Infinity',
  '0x10',
  '１２',
  '1_000',
  'null',
  '1\n',
];

describe('A malformed quantity', () => {
  it('is refused with the field that holds it, however it is malformed', () =>
    recordingNothing(async () => {
      for (const wrong of WRONG_DECIMALS) {
        await refusedFor('quantity', 'declareStock', { ...STOCK, quantity: wrong });
        await refusedFor('amount', 'pledgeInvestment', {
          projectId: project,
          kind: 'LOAN',
          currency: 'USD',
          amount: wrong,
        });
        await refusedFor('estimatedCost.amount', 'proposeProject', {
          ...PROJECT,
          estimatedCost: { amount: wrong, currency: 'JPY' },
        });
      }
      for (const wrong of [1200.5, 1, true, null, {}, ['1']])
        await refusedFor('quantity', 'declareStock', { ...STOCK, quantity: wrong });
    }));

  it('is refused where it cannot be: nothing pledged, or more than a hundred per cent pure', () =>
    recordingNothing(async () => {
      await refusedFor('amount', 'pledgeInvestment', {
        projectId: project,
        kind: 'LOAN',
        currency: 'USD',
        amount: '0',
      });
      await refusedFor('amount', 'drawDownPledge', { id: pledge, amount: '0.000000', on: '2026-01-01' });
      await refusedFor('amount', 'drawDownPledge', { id: pledge, amount: '100.000001', on: '2026-01-01' });
      await refusedFor('purity', 'declareStock', { ...STOCK, purity: '100.1' });
    }));
});

describe('An unknown name', () => {
  it('of a country, a currency, a material, a stage or a kind is refused with its field', () =>
    recordingNothing(async () => {
      for (const wrong of ['XX', 'jp', 'JPN', 'J', '', ' JP', 'UK']) {
        await refusedFor('hostCountry', 'proposeProject', { ...PROJECT, hostCountry: wrong });
        await refusedFor('members', 'foundGroup', { name: 'G', members: ['US', wrong] });
        await refusedFor('country', 'admitMember', { country: wrong, since: '2026-01-01' }, askAsSecretariat);
      }
      for (const wrong of ['XXZ', 'usd', '$', '', 'EURO'])
        await refusedFor('currency', 'pledgeInvestment', {
          projectId: project,
          kind: 'LOAN',
          amount: '1',
          currency: wrong,
        });
      for (const wrong of ['unobtainium', 'Gallium', '', 'a'.repeat(61), 'gallium-']) {
        await refusedFor('material', 'declareStock', { ...STOCK, material: wrong });
        await refusedFor('materials', 'proposeProject', { ...PROJECT, materials: ['gallium', wrong] });
        await refusedFor(
          'material',
          'reportProduction',
          {
            material: wrong,
            country: 'JP',
            year: 2024,
            stage: 'MINING',
            quantity: '1',
            basis: 'REPORTED',
            source: 'x',
          },
          askAsSecretariat,
        );
      }
      for (const wrong of ['SMELTING', 'mining', '', 7])
        await refusedFor('stages', 'proposeProject', { ...PROJECT, stages: [wrong] });
      await refusedFor('kind', 'pledgeInvestment', { projectId: project, kind: 'GIFT', amount: '1', currency: 'EUR' });
      for (const wrong of ['81129', '8112920', 'gallium', ''])
        await refusedFor(
          'hsCodes',
          'registerMaterial',
          { code: 'tin', name: 'Tin', group: 'x', hsCodes: [wrong] },
          askAsSecretariat,
        );
      for (const wrong of ['XX', 'PUBLIC ', '', ABSENT.toUpperCase()])
        await refusedFor('marking.releaseTo', 'proposeProject', { ...PROJECT, marking: { releaseTo: [wrong] } });
    }));

  it('of a field is refused by name', () =>
    recordingNothing(() => refusedFor('colour', 'proposeProject', { ...PROJECT, colour: 'red' })));

  it('of a record is refused, whether it has the form of an id or not', () =>
    recordingNothing(async () => {
      for (const wrong of ['', 'x', ABSENT.toUpperCase(), `${ABSENT} `, `{${ABSENT}}`, `${ABSENT}'--`])
        await refusedFor('id', 'withdrawProject', { id: wrong, reason: 'x' });
      expect(await japan.command('withdrawProject', { id: ABSENT, reason: 'x' })).toMatchObject({
        accepted: false,
        code: 'PROJECTS.NOT_FOUND',
      });
    }));
});

describe('A date', () => {
  it('of an end before the start is refused', () =>
    recordingNothing(async () => {
      await refusedFor('endsOn', 'proposeProject', { ...PROJECT, startsOn: '2026-03-01', endsOn: '2026-02-28' });
      await refusedFor('endsOn', 'reviseProject', { id: project, startsOn: '2027-03-02' });
      await refusedFor('newEndsOn', 'reportDelay', { id: project, reason: 'Later', newEndsOn: '2026-01-01' });
    }));

  it('in the future is refused where it cannot be', () =>
    recordingNothing(async () => {
      await refusedFor('asOf', 'declareStock', { ...STOCK, asOf: tomorrow });
      await refusedFor('asOf', 'correctDeclaration', { id: declaration, reason: 'x', asOf: tomorrow });
      await refusedFor('on', 'drawDownPledge', { id: pledge, amount: '1', on: tomorrow });
      await refusedFor('reachedOn', 'reportMilestone', { id: project, milestone: 'x', reachedOn: tomorrow });
      await refusedFor('on', 'completeProject', { id: project, on: tomorrow });
      await refusedFor('on', 'designateProject', { id: project, on: tomorrow });
      await refusedFor('since', 'admitMember', { country: 'KR', since: tomorrow }, askAsSecretariat);
      await refusedFor(
        'year',
        'reportProduction',
        {
          material: 'gallium',
          country: 'JP',
          year: 2999,
          stage: 'MINING',
          quantity: '1',
          basis: 'ESTIMATED',
          source: 'x',
        },
        askAsSecretariat,
      );
    }));

  it('that is on no calendar is refused', () =>
    recordingNothing(async () => {
      for (const wrong of [
        '2026-02-29',
        '2026-13-01',
        '2026-00-10',
        '2026-1-1',
        '01.02.2026',
        '2026-01-01T00:00:00.000Z',
        '',
        '0000-01-01',
        'today',
      ]) {
        await refusedFor('asOf', 'declareStock', { ...STOCK, asOf: wrong });
      }
    }));

  it('that has gone by is refused where a pledge is to last', () =>
    recordingNothing(() =>
      refusedFor('expiresOn', 'pledgeInvestment', {
        projectId: project,
        kind: 'LOAN',
        amount: '1',
        currency: 'USD',
        expiresOn: '2020-01-01',
      }),
    ));
});

describe('Text', () => {
  it('over its limit, empty, or of characters that cannot be kept is refused; at its limit it is taken', async () => {
    await recordingNothing(async () => {
      const hidden = ['\u200b', '\u00ad', '\u3164', 'Grant \u202e000.1', 'a\u2028b', 'a\u0085b', 'a\u{e0041}'];
      for (const wrong of ['x'.repeat(201), '', '   ', '\n\t', 'a\u0000b', 'a\u001b[2Jb', 'a\ud800b', ...hidden]) {
        await refusedFor('title', 'proposeProject', { ...PROJECT, title: wrong });
        await refusedFor('name', 'foundGroup', { name: wrong, members: [] });
      }
      await refusedFor('summary', 'proposeProject', { ...PROJECT, summary: 'x'.repeat(5001) });
      await refusedFor('reason', 'withdrawProject', { id: project, reason: 'x'.repeat(2001) });
    });
    await done(japan, 'proposeProject', { ...PROJECT, title: 'x'.repeat(200), summary: 'é'.repeat(5000) });
  });

  it('is told which character hides something, and where', async () =>
    expect(await japan.command('proposeProject', { ...PROJECT, title: 'Grant \u202e000.1' })).toMatchObject({
      code: 'INPUT.INVALID',
      details: { title: expect.stringContaining('character 7 is U+202E') },
    }));

  it('is one text, composed or not, so that a command sent again either way is the same', async () => {
    const commandId = 'composed-or-not';
    const composed = await done(japan, 'proposeProject', { ...PROJECT, title: 'Caf\u00e9', commandId });
    const decomposed = await japan.command('proposeProject', { ...PROJECT, title: 'Cafe\u0301', commandId });
    expect(decomposed).toMatchObject({ accepted: true, recordId: composed.recordId, revision: composed.revision });
  });

  it('in a question that no store could answer is refused too', () =>
    recordingNothing(async () => {
      for (const document of [
        '{ project(id: "a\\u0000") { id } }',
        '{ projects(filter: { materials: ["\\u0000"] }) { totalCount } }',
        '{ material(code: "\\u0000") { code } }',
      ]) {
        expect(await ask(document)).toMatchObject({ status: 400 });
      }
      const answer = await ask('query ($f: ProjectFilter) { projects(filter: $f) { totalCount } }', {
        f: { materials: ['tin', 'a\ud800'] },
      });
      expect([answer.status, codeOf(answer), errorsOf(answer)[0]!.extensions!.field]).toEqual([
        400,
        'BAD_INPUT',
        'f.materials.1',
      ]);
    }));
});

describe('Too many', () => {
  it('materials, none, or the same twice are refused', () =>
    recordingNothing(async () => {
      await refusedFor('materials', 'proposeProject', {
        ...PROJECT,
        materials: Array.from({ length: 21 }, (_, index) => `material-${index}`),
      });
      await refusedFor('materials', 'proposeProject', { ...PROJECT, materials: [] });
      await refusedFor('materials', 'proposeProject', { ...PROJECT, materials: ['gallium', 'gallium'] });
      await refusedFor('stages', 'proposeProject', { ...PROJECT, stages: [] });
      await refusedFor('members', 'foundGroup', { name: 'G', members: Array(251).fill('US') });
      await refusedFor('marking.releaseTo', 'proposeProject', {
        ...PROJECT,
        marking: { releaseTo: Array(301).fill('US') },
      });
    }));
});

describe('A marking whose handling does not go with its audience', () => {
  it('is refused', () =>
    recordingNothing(async () => {
      await refusedFor('marking.handling', 'proposeProject', {
        ...PROJECT,
        marking: { releaseTo: ['PUBLIC'], handling: 'AMBER' },
      });
      await refusedFor('marking.handling', 'proposeProject', {
        ...PROJECT,
        marking: { releaseTo: ['MEMBERS'], handling: 'RED' },
      });
    }));
});

describe('A command', () => {
  it('for another country is denied', () =>
    recordingNothing(async () => {
      for (const [mutation, input] of [
        ['proposeProject', PROJECT],
        ['pledgeInvestment', { projectId: project, kind: 'LOAN', amount: '1', currency: 'USD' }],
        ['declareStock', STOCK],
        ['refuseDeclaration', { material: 'gallium', reason: 'x' }],
        ['foundGroup', { name: 'G', members: [] }],
      ] as const) {
        expect(await japan.command(mutation, { ...input, country: 'US' })).toMatchObject({
          accepted: false,
          code: 'ACCESS.DENIED',
        });
      }
    }));

  it('sent twice is answered twice the same, and recorded once', async () => {
    const inputs: readonly (readonly [string, object])[] = [
      ['proposeProject', { ...PROJECT, commandId: 'twice-1' }],
      ['reviseProject', { id: project, title: 'Another title', commandId: 'twice-2' }],
      ['declareStock', { ...STOCK, commandId: 'twice-3' }],
      ['foundGroup', { name: 'G', members: ['US'], commandId: 'twice-4' }],
      ['drawDownPledge', { id: pledge, amount: '1', on: '2026-01-01', commandId: 'twice-5' }],
      ['correctDeclaration', { id: declaration, quantity: '8', reason: 'x', commandId: 'twice-6' }],
    ];
    const first: CommandAccepted[] = [];
    for (const [mutation, input] of inputs) first.push(await done(japan, mutation, input));
    await recordingNothing(async () => {
      for (const [at, [mutation, input]] of inputs.entries())
        expect(await japan.command(mutation, input)).toEqual(first[at]);
      const together = await Promise.all(Array.from({ length: 5 }, () => japan.command(...inputs[1]!)));
      for (const each of together) expect(each).toEqual(first[1]);
    });
    const race = await Promise.all(
      Array.from({ length: 5 }, () => japan.command('proposeProject', { ...PROJECT, commandId: 'raced' })),
    );
    for (const each of race) expect(each).toEqual(race[0]);
    expect(race[0]).toMatchObject({ accepted: true, revision: 0, recorded: true });
  });

  it('under the commandId of another is refused: with another body, on another record, or of another kind', async () => {
    const commandId = 'used-once';
    const { recordId } = await done(japan, 'proposeProject', { ...PROJECT, commandId });
    const onRecord = 'used-on-a-record';
    await done(japan, 'reviseProject', { id: recordId, title: 'Two', commandId: onRecord });
    const reused: readonly (readonly [string, object])[] = [
      ['proposeProject', { ...PROJECT, title: 'Another body', commandId }],
      ['proposeProject', { ...PROJECT, marking: { releaseTo: ['US'] }, commandId }],
      ['declareStock', { ...STOCK, commandId }],
      ['foundGroup', { name: 'G', members: [], commandId }],
      ['reviseProject', { id: recordId, title: 'Three', commandId: onRecord }],
      ['reviseProject', { id: recordId, title: 'Three', commandId }],
      ['reviseProject', { id: project, title: 'Two', commandId: onRecord }],
      ['endorseProject', { id: recordId, commandId: onRecord }],
      ['withdrawDeclaration', { id: declaration, reason: 'x', commandId: onRecord }],
    ];
    await recordingNothing(async () => {
      for (const [mutation, input] of reused) {
        expect({ mutation, input, outcome: await japan.command(mutation, input) }).toMatchObject({
          outcome: { accepted: false, code: 'COMMAND.ID_REUSED' },
        });
      }
    });
  });

  it('with a malformed commandId, or one of the platform’s own, is refused', () =>
    recordingNothing(async () => {
      for (const wrong of [
        '',
        ' ',
        'a b',
        'x'.repeat(65),
        'é',
        'a\u0000',
        'a\n',
        '"',
        '../x',
        're:1:2',
        'due:1',
        'act:1',
      ])
        await refusedFor('commandId', 'proposeProject', { ...PROJECT, commandId: wrong });
    }));
});

describe('A cursor or a position', () => {
  const LIST =
    'query ($after: Cursor, $atLeast: Position, $order: ProjectOrder) { projects(after: $after, atLeast: $atLeast, orderBy: $order, first: 1) { pageInfo { endCursor } } }';
  const fixed = (answer: Answer) => [answer.status, codeOf(answer), errorsOf(answer)[0]?.message];
  const REFUSED = [
    400,
    'BAD_CURSOR',
    'The cursor or position is not one of ours for this question. Start again without it.',
  ];

  it('that this platform did not make for this question has one fixed answer', async () => {
    const cursorOf = async (variables: object) =>
      (await japan.query<{ projects: { pageInfo: { endCursor: string } } }>(LIST, { atLeast: latest, ...variables }))
        .projects.pageInfo.endCursor;
    const cursor = await cursorOf({});
    const byTitle = await cursorOf({ order: { field: 'TITLE' } });
    const shifted = [...cursor].flatMap((char, at) =>
      at % 7 === 0 ? [`${cursor.slice(0, at)}${char === 'A' ? 'B' : 'A'}${cursor.slice(at + 1)}`] : [],
    );
    const wrong = [
      '',
      'x',
      '0',
      'null',
      Buffer.from('["project",null]').toString('base64'),
      `${cursor}=`,
      `${cursor}A`,
      cursor.slice(1),
      cursor.slice(0, -1),
      byTitle,
      latest,
      'A'.repeat(5000),
      ...shifted,
    ];
    for (const after of wrong) expect([after, fixed(await ask(LIST, { after }))]).toEqual([after, REFUSED]);
    for (const atLeast of [...wrong, cursor])
      if (atLeast !== latest) expect([atLeast, fixed(await ask(LIST, { atLeast }))]).toEqual([atLeast, REFUSED]);
    expect(fixed(await ask(LIST, { after: cursor, order: { field: 'TITLE' } }))).toEqual(REFUSED);
    expect(fixed(await ask(LIST, { after: byTitle, order: { field: 'TITLE', direction: 'DESC' } }))).toEqual(REFUSED);
    expect(
      fixed(await ask('query ($after: Cursor) { pledges(after: $after) { totalCount } }', { after: cursor })),
    ).toEqual(REFUSED);
  });

  it('of a list is none of a subscription', async () => {
    const cursor = (await japan.query<{ projects: { pageInfo: { endCursor: string } } }>(LIST)).projects.pageInfo
      .endCursor;
    for (const after of [cursor, latest, 'x', '']) {
      const changes = japan.subscribe('subscription ($after: Cursor) { projectChanged(after: $after) { cursor } }', {
        after,
      });
      await expect(changes.next()).rejects.toMatchObject({ code: 'BAD_CURSOR' });
    }
  });
});

describe('A list', () => {
  it('is asked for 1 to 200 items, in a declared order, by declared fields', async () => {
    const lists = rootFields(schema).filter(({ field }) => field.args.some(({ name }) => name === 'first'));
    expect(lists.map(({ field }) => field.name)).toEqual(
      expect.arrayContaining(['projects', 'pledges', 'stockDeclarations', 'materials', 'members', 'groups']),
    );
    for (const { field } of lists) {
      const asked = (args: string) => ask(`{ ${field.name}(${args}) { __typename } }`);
      for (const first of [0, -1, 201, 2_147_483_647]) {
        const answer = await asked(`first: ${first}`);
        expect([field.name, first, answer.status, codeOf(answer), errorsOf(answer)[0]?.extensions?.field]).toEqual([
          field.name,
          first,
          400,
          'BAD_INPUT',
          'first',
        ]);
      }
      for (const first of [1, 200]) expect(await asked(`first: ${first}`)).toMatchObject({ status: 200 });
      for (const args of [
        'first: 2147483648',
        'first: "1"',
        'first: 1.5',
        'orderBy: { field: SECRET }',
        'orderBy: { field: TITLE, direction: UP }',
        'filter: { secret: ["x"] }',
        'filter: { marking: { owner: "US" } }',
        'where: {}',
      ]) {
        const answer = await asked(args);
        expect([field.name, args, answer.status, errorsOf(answer).length > 0]).toEqual([field.name, args, 400, true]);
      }
    }
  });
});

/** How many inputs each mutation and each query gets: others in each run, and many of them by `npm run test:input`. */
const INPUTS = Number(process.env['LODESTONE_INPUTS'] ?? 10);

describe('Whatever is sent', () => {
  const junk = fc.oneof(
    fc.constantFrom(
      '',
      ' ',
      '0',
      '1',
      '-1',
      'JP',
      'US',
      'EUR',
      'gallium',
      '2026-01-01',
      '9999-12-31',
      'PUBLIC',
      'MEMBERS',
      ABSENT,
      '\u0000',
      '\ud800',
      "'; DROP TABLE x; --",
      '%',
      '__proto__',
      'constructor',
      '{}',
      '𝕏'.repeat(70),
    ),
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.stringMatching(/^\d{1,18}(\.\d{1,8})?$/),
  );
  const anything = fc.oneof(
    junk,
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(junk, { maxLength: 3 }),
    fc.dictionary(fc.string({ maxLength: 10 }), junk, { maxKeys: 3 }),
  );

  /** Values that mostly have the right shape, so that the garbage reaches further in. */
  const valueOf = (type: GraphQLInputType): fc.Arbitrary<unknown> => {
    const of = getNullableType(type);
    const shaped = (): fc.Arbitrary<unknown> => {
      if (isListType(of)) return fc.array(valueOf(of.ofType as GraphQLInputType), { maxLength: 4 });
      if (isEnumType(of)) return fc.constantFrom(...of.getValues().map(({ name }) => name));
      if (isInputObjectType(of)) return inputs(of);
      if (of.name === 'Int') return fc.oneof(fc.integer({ min: -5, max: 2100 }), fc.integer());
      if (of.name === 'Boolean') return fc.boolean();
      if (of.name === 'ID')
        return fc.oneof(
          {
            weight: 3,
            arbitrary: fc
              .constantFrom('project', 'pledge', 'declaration')
              .map((kind) => ({ project, pledge, declaration })[kind]),
          },
          { weight: 1, arbitrary: junk },
        );
      return junk;
    };
    return fc.oneof({ weight: 14, arbitrary: shaped() }, { weight: 1, arbitrary: anything });
  };
  const inputs = (type: ReturnType<typeof inputOf>): fc.Arbitrary<Record<string, unknown>> => {
    const fields = Object.values(type.getFields());
    return fc.record(Object.fromEntries(fields.map(({ name, type: of }) => [name, valueOf(of)])), {
      requiredKeys: fields.filter(({ type: of }) => isNonNullType(of)).map(({ name }) => name),
    });
  };
  const isAnswered = (answer: Answer): void => {
    expect(answer.status).toBeLessThan(500);
    expect(answer.body).not.toMatch(/INTERNAL|[Ss]tack|node_modules|syntax error at|lodestone\./);
    JSON.parse(answer.body);
  };

  it('to a mutation is refused or recorded, and never a fault of ours', async () => {
    const run = async (field: ReturnType<typeof mutations>[number]): Promise<void> => {
      const document = operationOn({ operation: 'mutation', field });
      await fc.assert(
        fc.asyncProperty(inputs(inputOf(field)), fc.boolean(), async (input, asSecretariat) => {
          isAnswered(await (asSecretariat ? askAsSecretariat : ask)(document, { input }));
        }),
        { numRuns: INPUTS, endOnFailure: true },
      );
    };
    await Promise.all(mutations(schema).map(run));
  });

  it('to a query is answered or refused, and never a fault of ours', async () => {
    for (const { operation, field } of rootFields(schema)) {
      if (operation !== 'query' || field.args.length === 0) continue;
      const selection = getNamedType(field.type).name.endsWith('Connection')
        ? '{ totalCount edges { cursor } }'
        : selectionOf(field.type);
      const document = operationOn({ operation, field }, selection);
      const variables = fc.record(Object.fromEntries(field.args.map(({ name, type }) => [name, valueOf(type)])), {
        requiredKeys: [],
      });
      await fc.assert(
        fc.asyncProperty(variables, async (given) => isAnswered(await ask(document, given))),
        { numRuns: INPUTS, endOnFailure: true },
      );
    }
  });

  it('leaves the read models following: what is recorded afterwards shows', async () => {
    const { position } = await done(japan, 'proposeProject', PROJECT);
    for (const list of ['projects', 'pledges', 'stockDeclarations', 'groups', 'materials', 'members']) {
      expect(await ask(`query ($p: Position) { ${list}(atLeast: $p) { totalCount } }`, { p: position })).toMatchObject({
        status: 200,
      });
    }
  });
});
