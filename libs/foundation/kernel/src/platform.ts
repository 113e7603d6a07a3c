import type { Grant } from './grants.js';
import { ownerAudience } from './marking.js';
import type { Principal } from './principal.js';
import { SECRETARIAT, type Party, type PersonRef } from './values.js';

/** Nobody signs in under it: references of persons are made from who they are. */
export const PLATFORM = '00000000-0000-0000-0000-000000000000' as PersonRef;

/** The platform itself, when it does in a party's records what the party's rules ask for. */
export const platformFor = (owner: Party): Principal => ({
  person: PLATFORM,
  country: owner === SECRETARIAT ? null : owner,
  roles: owner === SECRETARIAT ? ['SECRETARIAT'] : [],
  isMember: false,
  audiences: [ownerAudience(owner)],
  deniedAs: [],
  clearance: 'SECRET',
  breakGlassRecords: [],
  mandate: null,
});

export const isPlatform = (who: Principal): boolean => who.person === PLATFORM;

/** The platform, and nobody else: such a command has no mutation. */
export const platform: Grant<unknown, unknown> = { mayIssue: isPlatform, mayAct: isPlatform };
