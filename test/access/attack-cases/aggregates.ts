import { randomInt } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { absent, vocabularyOf } from '../worlds/vocabulary.js';
import { readQuestions } from '../worlds/questions.js';
import { listsOf, type Stage } from '../worlds/stage.js';
import { approverOf, delegateOf } from '../worlds/people.js';
import {
  FIGURE,
  FRIEND,
  hide,
  KEEPER,
  OUTSIDER,
  OWNER,
  pledge,
  propose,
  STOCK,
  stock,
  told,
  WORLD_FIGURE,
} from './cast.js';

type Figures = {
  readonly material: {
    readonly production: readonly { readonly country: string; readonly quantity: string }[];
    readonly concentration: readonly {
      readonly recorded: string;
      readonly shares: readonly { readonly country: string; readonly quantity: string }[];
    }[];
  };
};
const FIGURES = `query ($code: String!, $country: PlaceCode) { material(code: $code) {
  production(country: $country) { country quantity } concentration { recorded shares { country quantity } } } }`;

export const aggregates = (stage: () => Stage): void =>
  describe('Aggregates', () => {
    /** A material that everybody sees, with figures of which the outsider sees all but Chile's. */
    const material = async (): Promise<string> => {
      const code = `ore-sums-${randomInt(1e9)}`;
      await stage().done(KEEPER, 'registerMaterial', { code, name: 'Sums', group: 'minor metals', hsCodes: [] });
      for (const [country, quantity] of [
        ['US', '100'],
        ['KR', '20'],
        ['FR', '3'],
      ] as const)
        await stage().done(KEEPER, 'reportProduction', { ...FIGURE, material: code, country, quantity });
      return code;
    };
    const hideFigure = (code: string) =>
      stage().done(KEEPER, 'reportProduction', {
        ...FIGURE,
        material: code,
        country: 'CL',
        quantity: '4000',
        marking: { releaseTo: ['KR'] },
      });

    it('attack case 15: a hidden figure is not the difference of two sums', async () => {
      const code = await material();
      await hideFigure(code);
      await stage().shown();
      const { material: whole } = await told<Figures>(stage(), OUTSIDER, FIGURES, { code });
      expect(whole.concentration.map(({ recorded }) => recorded)).toEqual(['123']);
      const countries = ['US', 'KR', 'FR', 'CL', 'BR'];
      const parts = await Promise.all(
        countries.map(
          async (country) => (await told<Figures>(stage(), OUTSIDER, FIGURES, { code, country })).material.production,
        ),
      );
      const sum = parts.flat().reduce((total, { quantity }) => total + Number(quantity), 0);
      expect([sum, parts[countries.indexOf('CL')]]).toEqual([123, []]);
      expect(whole.concentration[0]!.shares.map(({ country }) => country)).toEqual(['US', 'KR', 'FR']);
      const { material: all } = await told<Figures>(stage(), FRIEND, FIGURES, { code });
      expect(all.concentration.map(({ recorded }) => recorded)).toEqual(['4123']);
    });

    it('attack case 16: a sum stays as it is when something hidden comes in or is revised', async () => {
      const code = await material();
      const project = await propose(stage(), ['PUBLIC']);
      await pledge(stage(), project, ['JP'], { amount: '7' });
      await stage().shown();
      const sums = () =>
        stage().ask(OUTSIDER)(
          `query ($code: String!, $id: ID!) { material(code: $code) { concentration { recorded total coverage totalWithin { atLeast atMost } coverageWithin { atLeast atMost } hhi hhiWithin { atLeast atMost } largestSupplier { country share isCertain shareWithin { atLeast atMost } } shares { country share quantity shareWithin { atLeast atMost } } missing { country basis shareWithin { atLeast atMost } } } worldProduction { scope quantity } }
             project(id: $id) { funding { pledged confirmed drawn count } } }`,
          { code, id: project },
        );
      const before = await sums();
      for (const quantity of ['4000', '5000']) {
        await stage().done(KEEPER, 'reportProduction', {
          ...FIGURE,
          material: code,
          country: 'CL',
          quantity,
          ...(quantity === '4000' && { marking: { releaseTo: ['KR'] } }),
        });
        await stage().done(KEEPER, 'reportWorldProduction', {
          ...WORLD_FIGURE,
          material: code,
          quantity: `${Number(quantity) + 123}`,
          ...(quantity === '4000' && { marking: { releaseTo: ['KR'] } }),
        });
        await pledge(stage(), project, ['KR'], { amount: quantity });
        await stage().shown();
        expect(await sums()).toEqual(before);
      }
    });

    describe('attack case 17: of what is for totals only', () => {
      const QUARTER = '2019-Q2';
      type Totals = {
        readonly stockTotals: {
          readonly totalCount: number;
          readonly nodes: readonly {
            readonly outcome: string;
            readonly total: string | null;
            readonly cells: readonly { readonly form: string; readonly quantity: string }[];
          }[];
        };
      };
      const FIVE = ['US', 'KR', 'FR', 'NO', 'BR'];
      const equal = (countries: readonly string[], quantity: string): Record<string, string> =>
        Object.fromEntries(countries.map((country) => [country, quantity]));

      /** What the outsider is told of a material of which this is declared for totals only, by form and country. */
      const totalOf = async (forms: Readonly<Record<string, Readonly<Record<string, string>>>>): Promise<string> => {
        const code = `ore-totals-${randomInt(1e9)}`;
        await stage().done(KEEPER, 'registerMaterial', { code, name: 'Totals', group: 'minor metals', hsCodes: [] });
        for (const [form, quantities] of Object.entries(forms))
          for (const [country, quantity] of Object.entries(quantities)) {
            const declared = { ...STOCK, material: code, form, quantity, asOf: '2019-05-01' };
            const marking = { releaseTo: ['MEMBERS'], aggregateOnly: true };
            const id = await stage().done(delegateOf(country), 'declareStock', { ...declared, marking });
            await stage().done(approverOf(country), 'approveDeclaration', { id });
          }
        await stage().done(KEEPER, 'publishStockTotal', { material: code, quarter: QUARTER });
        await stage().shown();
        const { body, status } = await stage().ask(OUTSIDER)(
          `query ($code: [String!]) { stockTotals(filter: { material: $code, quarter: ["${QUARTER}"] }) {
             totalCount nodes { outcome total cells { form quantity } marking { owner handling } } }
           stockDeclarations(filter: { material: $code }) { totalCount nodes { id } } }`,
          { code: [code] },
        );
        expect(status).toBe(200);
        expect(body).toContain('"stockDeclarations":{"totalCount":0,"nodes":[]}');
        return body;
      };
      const shown = (body: string) => (JSON.parse(body) as { data: Totals }).data.stockTotals.nodes[0]!;

      it('a total of fewer than five, or of one that holds most, is withheld as if nobody had declared', async () => {
        const ofNobody = await totalOf({});
        expect(shown(ofNobody)).toMatchObject({ outcome: 'WITHHELD', total: null, cells: [] });
        expect(await totalOf({ metal: equal(FIVE.slice(0, 4), '10') })).toBe(ofNobody);
        expect(await totalOf({ metal: { ...equal(FIVE, '10'), US: '5000' } })).toBe(ofNobody);
      });

      it('a form that one alone holds is not the total less what is shown: another form goes with it', async () => {
        const body = await totalOf({ metal: equal(FIVE, '10'), oxide: equal(FIVE, '20'), powder: { NO: '7' } });
        expect(shown(body)).toMatchObject({
          outcome: 'PUBLISHED',
          total: '157',
          cells: [{ form: 'oxide', quantity: '100' }],
        });
        expect(body).not.toContain('powder');
      });

      it('nobody else publishes a total', async () => {
        for (const who of [OUTSIDER, OWNER, FRIEND])
          expect(
            await stage().command(who, 'publishStockTotal', { material: 'gallium', quarter: QUARTER }),
          ).toMatchObject({ code: 'ACCESS.DENIED' });
      });
    });

    it('attack case 18: two ranges that differ by one hidden record give the same', async () => {
      const day = '2017-07-07';
      await stock(stage(), ['JP'], { asOf: '2017-07-06' });
      await stock(stage(), ['KR'], { asOf: day });
      await stage().shown();
      const within = (to: string) =>
        stage().ask(OUTSIDER)(
          '{ stockDeclarations(filter: { asOf: { from: "2017-01-01", to: "' +
            to +
            '" } }) { totalCount nodes { id quantity } edges { cursor } pageInfo { hasNextPage endCursor } } }',
        );
      const [without, including] = [await within('2017-07-06'), await within(day)];
      expect(including).toEqual(without);
      expect(including.body).toContain('"totalCount":1');
    });

    it('attack case 46: what is hidden does not change the order, the place or the weight of what is visible', async () => {
      const lists = () =>
        Promise.all(
          readQuestions(
            stage().schema,
            vocabularyOf(OUTSIDER, { ids: [], materials: ['gallium'], cursors: [], positions: [] }),
          )
            .filter(({ name }) => listsOf(stage().schema).some((list) => name.startsWith(`${list}(${list}_orderBy`)))
            .map((question) => stage().answers(OUTSIDER, [question], absent(stage().position))),
        );
      await stage().shown();
      const before = await lists();
      expect(before.length).toBeGreaterThanOrEqual(3);
      const visible = await stage().done(OWNER, 'proposeProject', {
        title: 'A',
        materials: ['gallium'],
        stages: ['MINING'],
        hostCountry: 'US',
      });
      for (let times = 0; times < 5; times++) await hide(stage(), visible);
      await stage().shown();
      expect(await lists()).toEqual(before);
    });
  });
