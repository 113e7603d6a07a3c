import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isNonNullType,
  isObjectType,
  isScalarType,
  type GraphQLField,
} from 'graphql';
import {
  inputFor,
  inputOf,
  mutations,
  operationOn,
  rootFields,
  valueFor,
  WELL_FORMED,
} from '../../acceptance/support/from-schema.js';
import { listsOf, type Stage } from '../worlds/stage.js';
import {
  FRIEND,
  FIGURE,
  hide,
  KEEPER,
  nowhere,
  OUTSIDER,
  OWNER,
  pledge,
  PROJECT,
  propose,
  expectOfSchema,
  sameAsAbsent,
  stock,
  STOCK,
  told,
} from './cast.js';

export const existenceAndCounts = (stage: () => Stage): void =>
  describe('Existence and counts', () => {
    let visible: string;
    let hidden: Readonly<Record<string, string>>;
    const material = 'ore-hidden-one';
    const ask = (query: string, variables: Record<string, unknown>) => stage().ask(OUTSIDER)(query, variables);

    beforeAll(async () => {
      visible = await propose(stage(), ['PUBLIC']);
      hidden = await hide(stage(), visible);
      await stage().done(KEEPER, 'registerMaterial', {
        code: material,
        name: 'Hidden',
        group: 'hidden family',
        hsCodes: [],
        marking: { releaseTo: ['KR'] },
      });
      await stage().shown();
    });

    it('attack case 1: what is hidden is answered as what is absent, byte for byte, by every query that names one thing', async () => {
      const one = rootFields(stage().schema).filter(
        ({ operation, field }) =>
          operation === 'query' && field.args.some(({ name }) => name === 'id' || name === 'code'),
      );
      expect(one.length).toBeGreaterThanOrEqual(2);
      for (const root of one) {
        const name = root.field.args.find((each) => each.name === 'id' || each.name === 'code')!.name;
        for (const id of [...Object.values(hidden), material]) {
          const absent = id === material ? 'ore-absent-one' : nowhere();
          const answer = await sameAsAbsent(id, absent, (each) =>
            ask(operationOn(root), { ...neededBy(root.field), [name]: each }),
          );
          expect(answer.body).toBe(`{"data":{"${root.field.name}":null}}`);
        }
      }
    });

    it('attack case 3: a natural key that is taken by what is hidden is as good as a fresh one', async () => {
      for (const mutation of ['revokeRole', 'grantRole']) {
        const known = nowhere();
        await stage().done(FRIEND, 'grantRole', { person: known, role: 'LIAISON' });
        const input = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
        const document = `mutation ($input: ${input}!) { ${mutation}(input: $input) {
          __typename ... on CommandAccepted { recorded revision } ... on CommandRejected { code message details } } }`;
        const answer = await sameAsAbsent(known, nowhere(), (person) =>
          ask(document, { input: { person, role: 'LIAISON' } }),
        );
        expect(answer.body).toContain('"recorded":true');
      }
      // The id of a command is a key of its party's own as well.
      const commandId = 'the-same-for-both';
      const own = await stage().done(OWNER, 'proposeProject', { ...PROJECT, commandId });
      expect(await stage().done(OUTSIDER, 'proposeProject', { ...PROJECT, commandId })).not.toBe(own);
      const listed = `mutation ($code: String!) { listMaterial(input: { code: $code, list: JP_CRITICAL, since: "2026-01-01" }) {
        __typename ... on CommandRejected { code message details } } }`;
      await sameAsAbsent(material, 'ore-absent-one', (code) => ask(listed, { code }));
    });

    it('attack case 4: a link to what is hidden is refused as a link to nothing', async () => {
      const outcome = `{ __typename ... on CommandAccepted { recorded } ... on CommandRejected { code message details } }`;
      const links = mutations(stage().schema).flatMap((field) =>
        Object.values(inputOf(field).getFields())
          .filter(({ name, type }) => getNamedType(type).name === 'ID' && !['commandId', 'person'].includes(name))
          .map(({ name }) => ({ field, name })),
      );
      expect(links.length).toBeGreaterThanOrEqual(17);
      for (const { field, name } of links) {
        for (const id of Object.values(hidden)) {
          const answer = await sameAsAbsent(id, nowhere(), (each) =>
            ask(operationOn({ operation: 'mutation', field }, outcome), {
              input: { ...inputFor(inputOf(field), { ...WELL_FORMED, country: 'JP' }), [name]: each },
            }),
          );
          // What is said of alerts that there are not is accepted as well.
          if (field.name !== 'answerAlerts') expect(answer.body).toMatch(/NOT_FOUND|ACCESS\.DENIED/);
        }
      }
      const proposed = (input: object) =>
        ask(`mutation ($input: ProposeProjectInput!) { proposeProject(input: $input) ${outcome} }`, {
          input: { ...PROJECT, hostCountry: 'JP', ...input },
        });
      await sameAsAbsent(material, 'ore-absent-one', (code) => proposed({ materials: [code] }));
      await sameAsAbsent(hidden['group']!, nowhere(), (group) => proposed({ marking: { releaseTo: [group] } }));
      await sameAsAbsent(material, 'ore-absent-one', (code) =>
        ask(`mutation ($input: DeclareStockInput!) { declareStock(input: $input) ${outcome} }`, {
          input: { ...STOCK, material: code },
        }),
      );
    });

    it('attack case 5: counts, pages and their ends are those of what is visible, and stay when more is hidden', async () => {
      type Page = {
        list: { totalCount: number; nodes: object[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
      };
      const walked = async (list: string): Promise<readonly (string | number | boolean)[]> => {
        const seen: (string | number | boolean)[] = [];
        let items = 0;
        for (let after: string | null = null; ;) {
          const page: Page = await told<Page>(
            stage(),
            OUTSIDER,
            `query ($after: Cursor) { list: ${list}(first: 2, after: $after) { totalCount nodes { __typename } pageInfo { hasNextPage endCursor } } }`,
            { after },
          );
          items += page.list.nodes.length;
          seen.push(page.list.totalCount, page.list.nodes.length, page.list.pageInfo.hasNextPage);
          after = page.list.pageInfo.endCursor;
          if (page.list.pageInfo.hasNextPage) expect(page.list.nodes).toHaveLength(2);
          else {
            expect(page.list.totalCount).toBe(items);
            return seen;
          }
        }
      };
      const lists = listsOf(stage().schema);
      expect(lists.length).toBeGreaterThanOrEqual(6);
      const before = await Promise.all(lists.map(walked));
      for (let times = 0; times < 5; times++) await hide(stage(), visible);
      await stage().shown();
      expect(await Promise.all(lists.map(walked))).toEqual(before);
    });

    it('attack case 6: no value that only something hidden has is in a sum, a share or a suggestion', async () => {
      await pledge(stage(), visible, ['KR'], { currency: 'CHF' });
      await stage().done(KEEPER, 'reportProduction', { ...FIGURE, country: 'AQ', marking: { releaseTo: ['KR'] } });
      await stage().done(KEEPER, 'reportProduction', { ...FIGURE, country: 'ZA', marking: { releaseTo: ['PUBLIC'] } });
      await stage().shown();
      const everything = `query ($id: ID!) { project(id: $id) { funding { currency pledged count } }
        material(code: "gallium") { production { country } concentration { recorded largestSupplier { country } shares { country share } } }
        materials(first: 200) { nodes { code group name hsCodes } } }`;
      const { body } = await ask(everything, { id: visible });
      for (const secret of ['CHF', '"AQ"', material, 'hidden family']) expect(body).not.toContain(secret);
      expect(body).toContain('"ZA"');
      expect((await stage().ask(FRIEND)(everything, { id: visible })).body).toMatch(/CHF.*"AQ".*hidden family/s);
      for (const wrong of [
        '{ material(cod: "x") { code } }',
        `{ project(id: "${hidden['project']!.slice(0, 8)}") { id titel } }`,
      ])
        expectOfSchema((await ask(wrong, {})).body, stage().schema);
    });

    it('attack case 7: a hidden link shows at neither of its visible ends', async () => {
      const seen = await told<{
        project: { pledges: object[]; funding: { currency: string }[] };
        pledges: { totalCount: number };
      }>(
        stage(),
        OUTSIDER,
        'query ($id: ID!) { project(id: $id) { pledges { id } funding { currency } } pledges(filter: { projectId: [$id] }) { totalCount } }',
        { id: visible },
      );
      expect(seen).toEqual({ project: { pledges: [], funding: [] }, pledges: { totalCount: 0 } });
      // Two countries in one group that is visible to both, and hides its members from each other.
      const group = await stage().done(OWNER, 'foundGroup', { name: 'Apart', members: ['JP', 'KR'] });
      await stage().shown();
      type Groups = { groups: { nodes: { id: string; members: { country: string }[] }[] } };
      for (const [who, country] of [
        [OUTSIDER, 'JP'],
        [FRIEND, 'KR'],
      ] as const) {
        const { groups } = await told<Groups>(stage(), who, '{ groups { nodes { id members { country } } } }');
        const members = groups.nodes.find(({ id }) => id === group)!.members.map((each) => each.country);
        expect(members.toSorted()).toEqual([country, 'US'].toSorted());
      }
    });

    it('attack case 8: ids, revisions, cursors and positions do not count what is hidden', async () => {
      const own = await propose(stage(), ['US'], { hostCountry: 'JP' }, OUTSIDER);
      type Accepted = { outcome: { recordId: string; revision: number; position: string } };
      const revised = async (title: string): Promise<Accepted['outcome']> =>
        (
          await told<Accepted>(
            stage(),
            OUTSIDER,
            'mutation ($input: ReviseProjectInput!) { outcome: reviseProject(input: $input) { ... on CommandAccepted { recordId revision position } } }',
            { input: { id: own, title } },
          )
        ).outcome;
      const first = await revised('One');
      for (let times = 0; times < 20; times++) await pledge(stage(), own, []);
      const second = await revised('Two');
      expect([first.revision, second.revision]).toEqual([1, 2]);
      expect(second.position).toHaveLength(first.position.length);
      await stage().shown();
      type Page = { projects: { edges: { cursor: string; node: { id: string } }[] } };
      const { projects } = await told<Page>(
        stage(),
        OUTSIDER,
        '{ projects(first: 200) { edges { cursor node { id } } } }',
      );
      expect(new Set(projects.edges.map(({ cursor }) => cursor.length)).size).toBe(1);
      for (const { node, cursor } of projects.edges) {
        expect(node.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[45]/);
        expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.toContain(node.id);
      }
    });

    it('attack case 9: no answer tells its cost', async () => {
      const asked = await ask('{ projects { totalCount nodes { pledges { id } } } }', {});
      expect(Object.keys(JSON.parse(asked.body) as object)).toEqual(['data']);
      const before = asked.headers;
      await hide(stage(), visible);
      await stage().shown();
      expect((await ask('{ projects { totalCount nodes { pledges { id } } } }', {})).headers).toEqual(before);
      expect(Object.keys(before).filter((name) => /cost|time|timing|duration|query/i.test(name))).toEqual([]);
    });

    const neededBy = (field: GraphQLField<unknown, unknown>): Record<string, unknown> =>
      Object.fromEntries(
        field.args
          // Of a record as of a time, one of two ways to say the time is needed.
          .filter(({ name, type }) => isNonNullType(type) || name === 'at')
          .map(({ name, type }) => [name, name === 'at' ? new Date().toISOString() : valueFor(type, WELL_FORMED)]),
      );
    const nodeOf = (list: string) => {
      const connection = getNamedType(stage().schema.getQueryType()!.getFields()[list]!.type);
      const nodes = isObjectType(connection) ? getNamedType(connection.getFields()['nodes']!.type) : null;
      return isObjectType(nodes) ? nodes.getFields() : {};
    };
    const argumentOf = (list: string, name: string) => {
      const type = getNamedType(
        stage()
          .schema.getQueryType()!
          .getFields()
          [list]!.args.find((each) => each.name === name)?.type,
      );
      return isInputObjectType(type) ? type.getFields() : {};
    };
    const camelCase = (name: string): string =>
      name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

    it('attack case 10: nothing is sorted by what is not shown', async () => {
      for (const list of listsOf(stage().schema)) {
        const by = getNamedType(argumentOf(list, 'orderBy')['field']?.type);
        for (const { name } of isEnumType(by) ? by.getValues() : []) {
          const shown = nodeOf(list)[camelCase(name)];
          expect([list, name, shown && getNamedType(shown.type)]).toEqual([list, name, expect.anything()]);
          const type = getNamedType(shown!.type);
          expect(isScalarType(type) || isEnumType(type)).toBe(true);
        }
        const refused = await ask(`{ ${list}(orderBy: { field: RELEASE_TO }) { totalCount } }`, {});
        expect([list, refused.status, refused.body.includes('"data"')]).toEqual([list, 400, false]);
      }
      // A correction that waits is larger than the figure that is shown: the order is that of the figures shown.
      const [few, many] = [
        await stock(stage(), ['JP'], { quantity: '100001' }),
        await stock(stage(), ['JP'], { quantity: '100002' }),
      ];
      await stage().done(OWNER, 'correctDeclaration', { id: few, quantity: '100003', reason: 'x' });
      await stage().shown();
      const { list } = await told<{ list: { nodes: { id: string }[] } }>(
        stage(),
        OUTSIDER,
        '{ list: stockDeclarations(orderBy: { field: QUANTITY, direction: DESC }, first: 2) { nodes { id } } }',
      );
      expect(list.nodes.map(({ id }) => id)).toEqual([many, few]);
    });

    it('attack case 11: nothing is filtered by what is not shown', async () => {
      for (const list of listsOf(stage().schema))
        for (const name of Object.keys(argumentOf(list, 'filter'))) {
          // By the field itself, by a part of it (`sourceId`), or by whether it has a value (`acknowledged`).
          const isShown =
            Object.keys(nodeOf(list)).some((field) => field.startsWith(name) || name.startsWith(field)) ||
            // As the kind within `about`, and as `at`.
            ['comments.target', 'alerts.from', 'alerts.to'].includes(`${list}.${name}`);
          expect([list, name, isShown]).toEqual([list, name, true]);
        }
      for (const filter of [
        '{ marking: { releaseTo: ["KR"] } }',
        '{ pendingCorrection: { quantity: "1" } }',
        '{ quantity: { from: "1" } }',
        '{ owner: { secret_gt: 5 } }',
      ])
        expect((await ask(`{ stockDeclarations(filter: ${filter}) { totalCount } }`, {})).status).toBe(400);
      // The day of a correction that waits is not found by halving the range.
      const id = await stock(stage(), ['JP'], { asOf: '2019-05-05' });
      await stage().done(OWNER, 'correctDeclaration', { id, asOf: '2018-03-03', reason: 'x' });
      await stage().shown();
      const within = async (from: string, to: string): Promise<number> =>
        (
          await told<{ list: { totalCount: number } }>(
            stage(),
            OUTSIDER,
            'query ($asOf: DayRangeInput) { list: stockDeclarations(filter: { asOf: $asOf }) { totalCount } }',
            { asOf: { from, to } },
          )
        ).list.totalCount;
      expect([await within('2018-01-01', '2018-12-31'), await within('2019-05-05', '2019-05-05')]).toEqual([0, 1]);
    });

    it('attack case 12: sums are over what is shown, and over nothing else', async () => {
      const id = await propose(stage(), ['PUBLIC']);
      for (const [amount, releaseTo] of [
        ['3', ['JP']],
        ['4', ['PUBLIC']],
        ['1000', ['KR']],
        ['2000', []],
      ] as const)
        await pledge(stage(), id, releaseTo, { amount });
      await stage().shown();
      type Seen = { project: { funding: { pledged: string; count: number }[]; pledges: { amount: string }[] } };
      const { project } = await told<Seen>(
        stage(),
        OUTSIDER,
        'query ($id: ID!) { project(id: $id) { funding { pledged count } pledges { amount } } }',
        { id },
      );
      expect(project.pledges.map(({ amount }) => amount).toSorted()).toEqual(['3', '4']);
      expect(project.funding).toEqual([{ pledged: '7', count: 2 }]);
      for (const sum of ['max', 'min', 'avg', 'sum', 'aggregate', 'groupBy'])
        expect((await ask(`{ pledges { ${sum} { amount } } }`, {})).status).toBe(400);
    });

    it('attack case 13: what is not told is not told under another name, in a fragment or behind a directive', async () => {
      const id = await stock(stage(), ['JP', 'KR']);
      await stage().done(OWNER, 'correctDeclaration', { id, quantity: '8', reason: 'Secret correction' });
      await stage().shown();
      const ways = [
        'marking { releaseTo } pendingCorrection { reason }',
        'marking { other: releaseTo } other: pendingCorrection { reason }',
        '... on StockDeclaration { marking { releaseTo } pendingCorrection { reason } }',
        '...all',
        'marking { releaseTo @include(if: true) } pendingCorrection @skip(if: false) { reason }',
        '... @include(if: true) { marking { releaseTo } pendingCorrection { ... on PendingCorrection { reason } } }',
      ];
      const answers = await Promise.all(
        ways.map((way) =>
          ask(
            `{ stockDeclarations(first: 200) { nodes { id ${way} } } }${way === '...all' ? ' fragment all on StockDeclaration { marking { releaseTo } pendingCorrection { reason } }' : ''}`,
            {},
          ),
        ),
      );
      for (const { status, body } of answers) {
        expect(status).toBe(200);
        expect(body).toContain(id);
        expect(body).not.toMatch(/Secret correction|"KR"/);
      }
      expect((await stage().ask(OWNER)(`{ stockDeclarations(first: 200) { nodes { ${ways[0]} } } }`)).body).toMatch(
        /Secret correction/,
      );
    });

    it('attack case 14: what is withheld looks the same whatever it is', async () => {
      const ids = [await stock(stage(), ['JP']), await stock(stage(), ['JP', 'KR', 'FR', 'MEMBERS'], {})];
      await stage().done(OWNER, 'correctDeclaration', { id: ids[1]!, quantity: '70', reason: 'x' });
      await stage().shown();
      const { list } = await told<{ list: { nodes: { id: string }[] } }>(
        stage(),
        OUTSIDER,
        '{ list: stockDeclarations(first: 200) { nodes { id marking { owner releaseTo } pendingCorrection { quantity } quantity } } }',
      );
      const [one, other] = ids.map((id) => ({ ...list.nodes.find((each) => each.id === id)!, id: '' }));
      expect(one).toEqual(other);
    });
  });
