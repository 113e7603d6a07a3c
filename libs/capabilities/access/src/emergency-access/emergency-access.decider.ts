import {
  accept,
  anHourAfter,
  reject,
  type Command,
  type CountryCode,
  type Decider,
  type Instant,
  type PersonRef,
  type RecordId,
} from '@kernel';
import type { EmergencyAccessEvent } from './emergency-access.events.js';

/** A person of the secretariat asks to read a record whatever its marking says. */
export type RequestEmergencyAccess = Command<'RequestEmergencyAccess'> & {
  readonly record: RecordId;
  readonly reason: string;
  readonly approver: CountryCode;
};
export type ApproveEmergencyAccess = Command<'ApproveEmergencyAccess'> & { readonly id: RecordId };
/** Turns the request down, or ends the access that was approved. */
export type RefuseEmergencyAccess = Command<'RefuseEmergencyAccess'> & {
  readonly id: RecordId;
  readonly reason: string;
};
export type EmergencyAccessCommand = RequestEmergencyAccess | ApproveEmergencyAccess | RefuseEmergencyAccess;

export const emergencyAccessRefusals = {
  'EMERGENCIES.NOT_FOUND': 'There is no such emergency access, or it was not released to you.',
  'EMERGENCIES.APPROVER_NOT_MEMBER':
    'The country that is to approve is not a member of the alliance: name one that is.',
  'EMERGENCIES.SAME_PERSON': 'Whoever asked for the access cannot decide on it: another person has to.',
  'EMERGENCIES.REFUSED': 'The access was refused or ended: ask for it anew.',
} as const;
export type EmergencyAccessRefusal = keyof typeof emergencyAccessRefusals;

export type EmergencyAccessState = {
  readonly record: RecordId;
  readonly reason: string;
  readonly approver: CountryCode;
  readonly requestedBy: PersonRef;
  /** Null while nobody has decided, and where it was refused or ended. */
  readonly until: Instant | null;
  readonly isRefused: boolean;
} | null;

export const emergencyAccessDecider: Decider<
  EmergencyAccessCommand,
  EmergencyAccessEvent,
  EmergencyAccessState,
  EmergencyAccessRefusal
> = {
  initial: null,

  evolve: (state, event) => {
    switch (event.type) {
      case 'access.EmergencyAccessRequested.v1': {
        const { marking: _, ...request } = event.data;
        return { ...request, until: null, isRefused: false };
      }
      case 'access.EmergencyAccessApproved.v1':
        return state && { ...state, until: event.data.until };
      case 'access.EmergencyAccessRefused.v1':
        return state && { ...state, until: null, isRefused: true };
    }
  },

  decide: (command, state, { now, who, marking }) => {
    if (command.type === 'RequestEmergencyAccess') {
      const { record, reason, approver } = command;
      const data = { record, reason, approver, requestedBy: who.person, marking };
      return accept({ type: 'access.EmergencyAccessRequested.v1', data });
    }
    if (state === null) return reject('EMERGENCIES.NOT_FOUND');
    if (state.requestedBy === who.person) return reject('EMERGENCIES.SAME_PERSON');

    switch (command.type) {
      case 'ApproveEmergencyAccess':
        if (state.isRefused) return reject('EMERGENCIES.REFUSED');
        // Approved twice, it does not last longer.
        if (state.until !== null) return accept();
        return accept({
          type: 'access.EmergencyAccessApproved.v1',
          data: { approvedBy: who.person, until: anHourAfter(now) },
        });
      case 'RefuseEmergencyAccess':
        if (state.isRefused) return accept();
        return accept({
          type: 'access.EmergencyAccessRefused.v1',
          data: { refusedBy: who.person, reason: command.reason },
        });
    }
  },
};
