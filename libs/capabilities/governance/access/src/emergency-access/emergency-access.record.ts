import {
  accept,
  anHourAfter,
  country,
  inPerson,
  recordType,
  members,
  peopleIn,
  recordId,
  reject,
  required,
  secretariat,
  text,
  type Given,
  type Instant,
  type PersonRef,
} from '@kernel';
import { isMember, type MemberState } from '../member/member.record.js';
import type { Emergency, EmergencyAccessEvent } from './emergency-access.events.js';

export const emergencyAccessRejections = {
  'EMERGENCIES.NOT_FOUND': 'There is no such emergency access, or it was not released to you.',
  'EMERGENCIES.APPROVER_NOT_MEMBER':
    'The country that is to approve is not a member of the alliance: name one that is.',
  'EMERGENCIES.SAME_PERSON': 'Whoever asked for the access cannot decide on it: another person has to.',
  'EMERGENCIES.REFUSED': 'The access was refused or ended: ask for it anew.',
} as const;

export type EmergencyAccessState =
  | (Emergency & {
      readonly requestedBy: PersonRef;
      /** Null while nobody has decided, and where it was refused or ended. */
      readonly until: Instant | null;
      readonly isRefused: boolean;
    })
  | null;

const emergencyAccess = recordType<EmergencyAccessEvent, EmergencyAccessState>()({
  category: 'emergencyAccess',
  rejections: emergencyAccessRejections,
  notFound: 'EMERGENCIES.NOT_FOUND',
  isMarkingFixed: true,
  encrypted: false,
  initial: null,
  evolve: {
    'access.EmergencyAccessRequested.v1': (_, { marking: __, ...request }) => ({
      ...request,
      until: null,
      isRefused: false,
    }),
    'access.EmergencyAccessApproved.v1': (state, data) => state && { ...state, until: data.until },
    'access.EmergencyAccessRefused.v1': (state) => state && { ...state, until: null, isRefused: true },
  },
});

const notMember = reject('EMERGENCIES.APPROVER_NOT_MEMBER', { field: 'approver' });

/** Delegates and approvers of the member state that the request names. */
const approvers = inPerson({
  ...peopleIn((state: EmergencyAccessState) => state?.approver ?? null, 'DELEGATE', 'APPROVER'),
  mayIssue: members('DELEGATE', 'APPROVER').mayIssue,
});

/** A person of the secretariat asks to read a record whatever its marking says. */
export const requestEmergencyAccess = emergencyAccess.create({
  type: 'RequestEmergencyAccess',
  description:
    'Ask to read one record whatever its marking says. For the secretariat; a member state has to agree, and the record’s owner is shown it.',
  input: {
    description: 'One record that you have to read although it was not released to you.',
    of: {
      record: required(recordId, 'Id of the record. The answer is the same where there is no such record.'),
      reason: required(text(2000), 'Why, for the approver and the record’s owner.'),
      approver: required(country, 'The member state whose delegate or approver has to agree.'),
    },
  },
  // The record that is asked for is no reference: whether it exists must not show.
  refersTo: ({ approver }) => [
    {
      category: 'member',
      at: { key: approver },
      missing: notMember,
      rejectIf: (member: MemberState) => (isMember(member) ? null : notMember),
    },
  ],
  defaultMarking: ({ approver }) => ({ releaseTo: [`country:${approver}`] }),
  may: [secretariat],
  decide: (given, { who, marking }) =>
    accept({ type: 'access.EmergencyAccessRequested.v1', data: { ...given, requestedBy: who.person, marking } }),
});

export const approveEmergencyAccess = emergencyAccess.change({
  type: 'ApproveEmergencyAccess',
  description: 'Agree to an emergency access, for one hour. For delegates and approvers of the country named in it.',
  input: {
    description: 'An emergency access to approve: the person who asked reads the record for one hour.',
    of: {},
  },
  may: [approvers],
  decide: (_, { requestedBy, isRefused, until }, { now, who }) => {
    if (requestedBy === who.person) return reject('EMERGENCIES.SAME_PERSON');
    if (isRefused) return reject('EMERGENCIES.REFUSED');
    // Approved twice, it does not last longer.
    if (until !== null) return accept();
    return accept({
      type: 'access.EmergencyAccessApproved.v1',
      data: { approvedBy: who.person, until: anHourAfter(now) },
    });
  },
});

/** Turns the request down, or ends the access that was approved. */
export const refuseEmergencyAccess = emergencyAccess.change({
  type: 'RefuseEmergencyAccess',
  description:
    'Refuse an emergency access, or end one that was approved. For delegates and approvers of the country named in it.',
  input: {
    description: 'An emergency access to refuse, or to end before its time.',
    of: { reason: required(text(2000), 'Why.') },
  },
  may: [approvers],
  decide: (given, { requestedBy, isRefused }, { who }) => {
    if (requestedBy === who.person) return reject('EMERGENCIES.SAME_PERSON');
    return isRefused
      ? accept()
      : accept({ type: 'access.EmergencyAccessRefused.v1', data: { refusedBy: who.person, ...given } });
  },
});

export const emergencyAccessRecordType = emergencyAccess.withCommands(
  requestEmergencyAccess,
  approveEmergencyAccess,
  refuseEmergencyAccess,
);
export type EmergencyAccessCommand = Given<(typeof emergencyAccessRecordType.commands)[number]>;
