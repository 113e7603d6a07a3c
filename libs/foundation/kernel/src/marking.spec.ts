import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  audience,
  audienceName,
  handlingAllows,
  isSameMarking,
  LEVELS,
  ownerAudience,
  TLP,
  usualHandling,
  type Audience,
  type GroupAudience,
  type Marking,
} from './marking.js';
import { instant } from './calendar.js';
import { country, personRef, recordId, SECRETARIAT, type Party } from './values.js';

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

describe('Two markings', () => {
  const persons = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'].map(personRef);
  const instants = fc.constantFrom(...['2027-01-01T00:00:00.000Z', '2027-01-01T00:00:00.001Z'].map(instant));
  const needed = fc.uniqueArray(groups.map((id): GroupAudience => `group:${id}`));
  const values: { readonly [K in keyof Marking]-?: fc.Arbitrary<NonNullable<Marking[K]>> } = {
    owner: parties,
    ownerPerson: fc.constantFrom(...persons),
    releaseTo: some,
    handling: fc.constantFrom(...TLP),
    displayOnlyTo: some,
    denyTo: some,
    needToKnow: needed,
    level: fc.constantFrom(...LEVELS),
    originatorControl: fc.boolean(),
    embargoUntil: instants,
    expiresAt: instants,
    aggregateOnly: fc.boolean(),
  };
  const markings = fc.record(values, {
    requiredKeys: ['owner', 'releaseTo', 'handling'],
    noNullPrototype: true,
  }) as fc.Arbitrary<Marking>;
  const saidOf = (field: keyof Marking, value: unknown): unknown =>
    Array.isArray(value)
      ? [...(value as string[])].sort()
      : field === 'level'
        ? (value ?? 'OPEN')
        : ['originatorControl', 'aggregateOnly'].includes(field)
          ? (value ?? false)
          : ['releaseTo', 'displayOnlyTo', 'denyTo', 'needToKnow'].includes(field)
            ? (value ?? [])
            : (value ?? null);

  it.each(Object.keys(values) as (keyof Marking)[])('are told apart by %s alone', (field) =>
    fc.assert(
      fc.property(markings, values[field] as fc.Arbitrary<unknown>, (one, value) => {
        const other = { ...one, [field]: value };
        const isEqual = JSON.stringify(saidOf(field, one[field])) === JSON.stringify(saidOf(field, value));
        expect(isSameMarking(one, other)).toBe(isEqual);
        expect(isSameMarking(other, one)).toBe(isEqual);
      }),
    ),
  );
  it('are the same in whatever order they name what', () =>
    fc.assert(
      fc.property(markings, (marking) => {
        const turned = Object.fromEntries(
          Object.entries(marking)
            .reverse()
            .map(([field, value]) => [field, Array.isArray(value) ? value.toReversed() : value]),
        ) as Marking;
        expect(isSameMarking(marking, turned)).toBe(true);
      }),
    ));
});
