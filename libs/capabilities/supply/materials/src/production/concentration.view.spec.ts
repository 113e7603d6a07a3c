import { describe, expect, it } from '@jest/globals';
import { country, decimal, materialCode, type Stage } from '@kernel';
import { markedFor, NOW } from '@kernel/testing';
import fc from 'fast-check';
import { concentration, type Concentration } from './concentration.view.js';
import type { ProductionRow } from './production.view.js';
import type { WorldProductionRow } from './world-production.view.js';

const common = {
  material: materialCode('gallium'),
  year: 2025,
  stage: 'REFINING' as Stage,
  basis: 'ESTIMATED' as const,
  source: 'USGS MCS 2026',
  marking: markedFor('SECRETARIAT', 'PUBLIC'),
  reportedAt: NOW,
};
const row = (code: string, quantity: string, change: Partial<ProductionRow> = {}): ProductionRow => ({
  ...common,
  country: country(code),
  quantity: decimal(quantity),
  ...change,
});
const withheld = (code: string): ProductionRow => ({ ...common, country: country(code), basis: 'WITHHELD' });
const aggregate =
  (scope: WorldProductionRow['scope']) =>
  (quantity: string, change: Partial<WorldProductionRow> = {}): WorldProductionRow => ({
    ...common,
    scope,
    excludes: [],
    quantity: decimal(quantity),
    ...change,
  });
const [total, others] = [aggregate('WORLD'), aggregate('OTHER_COUNTRIES')];
const bounds = (atLeast: string, atMost: string) => ({ atLeast, atMost });
const ofOne = (rows: readonly ProductionRow[], world: readonly WorldProductionRow[] = []): Concentration =>
  concentration(rows, world)[0]!;

describe('Concentration', () => {
  it('names each country’s share of the stated world total, what part of it has figures, and the bounds of the index', () =>
    expect(concentration([row('JP', '5'), row('CN', '80'), row('KR', '5')], [total('100'), others('10')])).toEqual([
      {
        material: 'gallium',
        stage: 'REFINING',
        year: 2025,
        total: '100',
        totalWithin: bounds('100', '100'),
        recorded: '90',
        coverage: '90',
        coverageWithin: bounds('90', '90'),
        largestSupplier: { country: 'CN', share: '80', shareWithin: bounds('80', '80'), isCertain: true },
        hhiWithin: bounds('6450', '6550'),
        shares: [
          { country: 'CN', quantity: '80', share: '80', shareWithin: bounds('80', '80') },
          { country: 'JP', quantity: '5', share: '5', shareWithin: bounds('5', '5') },
          { country: 'KR', quantity: '5', share: '5', shareWithin: bounds('5', '5') },
        ],
        missing: [],
      },
    ]));
  it('is exact where nobody else produced anything', () =>
    expect(ofOne([row('JP', '5'), row('CN', '90'), row('KR', '5')], [total('100'), others('0')])).toMatchObject({
      total: '100',
      hhi: '8150',
      largestSupplier: { country: 'CN', share: '90', isCertain: true },
    }));
  it('is 10000 for a single supplier', () => expect(ofOne([row('CN', '0.5')], [total('0.5')]).hhi).toBe('10000'));
  it('says between what shares lie where a total leaves out a country that withholds its figure', () =>
    expect(ofOne([row('CN', '80'), withheld('US')], [total('100', { excludes: [country('US')] })])).toMatchObject({
      totalWithin: { atLeast: '100' },
      coverageWithin: bounds('0', '80'),
      largestSupplier: { country: 'CN', shareWithin: bounds('0', '80'), isCertain: false },
      missing: [{ country: 'US', basis: 'WITHHELD', shareWithin: bounds('0', '100') }],
    }));
  it('leaves out what a total leaves out also for whoever sees no figure of that country', () => {
    const seen = ofOne([row('CN', '80')], [total('100', { excludes: [country('US')] })]);
    expect(seen.total).toBeUndefined();
    expect(seen.missing).toEqual([{ country: 'US', shareWithin: bounds('0', '100') }]);
  });
  it('adds to a total the figure of a country that it leaves out', () =>
    expect(ofOne([row('CN', '80'), row('US', '100')], [total('100', { excludes: [country('US')] })])).toMatchObject({
      total: '200',
      largestSupplier: { country: 'US', share: '50', isCertain: true },
    }));
  it('is not told as of the world where neither its total nor what others produced is known', () => {
    const seen = ofOne([row('FR', '3')]);
    expect(seen).toMatchObject({
      recorded: '3',
      totalWithin: { atLeast: '3' },
      hhiWithin: bounds('0', '10000'),
      largestSupplier: { country: 'FR', shareWithin: bounds('0', '100'), isCertain: false },
    });
    for (const field of ['total', 'coverage', 'hhi'] as const) expect(seen[field]).toBeUndefined();
  });
  it('is not the world’s where only what others produced is known: there may be countries that the reader may not see', () =>
    expect(ofOne([row('FR', '3')], [others('1')])).toMatchObject({
      totalWithin: { atLeast: '4' },
      coverageWithin: bounds('0', '75'),
      largestSupplier: { shareWithin: bounds('0', '75'), isCertain: false },
    }));
  it('takes a total that is not available for none', () => {
    const { quantity: _, ...none } = total('0');
    expect(ofOne([row('FR', '3')], [{ ...none, basis: 'NOT_AVAILABLE' }])).toEqual(ofOne([row('FR', '3')]));
  });
  it('has no largest supplier where nothing was produced', () => {
    const nothing = ofOne([row('JP', '0'), row('CN', '0')], [total('0')]);
    expect(nothing).toMatchObject({ total: '0', shares: [{ share: '0' }, { share: '0' }] });
    expect([nothing.largestSupplier, nothing.hhi, nothing.coverage]).toEqual([undefined, undefined, undefined]);
  });
  it('never adds up years, stages, forms or materials', () => {
    const rows = [
      row('CN', '1'),
      row('CN', '2', { year: 2024 }),
      row('CN', '3', { stage: 'MINING' }),
      row('CN', '4', { form: 'low purity' }),
      row('CN', '5', { material: materialCode('arsenic') }),
    ];
    expect(
      concentration(rows).map(({ material, stage, year, form, recorded }) => [material, stage, year, form, recorded]),
    ).toEqual([
      ['arsenic', 'REFINING', 2025, undefined, '5'],
      ['gallium', 'MINING', 2025, undefined, '3'],
      ['gallium', 'REFINING', 2025, undefined, '1'],
      ['gallium', 'REFINING', 2025, 'low purity', '4'],
      ['gallium', 'REFINING', 2024, undefined, '2'],
    ]);
  });
  it('of no rows is nothing', () => expect(concentration([])).toEqual([]));
});

describe('Whoever sees a part of the figures', () => {
  it('is told nothing that the whole of them contradicts', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(amounts, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), (all, seen) => {
        const codes = ['CN', 'US', 'JP', 'FR', 'DE', 'KR'];
        const rows = all.map((amount, at) => row(codes[at]!, `${amount}`));
        const world = [total(`${all.reduce((a, b) => a + b)}`), others('0')];
        const whole = ofOne(rows, world);
        const part = concentration(
          rows.filter((_, at) => seen[at]),
          world.filter((_, at) => seen[at + 6]),
        )[0];
        if (!part) return;
        const holds = ({ atLeast, atMost }: Concentration['totalWithin'], value: string): void => {
          expect(Number(atLeast)).toBeLessThanOrEqual(Number(value) + 1e-6);
          if (atMost !== undefined) expect(Number(atMost)).toBeGreaterThanOrEqual(Number(value) - 1e-6);
        };
        holds(part.totalWithin, whole.total!);
        if (part.hhiWithin) holds(part.hhiWithin, whole.hhi!);
        for (const { country: code, shareWithin } of part.shares)
          holds(shareWithin, whole.shares.find((each) => each.country === code)!.share!);
        if (part.largestSupplier?.isCertain) expect(part.largestSupplier.share).toBe(whole.largestSupplier!.share);
      }),
    );
  });
});
