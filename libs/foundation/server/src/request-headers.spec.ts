import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ACTING_FOR, AT_LEAST, CONSOLE, PURPOSE, requestHeadersIn, type RequestHeaders } from './request-headers.js';

const said = (...pairs: [string, unknown][]): RequestHeaders => requestHeadersIn(pairs);
const refusal = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return (error as { extensions?: { code?: string } }).extensions?.code;
  }
};

describe('What a client says beside its operation', () => {
  it('is nothing where it says nothing, whatever else stands in its headers', () => {
    const nothing = { actingFor: [], said: { exports: false } };
    expect(said()).toEqual(nothing);
    expect(said(['authorization', 'x'], ['x-lodestone-purpose', 'export'])).toEqual(nothing);
    expect(said([PURPOSE, undefined], [ACTING_FOR, null], ['last-event-id', ''])).toEqual(nothing);
  });
  it('is heard whatever the capitals of a name', () =>
    fc.assert(
      fc.property(fc.mixedCase(fc.constant(PURPOSE)), fc.mixedCase(fc.constant('export')), (name, value) =>
        expect(said([name, value]).said.exports).toBe(true),
      ),
    ));
  it('has every country that is named', () =>
    expect(said([ACTING_FOR, 'FR'], [ACTING_FOR.toLowerCase(), 7]).actingFor).toEqual(['FR', 7]));
  it('may be said twice, alike', () =>
    expect(said([PURPOSE, 'EXPORT'], [PURPOSE.toLowerCase(), 'export']).said.exports).toBe(true));
  it('names the position that must be shown, and the event that was received last', () => {
    expect(said([AT_LEAST, 'p'], [AT_LEAST.toLowerCase(), 'p']).said.atLeast).toBe('p');
    expect(said(['Last-Event-ID', 'c']).said.after).toBe('c');
    expect(refusal(() => said([AT_LEAST, 'p'], [AT_LEAST, 'q']))).toBe('BAD_INPUT');
  });

  const names = [PURPOSE, ACTING_FOR, AT_LEAST, CONSOLE].map((name) => name.toLowerCase());
  it('is refused under every other name that begins as ours do', () =>
    fc.assert(
      fc.property(fc.string(), (rest) => {
        fc.pre(!names.includes(`lodestone-${rest}`.toLowerCase()));
        expect(refusal(() => said([`lodestone-${rest}`, 'x']))).toBe('BAD_INPUT');
      }),
    ));
  it('is refused with every purpose that there is not', () =>
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constantFrom('exprot', ' export')), (value) => {
        fc.pre(!['READ', 'EXPORT'].includes(String(value).toUpperCase()));
        expect(refusal(() => said([PURPOSE, value]))).toBe('BAD_INPUT');
      }),
    ));
  it('is refused with two purposes', () => {
    expect(refusal(() => said([PURPOSE, 'read'], [PURPOSE, 'export']))).toBe('BAD_INPUT');
    expect(refusal(() => said([PURPOSE, 'export, export']))).toBe('BAD_INPUT');
  });
});
