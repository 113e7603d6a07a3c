import { describe, expect, it } from '@jest/globals';
import published from 'canonicalize';
import fc from 'fast-check';
import { canonicalize, canonicalizeStored, parseCanonical } from './canonical-json.js';

// testdata of github.com/cyberphone/json-canonicalization, the reference implementation that RFC 8785 names.
const VECTORS: [name: string, input: string, output: string][] = [
  ['arrays', '[56,{"d":true,"10":null,"1":[ ]}]', '[56,{"1":[],"10":null,"d":true}]'],
  [
    'french',
    '{"peach":"This sorting order","péché":"is wrong according to French","pêche":"but canonicalization MUST","sin":"ingnore locale"}',
    '{"peach":"This sorting order","péché":"is wrong according to French","pêche":"but canonicalization MUST","sin":"ingnore locale"}',
  ],
  [
    'structures',
    '{"1":{"f":{"f":"hi","F":5},"\\n":56.0},"10":{ },"":"empty","a":{ },"111":[ { } ],"A":{ }}',
    '{"":"empty","1":{"\\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{}],"A":{},"a":{}}',
  ],
  ['unicode', '{"Unnormalized Unicode":"\\u1e0d\\u0307"}', '{"Unnormalized Unicode":"\u1e0d\u0307"}'],
  [
    'values',
    '{"numbers":[1E30,4.50,333333333.33333329,2e-3,0.000000000000000000000000001],"escaping":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    '{"escaping":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/","literals":[null,true,false],"numbers":[1e+30,4.5,333333333.3333333,0.002,1e-27]}',
  ],
  [
    'weird',
    '{"\\u20ac":"Euro Sign","1":"One","\\u0080":"Control\\u007f","\\ud83d\\ude02":"Smiley","\\u00f6":"Latin Small Letter O With Diaeresis","\\ufb33":"Hebrew Letter Dalet With Dagesh","</script>":"Browser Challenge"}',
    '{"1":"One","</script>":"Browser Challenge","\u0080":"Control\u007f","\u00f6":"Latin Small Letter O With Diaeresis","\u20ac":"Euro Sign","\ud83d\ude02":"Smiley","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
  ],
];

// RFC 8785, appendix B: the bits of a double, and how it is written.
const NUMBERS: [bits: string, written: string][] = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
];

const double = (bits: string): number => Buffer.from(bits, 'hex').readDoubleBE();
const itself: { self?: unknown } = {};
itself.self = itself;

describe('Canonical JSON', () => {
  it.each(VECTORS)('of the reference case %s is as published', (_, input, output) =>
    expect(canonicalize(JSON.parse(input))).toBe(output),
  );

  it.each(NUMBERS)('of the double %s is %s', (bits, written) => expect(canonicalize(double(bits))).toBe(written));

  it('of a value is the same whatever the order of its members', () =>
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalize(turned)).toBe(canonicalize(value));
        expect(JSON.parse(canonicalize(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    ));

  it('of any value is what the published package writes', () =>
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const parsed = JSON.parse(JSON.stringify(value)) as unknown;
        expect(canonicalize(parsed)).toBe(published(parsed));
      }),
    ));

  it('keeps a member of any name', () =>
    expect(canonicalize(JSON.parse('{"__proto__":1,"toJSON":2,"constructor":{"name":3}}'))).toBe(
      '{"__proto__":1,"constructor":{"name":3},"toJSON":2}',
    ));

  it('of a value that occurs twice is written twice', () => {
    const twice = { a: 1 };
    expect(canonicalize([twice, { twice }])).toBe('[{"a":1},{"twice":{"a":1}}]');
  });

  it('has no limit of depth or length', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 20_000; level++) deep = [deep];
    expect(canonicalize(deep)).toHaveLength(40_001);
    expect(canonicalize(new Array(200_000).fill(0))).toHaveLength(400_001);
  });

  it.each([
    ['NaN', NaN],
    ['an infinity', -Infinity],
    ['undefined', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a bigint', 1n],
    ['a lone high surrogate', '\ud800'],
    ['a lone low surrogate', 'a\udc00b'],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['a set', new Set()],
    ['bytes', Buffer.from('a')],
    ['a pattern', /a/],
    ['an error', new Error('a')],
    ['a boxed number', new Number(1)],
    ['a boxed string', new String('a')],
    ['a boxed boolean', new Boolean(true)],
    ['a promise', Promise.resolve(1)],
    ['an instance of a class', new (class Price {})()],
    ['an instance of a class of arrays', new (class Prices extends Array {})()],
    ['an object with toJSON', { toJSON: () => 1 }],
    ['an object that inherits toJSON', Object.create({ toJSON: () => 1 })],
    [
      'an object whose bare prototype has toJSON',
      Object.create(Object.assign(Object.create(null), { toJSON: () => 1 })),
    ],
    ['an accessor', Object.defineProperty({}, 'now', { get: () => 1, enumerable: true })],
    ['a hidden member', Object.defineProperty({}, 'hidden', { value: 1 })],
    ['a member named by a symbol', { [Symbol('s')]: 1 }],
    ['a member named by a lone surrogate', { '\ud800': 1 }],
    ['a hole', [1, , 3]],
    ['a hole behind which stands a property', Object.assign([,], { more: 1 })],
    ['an array with a property', Object.assign([1], { more: 1 })],
    ['an array with an accessor', Object.defineProperty([1], 0, { get: () => 1, enumerable: true })],
    ['itself', itself],
  ])('cannot be made of %s, nor of what holds it', (_, odd) => {
    for (const value of [odd, [odd], { member: odd }, { a: [{ b: odd }] }]) {
      expect(() => canonicalize(value)).toThrow(expect.objectContaining({ fault: 'NOT_CANONICAL' }));
    }
  });

  it('tells an accessor from undefined', () => {
    const odd = Object.defineProperty({}, 'now', { get: () => 1, enumerable: true });
    expect(() => canonicalize(odd)).toThrow('$.now: it is computed on each reading');
  });

  it('tells where the offending part is', () =>
    expect(() => canonicalize({ lots: [{}, { mass: NaN }] })).toThrow(
      'No canonical JSON of $.lots[1].mass: NaN is no number of JSON.',
    ));
});

describe('Canonical JSON of a value as JSON keeps it', () => {
  /** What the detour gives: a text, or that there is none. */
  const attempt = (write: () => string): string | null => {
    try {
      return write();
    } catch {
      return null;
    }
  };
  const expectAsKept = (value: unknown): void =>
    expect(attempt(() => canonicalizeStored(value))).toBe(
      attempt(() => canonicalize(JSON.parse(JSON.stringify(value)))),
    );

  it('is that of what it is read back as, whatever the value', () =>
    fc.assert(
      fc.property(
        fc.anything({
          ...{ withDate: true, withMap: true, withSet: true, withTypedArray: true, withSparseArray: true },
          ...{ withBigInt: true, withBoxedValues: true, withNullPrototype: true, withObjectString: true },
        }),
        expectAsKept,
      ),
      { numRuns: 2_000 },
    ));

  it.each([
    ['members that are undefined', { b: undefined, a: { c: undefined, d: 1 } }, '{"a":{"d":1}}'],
    ['members that are functions', { b: () => 1, a: 1 }, '{"a":1}'],
    ['elements that are undefined', { a: [undefined, 1] }, '{"a":[null,1]}'],
    ['holes', { a: [, 1] }, '{"a":[null,1]}'],
    ['NaN', { a: NaN }, '{"a":null}'],
    ['a date', { a: new Date(0) }, '{"a":"1970-01-01T00:00:00.000Z"}'],
    [
      'an instance of a class',
      {
        a: new (class Price {
          amount = 1;
        })(),
      },
      '{"a":{"amount":1}}',
    ],
    ['a boxed number', { a: new Number(1) }, '{"a":1}'],
    ['hidden members', Object.defineProperty({ a: 1 }, 'hidden', { value: 1 }), '{"a":1}'],
    ['members named by symbols', { a: 1, [Symbol('s')]: 1 }, '{"a":1}'],
    ['a member of any name', JSON.parse('{"__proto__":1,"10":2,"9":3}'), '{"10":2,"9":3,"__proto__":1}'],
  ])('makes of %s what JSON does', (_, value, text) => {
    expect(canonicalizeStored(value)).toBe(text);
    expectAsKept(value);
  });

  it('is not made of nothing, nor of a lone surrogate, a bigint or what contains itself', () => {
    for (const value of [undefined, () => 1, { a: '\ud800' }, { '\ud800': 1 }])
      expect(() => canonicalizeStored(value)).toThrow(expect.objectContaining({ fault: 'NOT_CANONICAL' }));
    for (const value of [1n, itself]) expect(() => canonicalizeStored(value)).toThrow(TypeError);
  });
});

describe('Reading canonical JSON', () => {
  it('gives back what was written', () =>
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalize(value);
        expect(canonicalize(parseCanonical(text))).toBe(text);
        expect(parseCanonical(Buffer.from(text))).toEqual(parseCanonical(text));
      }),
    ));

  it.each([
    ['a duplicate member', '{"a":1,"a":2}'],
    ['an equal duplicate member', '{"a":1,"a":1}'],
    ['a duplicate member in an escape', '{"a":1,"\\u0061":1}'],
    ['unsorted members', '{"b":1,"a":2}'],
    ['white space', '{"a": 1}'],
    ['a newline at the end', '{"a":1}\n'],
    ['a byte order mark', '\ufeff{"a":1}'],
    ['a needless fraction', '1.0'],
    ['a needless exponent', '1e2'],
    ['a negative zero', '-0'],
    ['an integer beyond double precision', '9007199254740993'],
    ['an overflow', '1e400'],
    ['a needless escape', '"\\u0061"'],
    ['an escaped slash', '"\\/"'],
    ['an escape in capitals', '"\\u000F"'],
    ['a lone surrogate', '"\\ud800"'],
    ['a bare lone surrogate', '"\ud800"'],
    ['nothing', ''],
    ['two values', '1 2'],
    ['JSON that is cut off', '{"a":'],
  ])('refuses %s', (_, text) =>
    expect(() => parseCanonical(text)).toThrow(expect.objectContaining({ fault: 'NOT_CANONICAL' })),
  );

  it.each(['ff', '22c32822', '22eda08022', 'efbbbf31'])('refuses the bytes %s', (hex) =>
    expect(() => parseCanonical(Buffer.from(hex, 'hex'))).toThrow(expect.objectContaining({ fault: 'NOT_CANONICAL' })),
  );

  it('tells where the text goes astray', () =>
    expect(() => parseCanonical('{"a":1,"b": 2}')).toThrow('from character 11 on it should read "2}"'));
});
