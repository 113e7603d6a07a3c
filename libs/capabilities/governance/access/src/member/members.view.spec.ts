import { describe, it } from '@jest/globals';
import { day, type Marking } from '@kernel';
import { JP, markedFor, specifyView } from '@kernel/testing';
import { membersView } from './members.view.js';

const marking: Marking = { ...markedFor('SECRETARIAT', 'PUBLIC'), handling: 'CLEAR' };
const data = { country: JP, since: day('2026-02-04'), profile: ['CONSUMER'] as const, marking };

describe('The roster', () => {
  it('has a row for each country, under its code', () => {
    const roster = specifyView(membersView).given({ type: 'access.MemberAdmitted.v1', data });
    roster.thenRow(data, 'JP');
    roster.thenRow(null, 'US');
  });
  it('has none for a country that left, until it is admitted again', () => {
    const [admitted, left] = [
      { type: 'access.MemberAdmitted.v1', data } as const,
      { type: 'access.MemberWithdrawn.v1', data: { country: JP } } as const,
    ];
    specifyView(membersView).given(admitted, left).thenRow(null, 'JP');
    specifyView(membersView).given(admitted, left, admitted).thenRow(data, 'JP');
  });
});
