import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvalidValue } from './values.js';
import {
  add,
  compare,
  decimal,
  nearest as nearestMultiple,
  percent,
  positive,
  subtract,
  sum,
  times,
  ZERO,
  type Decimal,
} from './decimal.js';

/** The model: millionths as an integer. */
const MILLION = 1_000_000n;
const spelt = (millionths: bigint): Decimal => {
  const digits = millionths.toString().padStart(7, '0');
  const [whole, fraction] = [digits.slice(0, -6), digits.slice(-6).replace(/0+$/, '')];
  return (fraction === '' ? whole : `${whole}.${fraction}`) as Decimal;
};
const millionths = fc.oneof(
  fc.bigInt({ min: 0n, max: 10n ** 21n - 1n }),
  fc.bigInt({ min: 0n, max: 10n * MILLION }),
  fc.constantFrom(0n, 1n, MILLION, 10n ** 21n - 1n),
);
/** a ÷ b to the nearest integer, a half upwards. */
const nearest = (a: bigint, b: bigint): bigint => a / b + ((a % b) * 2n >= b ? 1n : 0n);

describe('A decimal', () => {
  it('is read as it is spelt', () =>
    fc.assert(fc.property(millionths, (n) => expect(decimal(spelt(n))).toBe(spelt(n)))));

  it('has one spelling, whatever zeros follow the point', () =>
    fc.assert(
      fc.property(millionths, fc.nat(5), (n, zeros) => {
        const [whole, fraction = ''] = spelt(n).split('.');
        const padded = fraction.padEnd(Math.max(fraction.length, zeros), '0');
        expect(decimal(padded === '' ? whole! : `${whole}.${padded}`)).toBe(spelt(n));
      }),
    ));

  it('agrees with its pattern on every text', () =>
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-+]?[0-9,.eE ]{0,24}$/)), (given) => {
        const [whole, fraction, more] = given.split('.');
        const isDigits = (part: string | undefined): boolean =>
          part !== undefined && part !== '' && [...part].every((c) => '0123456789'.includes(c));
        const isFit =
          more === undefined &&
          isDigits(whole) &&
          whole!.length <= 15 &&
          (whole === '0' || !whole!.startsWith('0')) &&
          (fraction === undefined || (isDigits(fraction) && fraction.length <= 6));
        if (isFit) expect(compare(decimal(given), ZERO)).toBeGreaterThanOrEqual(0);
        else expect(() => decimal(given)).toThrow(InvalidValue);
      }),
    ));

  it.each([
    '',
    '-1',
    '+1',
    '01',
    '.5',
    '1.',
    '1e3',
    '1,000',
    ' 1',
    '1\n',
    '0x1',
    'NaN',
    '1234567890123456',
    '0.1234567',
    '٣',
  ])('is not %j', (text) => expect(() => decimal(text)).toThrow(InvalidValue));

  it('adds and subtracts as integers of millionths do', () =>
    fc.assert(
      fc.property(millionths, millionths, (a, b) => {
        expect(add(spelt(a), spelt(b))).toBe(spelt(a + b));
        if (a >= b) expect(subtract(spelt(a), spelt(b))).toBe(spelt(a - b));
      }),
    ));

  it('sums any number of terms exactly', () =>
    fc.assert(
      fc.property(fc.array(millionths), (all) =>
        expect(sum(all.map(spelt))).toBe(spelt(all.reduce((a, b) => a + b, 0n))),
      ),
    ));

  it('is ordered as integers of millionths are', () =>
    fc.assert(
      fc.property(millionths, millionths, (a, b) => {
        expect(Math.sign(compare(spelt(a), spelt(b)))).toBe(a < b ? -1 : a > b ? 1 : 0);
        expect(compare(spelt(a), spelt(a))).toBe(0);
      }),
    ));

  it('is more than zero where it must be', () => {
    expect(positive('0.000001')).toBe('0.000001');
    for (const zero of ['0', '0.0', '0.000000']) expect(() => positive(zero)).toThrow('more than zero');
  });

  it('is a percentage from 0 to 100', () => {
    expect([percent('0'), percent('100'), percent('100.000000')]).toEqual(['0', '100', '100']);
    expect(() => percent('100.000001')).toThrow('from 0 to 100');
  });
});

describe('Whole multiples', () => {
  it('of a decimal are as many times it', () =>
    fc.assert(
      fc.property(millionths, fc.bigInt({ min: 0n, max: 1000n }), (n, by) =>
        expect(times(spelt(n), by)).toBe(spelt(n * by)),
      ),
    ));
  it('are what a decimal is rounded to, a half upwards', () =>
    fc.assert(
      fc.property(millionths, fc.bigInt({ min: 1n, max: 100n * MILLION }), (n, base) =>
        expect(nearestMultiple(spelt(n), spelt(base))).toBe(spelt(nearest(n, base) * base)),
      ),
    ));
});
