import { describe, expect, it } from '@jest/globals';
import { repeatedClaim } from './repeated-claim.js';

describe('a claim name', () => {
  it.each([
    ['{"a":1,"a":1}', 'a'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['{"a" : {"b":1} , "c":[1,{"a":2}], "a":3}', 'a'],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ])('stands twice in %s', (json, name) => expect(repeatedClaim(json)).toBe(name));

  it.each(['{}', '{"a":1,"A":2}', '{"a":{"b":1},"b":2}', '{"a":"b\\":1,\\"a","b":"{"}', '{"a":["a","a"],"b":":"}'])(
    'stands once in %s',
    (json) => expect(repeatedClaim(json)).toBeUndefined(),
  );
});
