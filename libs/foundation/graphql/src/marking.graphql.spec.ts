import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { EU, JP, markedFor, NOW, person, RECORD, secretariat, US } from '@kernel/testing';
import { instant, type Audience, type Instant, type GroupAudience, type Marking } from '@kernel';
import { shownMarking } from './marking.graphql.js';

const group: GroupAudience = `group:${RECORD}`;
const marking: Marking = {
  ...markedFor(JP, 'MEMBERS', group),
  displayOnlyTo: ['country:KR' as Audience],
  denyTo: ['country:CL' as Audience],
  needToKnow: [group],
  level: 'RESTRICTED',
  originatorControl: true,
  embargoUntil: instant('2026-01-01T00:00:00.000Z'),
  expiresAt: instant('2100-01-01T00:00:00.000Z'),
};
const japan = person(JP, 'LIAISON');

describe('A marking', () => {
  it('is told in full to its owner’s own people', () =>
    expect(shownMarking({ ...marking, aggregateOnly: true }, japan, NOW)).toMatchObject({
      owner: 'JP',
      releaseTo: ['MEMBERS', RECORD],
      displayOnlyTo: ['KR'],
      denyTo: ['CL'],
      needToKnow: [RECORD],
      embargoUntil: marking.embargoUntil,
      expiresAt: marking.expiresAt,
      aggregateOnly: true,
    }));

  it.each([
    ['another country', person(US, 'DELEGATE')],
    ['the secretariat', secretariat],
    [
      'whoever acts for the owner under a mandate',
      { ...japan, mandate: { id: RECORD, delegate: EU, subjects: ['projects'], mayCommand: true } },
    ],
  ])('tells %s whose it is and how it may be used, and not whom else it goes to, nor when', (_, who) =>
    expect(shownMarking(marking, who, NOW)).toEqual({
      owner: 'JP',
      handling: 'AMBER',
      level: 'RESTRICTED',
      originatorControl: true,
      mayExport: expect.any(Boolean),
      releaseTo: null,
      displayOnlyTo: null,
      denyTo: null,
      needToKnow: null,
      embargoUntil: null,
      expiresAt: null,
      aggregateOnly: null,
    }),
  );

  it('tells its reader whether it may be taken away', () => {
    const korea = { ...person(US, 'LIAISON'), audiences: ['country:KR' as Audience] };
    const shown = { ...markedFor(JP), displayOnlyTo: ['country:KR' as Audience] };
    expect(shownMarking(shown, korea, NOW).mayExport).toBe(false);
    expect(shownMarking(markedFor(JP, 'country:KR' as Audience), korea, NOW).mayExport).toBe(true);
  });
  it('may be exported until it expires, by the clock that all nodes share', () => {
    const korea = { ...person(US, 'LIAISON'), audiences: ['country:KR' as Audience] };
    const expiring = { ...markedFor(JP, 'country:KR' as Audience), expiresAt: '2026-06-01T10:00:00.000Z' as Instant };
    expect(shownMarking(expiring, korea, '2026-06-01T09:59:59.999Z' as Instant).mayExport).toBe(true);
    expect(shownMarking(expiring, korea, '2026-06-01T10:00:00.000Z' as Instant).mayExport).toBe(false);
  });
});
