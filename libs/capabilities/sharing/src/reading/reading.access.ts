import {
  hasRole,
  ownerAudience,
  partyOf,
  SECRETARIAT,
  type Access,
  type Party,
  type PersonRef,
  type Principal,
} from '@kernel';
import type { ReadingCommand, ReadingState } from './reading.decider.js';

/** Nobody signs in under it: references of persons are made from who they are. */
const PLATFORM = '00000000-0000-0000-0000-000000000000' as PersonRef;

/** The platform itself, when it writes what an owner is to know. */
export const platformFor = (owner: Party): Principal => ({
  person: PLATFORM,
  country: owner === SECRETARIAT ? null : owner,
  roles: owner === SECRETARIAT ? ['SECRETARIAT'] : [],
  isMember: false,
  audiences: [ownerAudience(owner)],
  deniedAs: [],
  clearance: 'SECRET',
  opened: [],
  mandate: null,
});

const isPlatform = (who: Principal): boolean => who.person === PLATFORM;

/** Readings and recalls are noted by the platform alone; a recall is acknowledged by a delegate of the party that read. */
export const readingAccess: Access<ReadingCommand, ReadingState> = {
  mayIssue: ({ type }, who) =>
    type === 'AcknowledgeRecall' ? hasRole(who, 'DELEGATE', 'SECRETARIAT') && !isPlatform(who) : isPlatform(who),
  mayAct: ({ type }, who, { reader }) =>
    type === 'AcknowledgeRecall' ? reader !== null && partyOf(who) === reader : isPlatform(who),
};
