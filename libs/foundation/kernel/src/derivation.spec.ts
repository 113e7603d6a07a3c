import type { Instant } from './calendar.js';
import { describe, expect, it } from '@jest/globals';
import { EU, JP, markedFor, NOW, person, RECORD, US } from '@kernel/testing';
import fc from 'fast-check';
import { derivationObstacle, isNarrower, type DerivationApproval } from './derivation.js';
import type { Audience, Marking } from './marking.js';
import { mayExport, mayRead } from './policy.js';
import type { RecordId } from './values.js';

const OTHER = '00000000-0000-5000-8000-000000000002' as RecordId;
const [before, after] = ['2026-06-01T08:59:59.999Z', '2026-06-01T09:00:00.001Z'] as Instant[];
const writer = person(US, 'LIAISON');
const forMembers = markedFor(JP, 'MEMBERS');
const approval = (given: Partial<DerivationApproval> = {}): DerivationApproval => ({
  source: RECORD,
  to: US,
  audience: [],
  until: null,
  ...given,
});
const obstacle = (marking: Marking, source: Marking, ...approvals: DerivationApproval[]) =>
  derivationObstacle(marking, { id: RECORD, marking: source }, approvals, writer, NOW);

describe('A record derived from another party’s', () => {
  it('may go to whom the source goes', () => {
    expect(obstacle(markedFor(US), forMembers)).toBeNull();
    expect(obstacle(markedFor(US, 'MEMBERS'), forMembers)).toBeNull();
    expect(obstacle(markedFor(US, 'PUBLIC'), forMembers)).toBe('TOO_WIDE');
  });
  it('goes further where the owner has approved it, and only there', () => {
    const chile = markedFor(US, 'MEMBERS', 'country:CL' as Audience);
    expect(obstacle(chile, forMembers)).toBe('TOO_WIDE');
    expect(obstacle(chile, forMembers, approval({ audience: ['country:CL' as Audience] }))).toBeNull();
    expect(obstacle(chile, forMembers, approval({ audience: ['country:KR' as Audience] }))).toBe('TOO_WIDE');
  });
  it('keeps what the source says against readers, whatever was approved', () => {
    const chile = 'country:CL' as Audience;
    const source: Marking = { ...forMembers, denyTo: [chile], level: 'SECRET' };
    expect(obstacle(markedFor(US, chile), source, approval({ audience: [chile] }))).toBe('TOO_WIDE');
    const kept: Marking = { ...markedFor(US, 'MEMBERS'), denyTo: [chile], level: 'SECRET' };
    expect(obstacle(kept, source)).toBeNull();
    expect(obstacle({ ...kept, level: 'CONFIDENTIAL' }, source, approval())).toBe('TOO_WIDE');
    const embargoed: Marking = { ...forMembers, embargoUntil: before! };
    expect(obstacle(markedFor(US, 'MEMBERS'), embargoed)).toBe('TOO_WIDE');
    expect(obstacle({ ...markedFor(US, 'MEMBERS'), embargoUntil: before! }, embargoed)).toBeNull();
  });
  it('is not for export where the source is only shown', () => {
    const korea = 'country:KR' as Audience;
    const shown: Marking = { ...forMembers, displayOnlyTo: [korea] };
    expect(obstacle(markedFor(US, korea), shown)).toBe('TOO_WIDE');
    expect(obstacle({ ...markedFor(US), displayOnlyTo: [korea] }, shown)).toBeNull();
  });
});

describe('The owner’s approval', () => {
  const controlled: Marking = { ...forMembers, originatorControl: true };
  const derived: Marking = { ...markedFor(US, 'MEMBERS'), originatorControl: true };
  it('is needed where the owner controls what is derived', () => {
    expect(obstacle(derived, controlled)).toBe('UNAPPROVED');
    expect(obstacle(derived, controlled, approval())).toBeNull();
  });
  it('leaves what is derived under control', () =>
    expect(obstacle(markedFor(US, 'MEMBERS'), controlled, approval())).toBe('TOO_WIDE'));
  it('is for one party, one source and its time', () => {
    expect(obstacle(derived, controlled, approval({ to: EU }))).toBe('UNAPPROVED');
    expect(obstacle(derived, controlled, approval({ source: OTHER }))).toBe('UNAPPROVED');
    expect(obstacle(derived, controlled, approval({ until: NOW }))).toBe('UNAPPROVED');
    expect(obstacle(derived, controlled, approval({ until: after! }))).toBeNull();
  });
  it('is needed for what is only shown', () => {
    const shown: Marking = { ...markedFor(JP), displayOnlyTo: ['country:US' as Audience] };
    expect(obstacle(markedFor(US), shown)).toBe('UNAPPROVED');
    expect(obstacle(markedFor(US), shown, approval())).toBeNull();
  });
  it('is needed for what is released to the one person who writes', () => {
    const named: Audience = `person:${writer.person}`;
    const asking = { ...writer, audiences: [...writer.audiences, named] };
    const source = { id: RECORD, marking: markedFor(JP, named) };
    expect(derivationObstacle(markedFor(US), source, [], asking, NOW)).toBe('UNAPPROVED');
    expect(derivationObstacle(markedFor(US), source, [approval()], asking, NOW)).toBeNull();
  });
  it('is not needed of oneself, whose control ends at oneself', () => {
    expect(obstacle(markedFor(US, 'MEMBERS'), { ...markedFor(US, 'MEMBERS'), originatorControl: true })).toBeNull();
    expect(obstacle(markedFor(US, 'PUBLIC'), markedFor(US, 'MEMBERS'))).toBe('TOO_WIDE');
  });
});

describe('A narrower marking', () => {
  const audiences = fc.uniqueArray(
    fc.constantFrom<Audience>('PUBLIC', 'MEMBERS', 'country:US' as Audience, 'country:KR' as Audience),
  );
  const markings = fc
    .record({
      releaseTo: audiences,
      displayOnlyTo: audiences,
      denyTo: audiences,
      originatorControl: fc.boolean(),
      aggregateOnly: fc.boolean(),
    })
    .map((parts): Marking => ({ owner: JP, handling: 'AMBER', ...parts }));

  it('lets nobody but the owner read, take out or derive freely who could not before', () =>
    fc.assert(
      fc.property(markings, markings, fc.constantFrom(US, EU), (marking, than, country) => {
        if (!isNarrower(marking, than)) return;
        const who = person(country, 'LIAISON');
        if (mayRead(marking, who, NOW)) expect(mayRead(than, who, NOW)).toBe(true);
        if (mayExport(marking, who, NOW)) expect(mayExport(than, who, NOW)).toBe(true);
        if (than.originatorControl) expect(marking.originatorControl).toBe(true);
      }),
      { numRuns: 5_000 },
    ));
  it('is the same one', () =>
    fc.assert(fc.property(markings, (marking) => expect(isNarrower(marking, marking)).toBe(true))));
});
