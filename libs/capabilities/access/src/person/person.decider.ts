import {
  accept,
  NATIONAL_ROLES,
  reject,
  SECRETARIAT,
  type Command,
  type CountryCode,
  type Decider,
  type Level,
  type Party,
  type PersonRef,
  type Role,
} from '@kernel';
import type { ClearanceLevel, PersonEvent } from './person.events.js';

/** `country` is whom the person acts for; a delegate's own where left out. */
export type GrantRole = Command<'GrantRole'> & {
  readonly person: PersonRef;
  readonly role: Role;
  readonly country?: CountryCode;
};
export type RevokeRole = Command<'RevokeRole'> & {
  readonly person: PersonRef;
  readonly role: Role;
  readonly reason?: string;
};
/** A party clears a person of its own up to a level. */
export type GrantClearance = Command<'GrantClearance'> & {
  readonly person: PersonRef;
  readonly level: ClearanceLevel;
};
export type RevokeClearance = Command<'RevokeClearance'> & {
  readonly person: PersonRef;
  readonly reason?: string;
};
export type PersonCommand = GrantRole | RevokeRole | GrantClearance | RevokeClearance;

export const personRefusals = {
  'ROLES.NOT_FOUND': 'No role of this person is on record, or it was not released to you.',
  'ROLES.OWN_ROLE': 'Nobody changes their own roles: ask another person who may.',
  'ROLES.OTHER_COUNTRY': 'This person was given a role for another country, and a person acts for one country only.',
  'ROLES.COUNTRY_NEEDED': 'The roles LIAISON, DELEGATE and APPROVER are held for a country: name it.',
  'ROLES.WITHOUT_COUNTRY': 'The roles SECRETARIAT, AUDITOR and OBSERVER are held for the alliance: leave country out.',
  'CLEARANCES.OWN_CLEARANCE': 'Nobody changes their own clearance: ask another person who may.',
} as const;
export type PersonRefusal = keyof typeof personRefusals;

/** Roles, each with the country on whose behalf it was granted or revoked; null: on behalf of the alliance. */
export type RolesBy = ReadonlyMap<Role, CountryCode | null>;

export type PersonState = {
  /** The one country that the person acts for; null while none is known. */
  readonly country: CountryCode | null;
  readonly granted: RolesBy;
  readonly revoked: RolesBy;
  /** What the party has cleared its person for. */
  readonly clearance: Level;
  /** The party that said so; null where nothing was said of a clearance. */
  readonly clearedBy: Party | null;
};

export const personDecider: Decider<PersonCommand, PersonEvent, PersonState, PersonRefusal> = {
  initial: { country: null, granted: new Map(), revoked: new Map(), clearance: 'OPEN', clearedBy: null },

  evolve: (state, { type, data }) => {
    const by = data.country ?? null;
    const country = state.country ?? by;
    switch (type) {
      case 'access.RoleGranted.v1':
        return {
          ...state,
          country,
          granted: new Map(state.granted).set(data.role, by),
          revoked: without(state.revoked, data.role),
        };
      case 'access.RoleRevoked.v1':
        return {
          ...state,
          country,
          granted: without(state.granted, data.role),
          revoked: new Map(state.revoked).set(data.role, by),
        };
      case 'access.ClearanceGranted.v1':
        return { ...state, country, clearance: data.level, clearedBy: by ?? SECRETARIAT };
      case 'access.ClearanceRevoked.v1':
        return { ...state, country, clearance: 'OPEN', clearedBy: by ?? SECRETARIAT };
    }
  },

  decide: (command, state, { who, marking }) => {
    const { person } = command;
    const isClearance = command.type === 'GrantClearance' || command.type === 'RevokeClearance';
    if (person === who.person)
      return reject(isClearance ? 'CLEARANCES.OWN_CLEARANCE' : 'ROLES.OWN_ROLE', { field: 'person' });
    const marked = state === personDecider.initial ? { marking } : {};

    switch (command.type) {
      case 'GrantRole': {
        const { role } = command;
        const isNational = NATIONAL_ROLES.includes(role);
        const country = isNational ? (command.country ?? who.country) : null;
        if (isNational && country === null) return reject('ROLES.COUNTRY_NEEDED', { field: 'country' });
        if (!isNational && command.country) return reject('ROLES.WITHOUT_COUNTRY', { field: 'country' });
        if (isOfAnother(country, state)) return reject('ROLES.OTHER_COUNTRY', { field: 'person' });
        if (state.granted.has(role)) return accept();
        const data = { person, role, ...(country && { country }), ...marked };
        return accept({ type: 'access.RoleGranted.v1', data });
      }
      case 'RevokeRole': {
        const { role, reason } = command;
        const { country } = who;
        if (isOfAnother(country, state)) return reject('ROLES.OTHER_COUNTRY', { field: 'person' });
        // What the secretariat takes away holds whatever country the person acts for, so it is recorded on top.
        if (state.revoked.has(role) && (country !== null || state.revoked.get(role) === null)) return accept();
        const data = { person, role, ...(country && { country }), ...(reason && { reason }), ...marked };
        return accept({ type: 'access.RoleRevoked.v1', data });
      }
      case 'GrantClearance': {
        const { level } = command;
        if (state.clearance === level) return accept();
        const data = { person, level, ...(who.country && { country: who.country }), ...marked };
        return accept({ type: 'access.ClearanceGranted.v1', data });
      }
      case 'RevokeClearance': {
        const { reason } = command;
        if (state.clearance === 'OPEN') return accept();
        const data = { person, ...(who.country && { country: who.country }), ...(reason && { reason }) };
        return accept({ type: 'access.ClearanceRevoked.v1', data });
      }
    }
  },
};

const isOfAnother = (country: CountryCode | null, state: PersonState): boolean =>
  country !== null && state.country !== null && country !== state.country;

const without = (roles: RolesBy, role: Role): RolesBy => new Map([...roles].filter(([each]) => each !== role));
