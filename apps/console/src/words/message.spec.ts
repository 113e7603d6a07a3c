import { describe, expect, it } from '@jest/globals';
import { filled, placesOf } from './message.ts';

const CHANGED = '{count, plural, one {# record} other {# records}} of {party}';

describe('A message', () => {
  it('takes the plural and the digits of its language', () => {
    expect(filled(CHANGED, { count: 1, party: 'Japan' }, 'en')).toBe('1 record of Japan');
    expect(filled(CHANGED, { count: 1200, party: 'Japan' }, 'de')).toBe('1.200 records of Japan');
    expect(filled('{n, plural, one {# an} many {# beaucoup} other {# ans}}', { n: 0 }, 'fr')).toBe('0 an');
  });

  it('leaves a place empty that nothing is said of, and repeats what looks like a place in a value', () =>
    expect(filled('{a}-{b}', { a: '{b}' }, 'en')).toBe('{b}-'));

  it('names its places, in one order', () => expect(placesOf(`${CHANGED} {count}`)).toEqual(['count', 'party']));
});
