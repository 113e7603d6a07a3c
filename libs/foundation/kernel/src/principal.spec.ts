import { describe, expect, it } from '@jest/globals';
import { EU, person, RECORD, US } from '@kernel/testing';
import type { Audience } from './marking.js';
import { actsFor, hasRole, partyOf, readerFor, type Principal } from './principal.js';

const own: Principal = { ...person(US, ['LIAISON', 'APPROVER']), breakGlassRecords: [RECORD] };
const under = (...subjects: string[]): Principal => ({
  ...own,
  deniedAs: ['country:EU' as Audience],
  mandate: { id: RECORD, delegate: EU, subjects, mayCommand: true },
});

describe('A principal', () => {
  it('reads in its own capacity all that it may, whatever it is about', () => {
    expect(readerFor(own, 'projects')).toBe(own);
    expect(readerFor(own, 'stockpiles')).toBe(own);
  });

  it('reads under a mandate what its subjects are about', () => {
    const { audiences, clearance, breakGlassRecords } = readerFor(under('projects', 'briefs'), 'projects');
    expect({ audiences, clearance, breakGlassRecords }).toEqual({
      audiences: own.audiences,
      clearance: 'SECRET',
      breakGlassRecords: [RECORD],
    });
  });

  it('reads under a mandate, of all else, what the public reads', () =>
    expect(readerFor(under('projects'), 'stockpiles')).toEqual({
      audiences: ['PUBLIC'],
      deniedAs: [...own.audiences, 'country:EU'],
      clearance: 'OPEN',
      breakGlassRecords: [],
    }));

  it('writes for its country, or for the secretariat, or not at all', () => {
    expect(partyOf(own)).toBe(US);
    expect(partyOf(person(null, 'SECRETARIAT'))).toBe('SECRETARIAT');
    expect(partyOf(person(null, ['AUDITOR', 'OBSERVER']))).toBeNull();
  });

  it('acts for its own country, in a role that it has', () => {
    expect(hasRole(own, 'DELEGATE', 'APPROVER')).toBe(true);
    expect(hasRole(own, 'DELEGATE')).toBe(false);
    expect(actsFor(own, US, 'DELEGATE', 'APPROVER')).toBe(true);
    expect(actsFor(own, US, 'DELEGATE')).toBe(false);
    expect(actsFor(own, EU, 'APPROVER')).toBe(false);
  });
});
