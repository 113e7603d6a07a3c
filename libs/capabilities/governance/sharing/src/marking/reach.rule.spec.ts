import { describe, expect, it } from '@jest/globals';
import { admits, audience, mayRead, termsOf, type Audience, type GroupAudience, type Marking } from '@kernel';
import { JP, markedFor, NOW, US } from '@kernel/testing';
import fc from 'fast-check';
import { groupsIn, reachOf } from './reach.rule.js';

const A: GroupAudience = 'group:00000000-0000-4000-8000-00000000000a' as GroupAudience;
const B: GroupAudience = 'group:00000000-0000-4000-8000-00000000000b' as GroupAudience;
const [before, after] = ['2026-05-01T00:00:00.000Z', '2026-07-01T00:00:00.000Z'] as never[];
const america: readonly Audience[] = ['PUBLIC', 'MEMBERS', `country:${US}`];
const verdict = (marking: Marking, unknown: GroupAudience[] = [], audiences = america) =>
  reachOf(marking, audiences, unknown, NOW).verdict;

describe('What a marking means for somebody', () => {
  it('is told with what lets them in and what shuts them out', () => {
    expect(reachOf({ ...markedFor(JP, 'MEMBERS', A), needToKnow: [B] }, america, [], NOW)).toEqual({
      verdict: 'HIDDEN',
      because: ['MEMBERS'],
      deniedBy: [],
      lacks: [B],
    });
    expect(reachOf({ ...markedFor(JP, 'MEMBERS'), denyTo: [`country:${US}`] }, america, [], NOW)).toMatchObject({
      verdict: 'HIDDEN',
      deniedBy: ['country:US'],
    });
  });
  it('tells reading from looking', () => {
    expect(verdict(markedFor(JP, 'MEMBERS'))).toBe('READS');
    expect(verdict({ ...markedFor(JP), displayOnlyTo: ['MEMBERS'] })).toBe('DISPLAY_ONLY');
  });
  it('tells what comes and what is over', () => {
    expect(verdict({ ...markedFor(JP, 'MEMBERS'), embargoUntil: after! })).toBe('NOT_YET');
    expect(verdict({ ...markedFor(JP, 'MEMBERS'), embargoUntil: before! })).toBe('READS');
    expect(verdict({ ...markedFor(JP, 'MEMBERS'), expiresAt: before! })).toBe('NO_LONGER');
    expect(verdict({ ...markedFor(JP, 'MEMBERS'), expiresAt: after! })).toBe('READS');
    expect(verdict({ ...markedFor(JP, 'MEMBERS'), embargoUntil: after! }, [], ['country:JP' as Audience])).toBe(
      'READS',
    );
    expect(verdict({ ...markedFor(JP), embargoUntil: after! })).toBe('HIDDEN');
  });
  it('is left open where it hangs on a group whose members the asker may not know', () => {
    expect(verdict(markedFor(JP, A), [A])).toBe('DEPENDS');
    expect(verdict(markedFor(JP, A), [])).toBe('HIDDEN');
    expect(verdict(markedFor(JP, A), [A], [...america, A])).toBe('READS');
    expect(verdict({ ...markedFor(JP, 'MEMBERS'), denyTo: [A] }, [A])).toBe('DEPENDS');
    expect(verdict({ ...markedFor(JP, 'MEMBERS'), needToKnow: [A] }, [A])).toBe('DEPENDS');
    expect(verdict({ ...markedFor(JP, A), denyTo: [A] }, [A])).toBe('HIDDEN');
  });

  it('is what the kernel’s policy says, whatever the groups are that the asker does not know', () => {
    const all = ['PUBLIC', 'MEMBERS', 'country:US', 'country:EU', A, B] as Audience[];
    const some = fc.subarray(all);
    const groups = fc.subarray([A, B]);
    fc.assert(
      fc.property(
        some,
        some,
        some,
        groups,
        groups,
        fc.boolean(),
        (releaseTo, displayOnlyTo, denyTo, needToKnow, unknown, totals) => {
          const marking: Marking = {
            ...markedFor(JP, ...releaseTo),
            displayOnlyTo,
            denyTo,
            needToKnow,
            ...(totals && { aggregateOnly: true }),
          };
          const worlds = [[], [A], [B], [A, B]]
            .filter((world) => world.every((each) => unknown.includes(each)))
            .map((world) =>
              mayRead(marking, { audiences: [...america, ...world], deniedAs: [], clearance: 'SECRET' }, NOW),
            );
          const said = verdict(marking, unknown);
          if (said === 'HIDDEN') expect(worlds).not.toContain(true);
          else if (said === 'DEPENDS') expect(new Set(worlds).size).toBe(2);
          else expect(worlds).not.toContain(false);
        },
      ),
      { numRuns: 3_000 },
    );
  });
  it('supposes that they are cleared', () => {
    const secret: Marking = { ...markedFor(JP, 'MEMBERS'), level: 'SECRET' };
    expect(verdict(secret)).toBe('READS');
    expect(admits(termsOf(secret), { audiences: america, deniedAs: [], clearance: 'OPEN' }, NOW)).toBe(false);
  });
});

describe('The groups of a marking', () => {
  it('are those of all its parts, each once', () =>
    expect(groupsIn({ ...markedFor(JP, A, audience('US')), displayOnlyTo: [B], denyTo: [A], needToKnow: [A] })).toEqual(
      [A, B],
    ));
});
