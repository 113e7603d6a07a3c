import { InvalidValue, value } from './shape.js';

/** A number as decimal digits without exponent, sign or superfluous zeros, `1200.5`: events never carry floating point. */
export type Decimal = string & { readonly __value: 'Decimal' };
/** Metric tonnes. */
export type Tonnes = Decimal;
/** Per cent of a whole, `12.5`. */
export type Percent = Decimal;

const DECIMAL = /^(0|[1-9]\d{0,14})(\.\d{1,6})?$/;
const SCALE = 6n;
/** One, in millionths. */
export const UNIT = 10n ** SCALE;

export const ZERO = '0' as Decimal;

/** A number of at most 15 digits before and 6 after the point, zero or more. */
export const decimal = value('Decimal', 'decimal', (given: string): Decimal => {
  if (!DECIMAL.test(given)) {
    throw new InvalidValue(
      'must be a decimal number such as 1200.5: no sign, exponent or separators, at most 15 digits before the point and 6 after',
    );
  }
  return spell(units(given));
});

export const positive = value('Decimal', 'decimal', (given: string): Decimal => {
  const parsed = decimal(given);
  if (parsed === ZERO) throw new InvalidValue('must be more than zero');
  return parsed;
});

export const percent = value('Decimal', 'decimal', (given: string): Percent => {
  const parsed = decimal(given);
  if (compare(parsed, '100' as Decimal) > 0) throw new InvalidValue('must be a percentage from 0 to 100');
  return parsed;
});

export const add = (a: Decimal, b: Decimal): Decimal => spell(units(a) + units(b));
/** a − b; the caller has made sure that it is not below zero. */
export const subtract = (a: Decimal, b: Decimal): Decimal => spell(units(a) - units(b));
export const sum = (all: readonly Decimal[]): Decimal => spell(all.reduce((total, each) => total + units(each), 0n));
/** A whole number of times a. */
export const times = (a: Decimal, by: bigint): Decimal => spell(units(a) * by);
/** The nearest multiple of the base, which is not zero; a half upwards. */
export const nearest = (a: Decimal, base: Decimal): Decimal => spell(rounded(units(a), units(base)) * units(base));
/** Negative, zero or positive, as a is smaller than, equal to or greater than b. */
export const compare = (a: Decimal, b: Decimal): number => {
  const [left, right] = [units(a), units(b)];
  return left < right ? -1 : left > right ? 1 : 0;
};
/** A decimal in whole millionths: for arithmetic within the kernel. */
export const units = (given: string): bigint => {
  const [whole = '0', fraction = ''] = given.split('.');
  return BigInt(whole) * UNIT + BigInt(fraction.padEnd(6, '0'));
};

/** The decimal of so many millionths. */
export const spell = (count: bigint): Decimal => {
  const fraction = (count % UNIT).toString().padStart(6, '0').replace(/0+$/, '');
  return `${count / UNIT}${fraction === '' ? '' : `.${fraction}`}` as Decimal;
};

/** part ÷ whole as a whole number; the nearest one is that above where both are as near. */
export const ratioOf = (part: bigint, whole: bigint, to: 'down' | 'nearest' | 'up'): bigint =>
  to === 'nearest' ? rounded(part, whole) : to === 'down' ? part / whole : (part + whole - 1n) / whole;

const rounded = (numerator: bigint, denominator: bigint): bigint => (2n * numerator + denominator) / (2n * denominator);
