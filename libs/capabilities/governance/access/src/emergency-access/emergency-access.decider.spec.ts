import { describe, it } from '@jest/globals';
import { instant, recordId } from '@kernel';
import { JP, markedFor, person, RECORD, secretariat, specify } from '@kernel/testing';
import { emergencyAccessRecordType } from './emergency-access.record.js';
import type { EmergencyAccessRequested } from './emergency-access.events.js';

const record = recordId('00000000-0000-5000-8000-000000000002');
const approver = person(JP, 'APPROVER');
const marking = markedFor('SECRETARIAT', `country:${JP}`);
const ask = { type: 'RequestEmergencyAccess', record, reason: 'a dam broke', approver: JP } as const;
const approve = { type: 'ApproveEmergencyAccess', id: RECORD } as const;
const refuse = { type: 'RefuseEmergencyAccess', id: RECORD, reason: 'ask the owner' } as const;
const asked: EmergencyAccessRequested = {
  type: 'access.EmergencyAccessRequested.v1',
  data: { record, reason: 'a dam broke', approver: JP, requestedBy: secretariat.person, marking },
};
const approved = {
  type: 'access.EmergencyAccessApproved.v1',
  data: { approvedBy: approver.person, until: instant('2026-06-01T10:00:00.000Z') },
} as const;
const refused = {
  type: 'access.EmergencyAccessRefused.v1',
  data: { refusedBy: approver.person, reason: 'ask the owner' },
} as const;
const emergency = specify(emergencyAccessRecordType);

describe('An emergency access', () => {
  it('is asked for with a reason', () => emergency.given().when(ask, secretariat, { marking }).then(asked));
  it('lasts an hour from its approval', () => {
    emergency.given(asked).when(approve, approver).then(approved);
    emergency
      .given(asked)
      .when(approve, approver, { now: instant('2026-12-31T23:30:00.001Z') })
      .then({ ...approved, data: { ...approved.data, until: instant('2027-01-01T00:30:00.001Z') } });
  });
  it('does not last longer when it is approved twice', () =>
    emergency
      .given(asked, approved)
      .when(approve, person(JP, 'DELEGATE', 'b'))
      .thenNothing());
  it('is refused, once', () => {
    emergency.given(asked).when(refuse, approver).then(refused);
    emergency.given(asked, refused).when(refuse, approver).thenNothing();
  });
  it('is ended before its time', () => emergency.given(asked, approved).when(refuse, approver).then(refused));
  it('is not approved once it was refused or ended', () => {
    emergency.given(asked, refused).when(approve, approver).thenRejected('EMERGENCIES.REFUSED');
    emergency.given(asked, approved, refused).when(approve, approver).thenRejected('EMERGENCIES.REFUSED');
  });
  it.each([approve, refuse])('needs two persons, whatever the role: $type', (command) =>
    emergency
      .given(asked)
      .when(command, { ...approver, person: secretariat.person })
      .thenRejected('EMERGENCIES.SAME_PERSON'),
  );
  it.each([approve, refuse])('must have been asked for: $type', (command) =>
    emergency.given().when(command, approver).thenRejected('EMERGENCIES.NOT_FOUND'),
  );
});
