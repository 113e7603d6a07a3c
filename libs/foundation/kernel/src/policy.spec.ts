import { instant, type Instant } from './calendar.js';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LEVELS, ownerAlone, ownerAudience, TLP, type Audience, type GroupAudience, type Marking } from './marking.js';
import { admits, heightOf, isWithin, mayExport, mayRead, termsOf, type Reader } from './policy.js';
import { country, recordId, SECRETARIAT, type Party } from './values.js';

const parties: fc.Arbitrary<Party> = fc.constantFrom(...['JP', 'US', 'EU', 'CL'].map(country), SECRETARIAT);
const groups: fc.Arbitrary<GroupAudience> = fc.constantFrom(
  ...[1, 2].map((n): GroupAudience => `group:${recordId(`00000000-0000-5000-8000-00000000000${n}`)}`),
);
const audiences: fc.Arbitrary<Audience> = fc.oneof(
  fc.constantFrom<Audience>('PUBLIC', 'MEMBERS', SECRETARIAT),
  parties.map(ownerAudience),
  groups,
  fc.constant<Audience>('person:00000000-0000-5000-8000-00000000000a' as Audience),
);
const NOBODY = '00000000-0000-5000-8000-00000000000b';
const some = fc.uniqueArray(audiences);
const few = fc.uniqueArray(audiences, { maxLength: 1 });
const instants: fc.Arbitrary<Instant> = fc.constantFrom(
  ...['2026-01-01T00:00:00.000Z', '2026-06-01T09:00:00.000Z', '2028-02-29T23:59:59.999Z'].map(instant),
);
const levels = fc.constantFrom(...LEVELS);
const markings: fc.Arbitrary<Marking> = fc.record(
  {
    owner: parties,
    releaseTo: some,
    handling: fc.constantFrom(...TLP),
    displayOnlyTo: few,
    denyTo: few,
    needToKnow: fc.uniqueArray(groups, { maxLength: 2 }),
    level: levels,
    embargoUntil: instants,
    expiresAt: instants,
    aggregateOnly: fc.boolean(),
  },
  { requiredKeys: ['owner', 'releaseTo', 'handling'] },
);
const readers: fc.Arbitrary<Reader> = fc.record({
  audiences: some,
  deniedAs: few,
  clearance: levels,
  breakGlassRecords: fc.constant([]),
});
const everything = fc.tuple(markings, readers, instants);
const isDeniedAs = ({ denyTo = [] }: Marking, { deniedAs }: Reader): boolean =>
  denyTo.some((one) => deniedAs.includes(one));
const isOwn = ({ owner }: Marking, { audiences }: Reader): boolean => audiences.includes(ownerAudience(owner));

/** Everybody is one of the public, and the secretariat is one of the members. */
const withImplied = (audiences: readonly Audience[]): readonly Audience[] => [
  'PUBLIC',
  ...(audiences.includes(SECRETARIAT) ? (['MEMBERS'] as const) : []),
  ...audiences,
];

const holds = (law: (marking: Marking, who: Reader, now: Instant) => void): void =>
  fc.assert(
    fc.property(everything, ([marking, who, now]) => law(marking, who, now)),
    { numRuns: 1_000 },
  );

describe('Reading', () => {
  it('is the owner’s always, for a person who is cleared', () =>
    holds((marking, who, now) => {
      const isCleared = heightOf(who.clearance) >= heightOf(marking.level ?? 'OPEN');
      if (isOwn(marking, who) && !isDeniedAs(marking, who)) expect(mayRead(marking, who, now)).toBe(isCleared);
    }));

  it('is never for a delegate who is denied, whomever it acts for', () =>
    holds((marking, who, now) => {
      if (isDeniedAs(marking, who)) expect(mayRead(marking, who, now)).toBe(false);
    }));

  it('is as without a mandate for a delegate who is not denied: its own audiences open nothing', () =>
    holds((marking, who, now) => {
      if (!isDeniedAs(marking, who))
        expect(mayRead(marking, who, now)).toBe(mayRead(marking, { ...who, deniedAs: [] }, now));
    }));

  it('is closed by default: without a release, the owner alone reads', () =>
    holds((marking, who, now) => {
      if (!isOwn(marking, who)) expect(mayRead(ownerAlone(marking), who, now)).toBe(false);
    }));

  it.each<[string, (marking: Marking, who: Reader, now: Instant) => boolean]>([
    [
      'to whom nothing was released',
      ({ releaseTo, displayOnlyTo = [] }, { audiences: has }) =>
        ![...releaseTo, ...displayOnlyTo].some((one) => has.includes(one)),
    ],
    ['who is denied', ({ denyTo = [] }, { audiences: has }) => denyTo.some((one) => has.includes(one))],
    [
      'who lacks a group that is needed',
      ({ needToKnow = [] }, { audiences: has }) => !needToKnow.every((one) => has.includes(one)),
    ],
    ['before the embargo ends', ({ embargoUntil }, _, now) => embargoUntil !== undefined && now < embargoUntil],
    ['once it has expired', ({ expiresAt }, _, now) => expiresAt !== undefined && now >= expiresAt],
    ['of what is for totals only', ({ aggregateOnly }) => aggregateOnly === true],
  ])('is not for another %s', (_, isShut) =>
    holds((marking, who, now) => {
      if (!isOwn(marking, who) && isShut(marking, who, now)) expect(mayRead(marking, who, now)).toBe(false);
    }),
  );

  it('is for everybody else', () =>
    holds((marking, who, now) => {
      const { releaseTo, displayOnlyTo = [], denyTo = [], needToKnow = [], embargoUntil, expiresAt } = marking;
      const is = (one: Audience): boolean => who.audiences.includes(one);
      const isOpen = (embargoUntil ?? now) <= now && (expiresAt === undefined || now < expiresAt);
      const isFit = heightOf(who.clearance) >= heightOf(marking.level ?? 'OPEN') && !marking.aggregateOnly;
      const isDenied = denyTo.some(is) || isDeniedAs(marking, who);
      if ([...releaseTo, ...displayOnlyTo].some(is) && !isDenied && needToKnow.every(is) && isOpen && isFit)
        expect(mayRead(marking, who, now)).toBe(true);
    }));

  it('opens at the very millisecond in which the embargo ends, and ends at that of the expiry', () => {
    const now = instant('2028-02-29T12:00:00.000Z');
    const [before, after] = ['2028-02-29T11:59:59.999Z', '2028-02-29T12:00:00.001Z'].map(instant) as [Instant, Instant];
    const open: Marking = { owner: country('JP'), releaseTo: ['PUBLIC'], handling: 'CLEAR' };
    const anyone: Reader = { audiences: ['PUBLIC'], deniedAs: [], clearance: 'OPEN', breakGlassRecords: [] };
    const seen = (limits: Partial<Marking>): boolean[] =>
      [before, now, after].map((at) => mayRead({ ...open, ...limits }, anyone, at));
    expect(seen({ embargoUntil: now })).toEqual([false, true, true]);
    expect(seen({ expiresAt: now })).toEqual([true, false, false]);
  });

  it('is for nobody who has no audience', () =>
    holds((marking, who, now) => expect(mayRead(marking, { ...who, audiences: [] }, now)).toBe(false)));

  it('never shrinks when a marking is released to more, nor when a reader is cleared higher', () =>
    fc.assert(
      fc.property(everything, audiences, ([marking, who, now], more) => {
        if (!mayRead(marking, who, now)) return;
        expect(mayRead({ ...marking, releaseTo: [...marking.releaseTo, more] }, who, now)).toBe(true);
        expect(mayRead(marking, { ...who, clearance: 'SECRET' }, now)).toBe(true);
      }),
    ));

  it('names the owner first among the readers, and each once', () =>
    holds((marking) => {
      const { owner, readers: all } = termsOf(marking);
      expect(all[0]).toBe(owner);
      expect(new Set(all).size).toBe(all.length);
    }));
});

describe('Taking away', () => {
  it('is never for whom it is only shown to, and always for whom it is released to', () =>
    holds((marking, who, now) => {
      const { displayOnlyTo: _, ...released } = marking;
      expect(mayExport(marking, who, now)).toBe(mayRead(released, who, now));
    }));
});

describe('A marking within another', () => {
  it('admits nobody but its owner whom the other does not admit', () =>
    fc.assert(
      fc.property(markings, everything, (marking, [source, someone, now]) => {
        const who = { ...someone, audiences: withImplied(someone.audiences) };
        if (!isWithin(marking, source) || isOwn(marking, who) || isOwn(source, who)) return;
        if (mayRead(marking, who, now)) expect(admits(termsOf(source), who, now)).toBe(true);
      }),
      { numRuns: 20_000 },
    ));

  it('is the same one, and every one that says more against reading', () =>
    fc.assert(
      fc.property(markings, audiences, levels, (marking, denied, level) => {
        expect(isWithin(marking, marking)).toBe(true);
        expect(isWithin({ ...marking, denyTo: [...(marking.denyTo ?? []), denied] }, marking)).toBe(true);
        if (heightOf(level) >= heightOf(marking.level ?? 'OPEN'))
          expect(isWithin({ ...marking, level }, marking)).toBe(true);
      }),
    ));

  it('is not one that is released to others', () => {
    const source: Marking = { owner: country('JP'), releaseTo: ['country:US' as Audience], handling: 'AMBER' };
    const quote: Marking = { owner: country('US'), releaseTo: ['country:EU' as Audience], handling: 'AMBER' };
    expect(isWithin(quote, source)).toBe(false);
    expect(isWithin({ ...quote, releaseTo: [] }, source)).toBe(true);
  });

  it('is under every limit of the other, for as long', () => {
    const open: Marking = { owner: country('JP'), releaseTo: ['PUBLIC'], handling: 'CLEAR' };
    const [early, late] = [instant('2026-01-01T00:00:00.000Z'), instant('2026-02-01T00:00:00.000Z')] as const;
    const limits: readonly [of: Partial<Marking>, within: Partial<Marking>, outside: Partial<Marking>][] = [
      [{ embargoUntil: late }, { embargoUntil: late }, { embargoUntil: early }],
      [{ expiresAt: early }, { expiresAt: early }, { expiresAt: late }],
      [{ level: 'CONFIDENTIAL' }, { level: 'SECRET' }, { level: 'RESTRICTED' }],
      [{ denyTo: ['country:US' as Audience] }, { denyTo: ['country:US' as Audience] }, { denyTo: [] }],
    ];
    for (const [of, within, outside] of limits) {
      expect(isWithin({ ...open, ...within }, { ...open, ...of })).toBe(true);
      expect(isWithin({ ...open, ...outside }, { ...open, ...of })).toBe(false);
      expect(isWithin(open, { ...open, ...of })).toBe(false);
    }
  });

  it('takes the secretariat for one of the members, and nobody else', () => {
    const within = (one: Audience, of: Audience): boolean =>
      isWithin(
        { owner: country('US'), releaseTo: [one], handling: 'AMBER' },
        { owner: country('JP'), releaseTo: [of], handling: 'AMBER' },
      );
    const others = ['country:CL', `group:${NOBODY}`, `person:${NOBODY}`] as string[] as Audience[];
    const all: readonly Audience[] = ['PUBLIC', 'MEMBERS', SECRETARIAT, ...others];
    expect(all.filter((one) => within(one, 'MEMBERS'))).toEqual(['MEMBERS', SECRETARIAT]);
    expect(all.filter((one) => within(one, 'PUBLIC'))).toEqual(all);
    expect(all.filter((one) => within(one, SECRETARIAT))).toEqual([SECRETARIAT]);
  });
});
