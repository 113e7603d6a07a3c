import { describe, it } from '@jest/globals';
import { day, type Marking } from '@kernel';
import { JP, markedFor, secretariat, specify } from '@kernel/testing';
import { memberRecordType } from './member.record.js';
import type { AdmitMember } from './member.record.js';
import type { MemberAdmitted } from './member.events.js';

const marking: Marking = { ...markedFor('SECRETARIAT', 'PUBLIC'), handling: 'CLEAR' };
const admit: AdmitMember = {
  type: 'AdmitMember',
  country: JP,
  since: day('2026-02-04'),
  profile: ['REFINER', 'CONSUMER'],
};
const admitted: MemberAdmitted = {
  type: 'access.MemberAdmitted.v1',
  data: { country: JP, since: day('2026-02-04'), profile: ['REFINER', 'CONSUMER'], marking },
};
const member = specify(memberRecordType);

describe('A member', () => {
  it('is admitted by an entry in the roster', () =>
    member.given().when(admit, secretariat, { marking }).then(admitted));
  it('is admitted from today at the latest', () => {
    const today = { ...admit, since: day('2026-06-01') };
    member
      .given()
      .when(today, secretariat, { marking })
      .then({ ...admitted, data: { ...admitted.data, since: today.since } });
    member
      .given()
      .when({ ...admit, since: day('2026-06-02') }, secretariat)
      .thenRejected('MEMBERS.SINCE_IN_FUTURE');
  });
  it('is admitted on a day that has begun in the east only', () => {
    const since = day('2026-06-02');
    member
      .given()
      .when({ ...admit, since }, secretariat, { marking, now: '2026-06-01T10:00:00.000Z' as never })
      .then({ ...admitted, data: { ...admitted.data, since } });
  });
  it('is admitted once', () => {
    member.given(admitted).when(admit, secretariat).thenNothing();
    member
      .given(admitted)
      .when({ ...admit, profile: ['CONSUMER', 'REFINER'] }, secretariat)
      .thenNothing();
    const { profile: _, ...bare } = admit;
    const { profile: __, ...data } = admitted.data;
    member
      .given({ ...admitted, data })
      .when(bare, secretariat)
      .thenNothing();
  });
  it.each<Partial<AdmitMember>>([
    { since: day('2026-02-05') },
    { since: day('2026-06-02') },
    { profile: ['REFINER'] },
    { profile: [] },
  ])('is not admitted again with other particulars: %j', (particulars) =>
    member
      .given(admitted)
      .when({ ...admit, ...particulars }, secretariat)
      .thenRejected('MEMBERS.ALREADY_ADMITTED'),
  );
  it('is not admitted again without its profile', () => {
    const { profile: _, ...bare } = admit;
    member.given(admitted).when(bare, secretariat).thenRejected('MEMBERS.ALREADY_ADMITTED');
  });
});

describe('A member that leaves', () => {
  const leave = { type: 'WithdrawMember', country: JP, reason: 'by its note' } as const;
  const left = { type: 'access.MemberWithdrawn.v1', data: { country: JP, reason: 'by its note' } } as const;
  it('is off the roster', () => member.given(admitted).when(leave, secretariat).then(left));
  it('leaves once', () => member.given(admitted, left).when(leave, secretariat).thenNothing());
  it('may be admitted again, also with other particulars', () => {
    const again = { ...admit, since: day('2026-05-01') };
    member
      .given(admitted, left)
      .when(again, secretariat, { marking })
      .then({ ...admitted, data: { ...admitted.data, since: again.since } });
  });
});
