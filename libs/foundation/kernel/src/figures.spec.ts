import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decimal, spell, units, type Decimal } from './decimal.js';
import { exactly, sharesOf, supplyOf, type Bounds, type Estimate, type Stated } from './figures.js';

const NOTHING_ELSE = exactly(decimal('0'));
const MILLION = 1_000_000n;
/** a ÷ b to the nearest integer, a half upwards. */
const nearest = (a: bigint, b: bigint): bigint => (2n * a + b) / (2n * b);
const ofAll = (...quantities: string[]) => sharesOf({ stated: quantities.map(decimal), rest: NOTHING_ELSE });
const between = (low: string, high: string): Bounds => ({ atLeast: decimal(low), atMost: decimal(high) });

describe('A share of what is wholly known', () => {
  it.each([
    ['1', '2', '33.333333'],
    ['2', '1', '66.666667'],
    ['0', '5', '0'],
    ['5', '0', '100'],
    ['1', '199999999', '0.000001'],
  ])('of %s beside %s is %s', (one, other, expected) =>
    expect(ofAll(one, other).ofStated(decimal(one)).exact).toBe(expected),
  );
});

describe('The Herfindahl–Hirschman index', () => {
  it.each([
    [['5'], '10000'],
    [['1', '1'], '5000'],
    [['1', '1', '1'], '3333'],
    [['1', '2'], '5556'],
    [['98', '1', '1'], '9606'],
    [['0', '7', '0'], '10000'],
  ])('of %j is %s', (quantities, expected) => expect(ofAll(...quantities).hhi?.exact).toBe(expected));

  it('of nothing does not exist', () => {
    expect(ofAll().hhi).toBeUndefined();
    expect(ofAll('0', '0').hhi).toBeUndefined();
  });

  it('is the sum of squared shares, whatever the order and the unit', () =>
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 1 }).filter((all) => all.some((n) => n > 0n)),
        (all) => {
          const total = all.reduce((a, b) => a + b);
          const squares = all.reduce((so, n) => so + n * n, 0n);
          const expected = nearest(squares * 10_000n, total * total).toString();
          expect(ofAll(...all.map(spell)).hhi?.exact).toBe(expected);
          expect(ofAll(...all.toReversed().map((n) => spell(n * 1_000n))).hhi?.exact).toBe(expected);
        },
      ),
    ));
});

describe('A supply of which something is missing', () => {
  it('has shares of the stated total, and an index that leaves the rest to one or to many', () => {
    const zinc = sharesOf(
      supplyOf({ figures: [{ key: 'CN', quantity: decimal('4100') }], total: exactly(decimal('13000')) }),
    );
    expect(zinc.ofStated(decimal('4100')).exact).toBe('31.538462');
    expect(zinc.coverage?.exact).toBe('31.538462');
    expect(zinc.hhi?.within).toEqual(between('994', '5682'));
    expect(zinc.isLargest(decimal('4100'))).toBe(false);
  });

  it('has shares between bounds where a supplier is withheld that the stated total leaves out', () => {
    const lithium = sharesOf(
      supplyOf({
        figures: [{ key: 'AU', quantity: decimal('80') }, { key: 'CL', quantity: decimal('20') }, { key: 'US' }],
        total: exactly(decimal('100')),
        excluded: ['US'],
      }),
    );
    expect(lithium.total).toEqual({ within: { atLeast: '100' } });
    expect(lithium.ofStated(decimal('80'))).toEqual({ within: between('0', '80') });
    expect(lithium.ofMissing(0)).toEqual({ within: between('0', '100') });
    // 6800 ÷ (10000 + 6800): the withheld one supplies as much as the weighed mean of the others.
    expect(lithium.hhi?.within).toEqual(between('4047', '10000'));
    expect(lithium.isLargest(decimal('80'))).toBe(false);
  });

  it('has narrow bounds where a source says how much the missing one can be', () => {
    const rutile = sharesOf({
      stated: [decimal('460')],
      missing: [between('0', '0.5')],
      rest: NOTHING_ELSE,
    });
    expect(rutile.ofStated(decimal('460')).within).toEqual(between('99.891422', '100'));
    expect(rutile.hhi?.within).toEqual(between('9978', '10000'));
    expect(rutile.isLargest(decimal('460'))).toBe(true);
  });

  it('leaves a withheld supplier within the stated total what the others leave of it', () => {
    const supply = supplyOf({
      figures: [{ key: 'CN', quantity: decimal('90') }, { key: 'US' }],
      total: exactly(decimal('100')),
    });
    expect(sharesOf(supply).ofNamed(0).within).toEqual(between('0', '10'));
    expect(sharesOf(supply).ofStated(decimal('90')).exact).toBe('90');
  });

  it('counts its parts where they are more than the rounded total that is stated', () =>
    expect(
      sharesOf(supplyOf({ figures: [{ key: 'CN', quantity: decimal('909') }], total: exactly(decimal('900')) })).total
        .exact,
    ).toBe('909'));

  it('is known to no one who sees neither a total nor the rest', () => {
    const seen = sharesOf(supplyOf({ figures: [{ key: 'FR', quantity: decimal('3') }] }));
    expect(seen.total).toEqual({ within: { atLeast: '3' } });
    expect(seen.ofStated(decimal('3')).within).toEqual(between('0', '100'));
    expect(seen.hhi?.within).toEqual(between('0', '10000'));
  });
});

/** A world of suppliers, and what a source tells of it: some figures, the rest, or a total that may leave some out. */
const quantity = fc.oneof(fc.bigInt({ min: 0n, max: 50n }), fc.bigInt({ min: 0n, max: 10n ** 15n }));
const told = fc.constantFrom('stated', 'stated', 'withheld', 'bounded', 'left out', 'unnamed');
const world = fc.record({
  suppliers: fc.array(fc.record({ quantity, told, slack: quantity }), { minLength: 1, maxLength: 7 }),
  tells: fc.constantFrom('total', 'total within', 'rest', 'neither'),
});

describe('Every value that is possible', () => {
  it('lies within what is told of it, whatever is missing', () =>
    fc.assert(
      fc.property(world, ({ suppliers, tells }) => {
        const all = suppliers.map((each, at) => ({ ...each, key: `${at}` }));
        const total = all.reduce((so, each) => so + each.quantity, 0n);
        fc.pre(total > 0n);
        const of = (test: (told: string) => boolean): bigint =>
          all.reduce((so, each) => so + (test(each.told) ? each.quantity : 0n), 0n);
        const counted = of((how) => how !== 'left out');
        const source: Stated<string> = {
          figures: all.flatMap(({ key, quantity: amount, told: how, slack }) => {
            if (how === 'unnamed') return [];
            if (how === 'stated') return [{ key, quantity: spell(amount) }];
            if (how === 'bounded')
              return [
                {
                  key,
                  within: { atLeast: spell(amount > slack ? amount - slack : 0n), atMost: spell(amount + slack) },
                },
              ];
            return [{ key }];
          }),
          ...(tells === 'total' && { total: exactly(spell(counted)) }),
          ...(tells === 'total within' && { total: { atLeast: spell(counted / 2n), atMost: spell(counted + 9n) } }),
          ...(tells === 'rest' && { others: exactly(spell(of((how) => how === 'unnamed'))) }),
          excluded: all.flatMap(({ key, told: how }) => (how === 'left out' ? [key] : [])),
        };
        const supply = supplyOf(source);
        const shares = sharesOf(supply);
        const holds = ({ exact, within }: Estimate, part: bigint, whole: bigint, scale: bigint): void => {
          const millionths = (each: Decimal): bigint => units(each) * whole;
          const value = part * scale * MILLION;
          expect(millionths(within.atLeast)).toBeLessThanOrEqual(value);
          if (within.atMost !== undefined) expect(millionths(within.atMost)).toBeGreaterThanOrEqual(value);
          if (exact === undefined) return;
          expect(units(within.atLeast)).toBeLessThanOrEqual(units(exact));
          expect(units(exact)).toBeLessThanOrEqual(units(within.atMost!));
        };
        holds(shares.total, total, MILLION, 1n);
        const least = units(shares.total.within.atLeast);
        if (least > 0n)
          holds(
            shares.hhi!,
            all.reduce((so, each) => so + each.quantity ** 2n, 0n),
            total * total,
            10_000n,
          );
        if (least > 0n)
          holds(
            shares.coverage!,
            of((how) => how === 'stated'),
            total,
            100n,
          );
        for (const { key, told: how, quantity: amount } of all) {
          if (how === 'unnamed') continue;
          const estimate =
            how === 'stated'
              ? shares.ofStated(spell(amount))
              : supply.missingKeys.includes(key)
                ? shares.ofMissing(supply.missingKeys.indexOf(key))
                : shares.ofNamed(supply.namedKeys.indexOf(key));
          holds(estimate, amount, total, 100n);
          if (how === 'stated' && shares.isLargest(spell(amount)))
            for (const other of all) if (other.told !== 'stated') expect(other.quantity).toBeLessThanOrEqual(amount);
        }
      }),
      { numRuns: 2_000 },
    ));
});

describe('The indicators of the specification', () => {
  type Vector = {
    readonly id: string;
    readonly indicator: string;
    readonly inputs: { readonly shares: Readonly<Record<string, string>>; readonly listsLargest: boolean };
    readonly result: { readonly interval: readonly [string, string] };
  };
  const path = fileURLToPath(new URL('../../../../../shared/domain/spec/vectors/indicators.json', import.meta.url));
  const there = existsSync(path);
  if (!there) console.warn(`NOT CHECKED: ${path} is absent, so the vectors of the indicators were not tried.`);

  it('have the Herfindahl–Hirschman index between the bounds that they state', () => {
    if (!there) return;
    const { vectors } = JSON.parse(readFileSync(path, 'utf8')) as { vectors: readonly Vector[] };
    const ours = vectors.filter(({ indicator }) => indicator === 'HHI');
    expect(ours.length).toBeGreaterThanOrEqual(4);
    for (const { id, inputs, result } of ours) {
      const stated = Object.values(inputs.shares).map(decimal);
      const smallest = stated.reduce((a, b) => (units(a) < units(b) ? a : b));
      const rest = spell(100n * MILLION - stated.reduce((so, each) => so + units(each), 0n));
      const { hhi } = sharesOf({
        stated,
        rest: exactly(rest),
        ...(inputs.listsLargest && { largestInRest: smallest }),
      });
      const [atLeast, atMost] = result.interval;
      expect({ id, ...hhi?.within }).toEqual({ id, atLeast, atMost });
    }
  });
});
