import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { getNamedType, isEnumType, isNonNullType, type GraphQLInputObjectType } from 'graphql';
import {
  inputFor,
  inputOf,
  mutations,
  operationOn,
  rootFields,
  valueFor,
  WELL_FORMED,
} from '../acceptance/support/from-schema.js';
import type { Person } from '../acceptance/support/answers.js';
import { FRIEND, hide, nowhere, OUTSIDER, OWNER, propose } from './attack-cases/cast.js';
import { compared, toldApart, type Comparison, type Route } from './attack-cases/mann-whitney.js';
import { HiddenRows } from './worlds/hidden-rows.js';
import { Stage } from './worlds/stage.js';

jest.setTimeout(60_000);

describe('The statistic of attack case 2', () => {
  /** Times of a busy machine: skewed, with a long tail, and drifting. */
  let now = 0;
  const busy = (extra: number) => (): Promise<number> => {
    now++;
    return Promise.resolve(10 + Math.sin(now / 50) * 3 - Math.log(Math.random()) * 4 + extra);
  };
  const measure = async (call: () => Promise<unknown>): Promise<number> => (await call()) as number;
  const route = (name: string, extra: number): Route => ({ name, hidden: busy(extra), absent: busy(0) });
  const calls = { first: 200, further: 1_000 };

  it('tells apart what differs, however busy the machine is', async () => {
    const told = await toldApart([route('slow', 3), route('fast', -3)], calls, undefined, measure);
    expect(told.map(({ name }) => name)).toEqual(['slow', 'fast']);
  });
  it('tells nothing apart by chance, of many that are alike', async () => {
    const alike = Array.from({ length: 100 }, (_, at) => route(`${at}`, 0));
    expect(await toldApart(alike, calls, undefined, measure)).toEqual([]);
  });
  it('is half and certain for samples that are the same', () => {
    expect(compared([1, 2, 3], [1, 2, 3])).toMatchObject({ auc: 0.5, medians: [2, 2] });
    expect(compared([1, 2, 3], [1, 2, 3]).p).toBeCloseTo(1, 2);
    expect(compared([4, 5, 6], [1, 2, 3]).auc).toBe(1);
  });
});

/** What was seen of every route, the most telling first: for whoever reads the run. */
class Looks {
  readonly #looks: { readonly name: string; readonly comparison: Comparison }[] = [];
  readonly note = ({ name }: Route, comparison: Comparison): void => void this.#looks.push({ name, comparison });

  print(): void {
    const telling = this.#looks.toSorted((a, b) => a.comparison.p - b.comparison.p).slice(0, 12);
    const lines = telling.map(
      ({ name, comparison: { medians, auc, p } }) =>
        `${name.padEnd(70)} ${medians.map((each) => each.toFixed(2)).join(' : ')} ms, AUC ${auc.toFixed(2)}, p ${p.toExponential(0)}`,
    );
    console.log([`${this.#looks.length} routes, hidden : absent, the most telling first`, ...lines].join('\n'));
  }
}

// Takes many minutes, so `npm run test:access` asks it; what it rests on is counted in `flat.spec.ts` and the specs of the
// record gateway, which `npm test` runs.
const timed = process.env['LODESTONE_PAIRS'] === undefined ? describe.skip : describe;
const CALLS = { first: 100, further: Number(process.env['LODESTONE_CALLS'] ?? 500) };
const HOUR = 3_600_000;

timed('Attack case 2: time does not tell what is hidden from what is absent', () => {
  it(
    'by any filter of any list, in any order, counted or not',
    async () => {
      const rows = await HiddenRows.laid(100, 20_000);
      const reads = rows.reads();
      const looks = new Looks();
      try {
        const routes = HiddenRows.contrasts().map(({ name, hidden, unknown }) => ({
          name,
          hidden: () => hidden(reads),
          absent: () => unknown(reads),
        }));
        expect(await toldApart(routes, CALLS, looks.note)).toEqual([]);
      } finally {
        looks.print();
        await reads.close();
        await rows.stop();
      }
    },
    HOUR,
  );

  describe('by anything that names one record, whether it is short or long', () => {
    /** How often the long records have been changed. */
    const CHANGES = 150;
    const KINDS = { project: 'PROJECT', pledge: 'PLEDGE', stockDeclaration: 'STOCK_DECLARATION' };
    let stage: Stage;
    let tried: Readonly<Record<string, string>>;
    let hidden: Readonly<Record<'short' | 'long', Readonly<Record<string, string>>>>;
    const ask = (who: Person, query: string, variables: Record<string, unknown>) => stage.ask(who)(query, variables);

    beforeAll(async () => {
      stage = await Stage.set();
      const visible = await propose(stage, ['PUBLIC']);
      tried = await hide(stage, visible);
      hidden = { short: await hide(stage, visible), long: await hide(stage, visible) };
      for (let times = 0; times < CHANGES; times++) {
        const isEven = times % 2 === 0;
        const reason = `Change ${times}`;
        for (const [name, kind] of Object.entries(KINDS)) {
          const marking = { releaseTo: ['KR'], ...(isEven && { displayOnlyTo: ['FR'] }) };
          await stage.done(OWNER, 'changeMarking', { kind, id: hidden.long[name], marking, reason });
        }
        const inGroup = { id: hidden.long['group'], country: 'FR', ...(!isEven && { reason }) };
        await stage.done(OWNER, isEven ? 'admitToGroup' : 'removeFromGroup', inGroup);
      }
      await stage.shown();
    }, HOUR);
    afterAll(() => stage?.stop());

    /** A way to name a record, as a request of somebody about it. */
    type Way = { readonly name: string; readonly ask: (who: Person, id: string) => Promise<{ body: string }> };
    const queries = (): readonly Way[] =>
      rootFields(stage.schema)
        .filter(({ operation, field }) => operation === 'query' && field.args.some(({ name }) => name === 'id'))
        .map((root) => {
          const needed = Object.fromEntries(
            root.field.args
              .filter(({ name, type }) => isNonNullType(type) || name === 'at')
              .map(({ name, type }) => [name, name === 'at' ? new Date().toISOString() : valueFor(type, WELL_FORMED)]),
          );
          return {
            name: root.field.name,
            ask: (who, id) => ask(who, operationOn(root), { ...needed, id }),
          };
        });
    const commands = (): readonly Way[] =>
      mutations(stage.schema).flatMap((field) => {
        const input = inputOf(field);
        const document = operationOn(
          { operation: 'mutation', field },
          '{ __typename ... on CommandRejected { code message details } }',
        );
        return Object.values(input.getFields())
          .filter(({ name, type }) => getNamedType(type).name === 'ID' && !['commandId', 'person'].includes(name))
          .flatMap(({ name }) =>
            kindsOf(input).map((kind): Way => {
              const given = { ...inputFor(input, { ...WELL_FORMED, country: 'JP' }), ...kind };
              return {
                name: `${field.name}(${name})`,
                ask: (who, id) => ask(who, document, { input: { ...given, [name]: id } }),
              };
            }),
          );
      });
    /** Where a command says of what kind the record is that it names, each kind. */
    const kindsOf = (input: GraphQLInputObjectType): readonly { readonly kind?: string }[] => {
      const type = getNamedType(input.getFields()['kind']?.type);
      return isEnumType(type) && type.name === 'RecordKind'
        ? type.getValues().map(({ name }) => ({ kind: name }))
        : [{}];
    };

    /** Each way and each kind of record that it can name: who may see the record is told something else of it. */
    const routes = async (ways: readonly Way[]): Promise<readonly Route[]> => {
      const found: Route[] = [];
      for (const way of ways) {
        for (const kind of Object.keys(tried)) {
          const absent = nowhere();
          const [of, ofAbsent] = [await way.ask(FRIEND, tried[kind]!), await way.ask(FRIEND, absent)];
          if (of.body.replaceAll(tried[kind]!, '') === ofAbsent.body.replaceAll(absent, '')) continue;
          for (const length of ['short', 'long'] as const)
            found.push({
              name: `${way.name} of a ${length} ${kind}`,
              hidden: () => way.ask(OUTSIDER, hidden[length][kind]!),
              absent: () => way.ask(OUTSIDER, nowhere()),
            });
        }
      }
      return found;
    };

    it.each([
      ['query', queries, 10],
      ['command', commands, 20],
    ] as const)(
      'by any %s',
      async (_, ways, least) => {
        const looks = new Looks();
        try {
          const all = await routes(ways());
          expect(all.length).toBeGreaterThanOrEqual(least);
          expect(await toldApart(all, CALLS, looks.note)).toEqual([]);
        } finally {
          looks.print();
        }
      },
      HOUR,
    );
  });
});
