import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { audience, audienceName, handlingAllows, ownerAudience, TLP, usualHandling, type Audience } from './marking.js';
import { country, recordId, SECRETARIAT, type Party } from './values.js';

const parties: fc.Arbitrary<Party> = fc.constantFrom(...['JP', 'US', 'EU', 'CL'].map(country), SECRETARIAT);
const groups = fc.constantFrom(...[1, 2].map((n) => recordId(`00000000-0000-5000-8000-00000000000${n}`)));
const audiences: fc.Arbitrary<Audience> = fc.oneof(
  fc.constantFrom<Audience>('PUBLIC', 'MEMBERS', SECRETARIAT),
  parties.map(ownerAudience),
  groups.map((id): Audience => `group:${id}`),
);
const some = fc.uniqueArray(audiences);
describe('An audience', () => {
  it.each([
    ['JP', 'country:JP'],
    ['EU', 'country:EU'],
    ['MEMBERS', 'MEMBERS'],
    ['PUBLIC', 'PUBLIC'],
    ['SECRETARIAT', 'SECRETARIAT'],
    ['00000000-0000-5000-8000-000000000001', 'group:00000000-0000-5000-8000-000000000001'],
    ['person:00000000-0000-5000-8000-000000000002', 'person:00000000-0000-5000-8000-000000000002'],
  ])('is written %s by clients and %s in markings', (given, kept) => {
    expect(audience(given)).toBe(kept);
    expect(audienceName(audience(given))).toBe(given);
  });

  it.each(['', 'XX', 'members', 'country:JP', 'group:x', 'JP,US', 'ALL', 'person:', 'person:JP'])(
    'is not %j',
    (given) => expect(() => audience(given)).toThrow('must name a country code such as JP'),
  );

  it('never holds a comma, which parts audiences on their way to the database', () =>
    fc.assert(
      fc.property(fc.oneof(audiences.map(audienceName), fc.string()), (given) => {
        try {
          expect(audience(given)).not.toContain(',');
        } catch (error) {
          expect((error as Error).name).toBe('InvalidValue');
        }
      }),
    ));
});

describe('Handling', () => {
  it('that is usual for an audience is always allowed', () =>
    fc.assert(
      fc.property(some, (releaseTo) => expect(handlingAllows(usualHandling(releaseTo), releaseTo)).toBe(true)),
    ));

  it('of the public is CLEAR and nothing else', () =>
    expect(TLP.filter((handling) => handlingAllows(handling, ['country:JP' as Audience, 'PUBLIC']))).toEqual([
      'CLEAR',
    ]));

  it('RED does not go to all members', () =>
    expect(TLP.filter((handling) => !handlingAllows(handling, ['MEMBERS']))).toEqual(['RED']));

  it('is free among named recipients', () =>
    expect(TLP.filter((handling) => handlingAllows(handling, ['country:JP' as Audience]))).toEqual([...TLP]));
});
