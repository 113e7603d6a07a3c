import {
  accept,
  NATIONAL_ROLES,
  reject,
  type Command,
  type CountryCode,
  type Decider,
  type PersonRef,
  type Role,
} from '@kernel';
import type { PersonEvent } from './person.events.js';

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
export type PersonCommand = GrantRole | RevokeRole;

export const personRefusals = {
  'ROLES.NOT_FOUND': 'No role of this person is on record, or it was not released to you.',
  'ROLES.OWN_ROLE': 'Nobody changes their own roles: ask another person who may.',
  'ROLES.OTHER_COUNTRY': 'This person was given a role for another country, and a person acts for one country only.',
  'ROLES.COUNTRY_NEEDED': 'The roles LIAISON, DELEGATE and APPROVER are held for a country: name it.',
  'ROLES.WITHOUT_COUNTRY': 'The roles SECRETARIAT, AUDITOR and OBSERVER are held for the alliance: leave country out.',
} as const;
export type PersonRefusal = keyof typeof personRefusals;

/** Roles, each with the country on whose behalf it was granted or revoked; null: on behalf of the alliance. */
export type RolesBy = ReadonlyMap<Role, CountryCode | null>;

export type PersonState = {
  /** The one country that the person acts for; null while none is known. */
  readonly country: CountryCode | null;
  readonly granted: RolesBy;
  readonly revoked: RolesBy;
};

export const personDecider: Decider<PersonCommand, PersonEvent, PersonState, PersonRefusal> = {
  initial: { country: null, granted: new Map(), revoked: new Map() },

  evolve: (state, { type, data }) => {
    const by = data.country ?? null;
    const country = state.country ?? by;
    switch (type) {
      case 'access.RoleGranted.v1':
        return {
          country,
          granted: new Map(state.granted).set(data.role, by),
          revoked: without(state.revoked, data.role),
        };
      case 'access.RoleRevoked.v1':
        return {
          country,
          granted: without(state.granted, data.role),
          revoked: new Map(state.revoked).set(data.role, by),
        };
    }
  },

  decide: (command, state, { who, marking }) => {
    const { person, role } = command;
    if (person === who.person) return reject('ROLES.OWN_ROLE', { field: 'person' });
    const marked = state === personDecider.initial ? { marking } : {};

    switch (command.type) {
      case 'GrantRole': {
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
        const { reason } = command;
        const { country } = who;
        if (isOfAnother(country, state)) return reject('ROLES.OTHER_COUNTRY', { field: 'person' });
        // What the secretariat takes away holds whatever country the person acts for, so it is recorded on top.
        if (state.revoked.has(role) && (country !== null || state.revoked.get(role) === null)) return accept();
        const data = { person, role, ...(country && { country }), ...(reason && { reason }), ...marked };
        return accept({ type: 'access.RoleRevoked.v1', data });
      }
    }
  },
};

const isOfAnother = (country: CountryCode | null, state: PersonState): boolean =>
  country !== null && state.country !== null && country !== state.country;

const without = (roles: RolesBy, role: Role): RolesBy => new Map([...roles].filter(([each]) => each !== role));
