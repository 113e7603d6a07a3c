import {
  accept,
  country as countryCode,
  recordType,
  NATIONAL_ROLES,
  newOwners,
  optional,
  owners,
  personRef,
  reject,
  required,
  role as roleName,
  secretariat,
  SECRETARIAT,
  text,
  type CountryCode,
  type Given,
  type Grant,
  type Level,
  type Party,
  type Role,
} from '@kernel';
import { clearanceLevel, type ClearanceOf, type PersonEvent } from './person.events.js';

export const personRejections = {
  'ROLES.NOT_FOUND': 'No role of this person is on record, or it was not released to you.',
  'ROLES.OWN_ROLE': 'Nobody changes their own roles: ask another person who may.',
  'ROLES.OTHER_COUNTRY': 'This person was given a role for another country, and a person acts for one country only.',
  'ROLES.COUNTRY_NEEDED': 'The roles LIAISON, DELEGATE and APPROVER are held for a country: name it.',
  'ROLES.WITHOUT_COUNTRY': 'The roles SECRETARIAT, AUDITOR and OBSERVER are held for the alliance: leave country out.',
  'CLEARANCES.OWN_CLEARANCE': 'Nobody changes their own clearance: ask another person who may.',
} as const;

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

const initial: PersonState = {
  country: null,
  granted: new Map(),
  revoked: new Map(),
  clearance: 'OPEN',
  clearedBy: null,
};

const person = recordType<PersonEvent, PersonState>()({
  category: 'person',
  rejections: personRejections,
  notFound: 'ROLES.NOT_FOUND',
  isMarkingFixed: true,
  encrypted: false,
  initial,
  evolve: {
    'access.RoleGranted.v1': (state, data) => ({
      ...saidBy(state, data),
      granted: new Map(state.granted).set(data.role, data.country ?? null),
      revoked: without(state.revoked, data.role),
    }),
    'access.RoleRevoked.v1': (state, data) => ({
      ...saidBy(state, data),
      granted: without(state.granted, data.role),
      revoked: new Map(state.revoked).set(data.role, data.country ?? null),
    }),
    'access.ClearanceGranted.v1': (state, data) => cleared(state, data, data.level),
    'access.ClearanceRevoked.v1': (state, data) => cleared(state, data, 'OPEN'),
  },
});

const whom = { person: required(personRef, 'Reference of the person, as the person finds it under me.') };
const role = { role: required(roleName, 'The role.') };
const reason = { reason: optional(text(2000), 'Why, for the record.') };
/** A record for each party that speaks of a person: what one says is no other's business, nor that it said it. */
const ofItsParty = ({ person: of }: { readonly person: string }, party: Party) =>
  ({ key: `${party} ${of}`, mayCreate: true }) as const;
/** Delegates give and take the roles in which persons act for a country. */
const nationalRoles = <Asked>(grant: Grant<Asked, unknown>): Grant<Asked & { readonly role: Role }, unknown> => ({
  ...grant,
  mayIssue: (who, given) => NATIONAL_ROLES.includes(given.role) && grant.mayIssue(who, given),
});

export const grantRole = person.upsert({
  type: 'GrantRole',
  description:
    'Give a role to another person. For the secretariat; for delegates, the roles that act for their own country.',
  input: {
    description: 'A role to give to a person.',
    of: {
      ...whom,
      ...role,
      country: optional(
        countryCode,
        'The country that the person acts for as liaison, delegate or approver; your own where left out. No other role has one.',
      ),
    },
  },
  target: ofItsParty,
  may: [secretariat, nationalRoles(newOwners('DELEGATE'))],
  decide: (given, state, { who, marking }) => {
    const { country: asked, ...granted } = given;
    if (given.person === who.person) return reject('ROLES.OWN_ROLE', { field: 'person' });
    const isNational = NATIONAL_ROLES.includes(given.role);
    const country = isNational ? (asked ?? who.country) : null;
    if (isNational && country === null) return reject('ROLES.COUNTRY_NEEDED', { field: 'country' });
    if (!isNational && asked) return reject('ROLES.WITHOUT_COUNTRY', { field: 'country' });
    if (isOfAnother(country, state)) return reject('ROLES.OTHER_COUNTRY', { field: 'person' });
    const data = { ...granted, ...(country && { country }), ...(state === initial && { marking }) };
    return state.granted.has(given.role) ? accept() : accept({ type: 'access.RoleGranted.v1', data });
  },
});

export const revokeRole = person.upsert({
  type: 'RevokeRole',
  description:
    'Take a role from another person. For the secretariat; for delegates, the roles that act for their own country.',
  input: {
    description: 'A role to take from a person, even one that the person’s own issuer asserts.',
    of: { ...whom, ...role, ...reason },
  },
  target: ofItsParty,
  may: [secretariat, nationalRoles(owners('DELEGATE'))],
  decide: (given, state, { who, marking }) => {
    const { country } = who;
    if (given.person === who.person) return reject('ROLES.OWN_ROLE', { field: 'person' });
    if (isOfAnother(country, state)) return reject('ROLES.OTHER_COUNTRY', { field: 'person' });
    // What the secretariat takes away holds whatever country the person acts for, so it is recorded on top.
    const isRevoked = state.revoked.has(given.role) && (country !== null || state.revoked.get(given.role) === null);
    const data = { ...given, ...(country && { country }), ...(state === initial && { marking }) };
    return isRevoked ? accept() : accept({ type: 'access.RoleRevoked.v1', data });
  },
});

/** Each clears its own people: what a party says of the clearance of another's counts for nothing (see the register). */
export const grantClearance = person.upsert({
  type: 'GrantClearance',
  description:
    'Clear a person of your own up to a level. For delegates; for the secretariat, its own people. Nobody clears themselves.',
  input: {
    description: 'How far a person of your own may read.',
    of: {
      ...whom,
      level: required(
        clearanceLevel,
        'The highest level that the person may read, in place of the one it had; OPEN needs no clearance.',
      ),
    },
  },
  target: ofItsParty,
  may: [secretariat, owners('DELEGATE')],
  decide: (given, state, { who: { person: self, country }, marking }) => {
    if (given.person === self) return reject('CLEARANCES.OWN_CLEARANCE', { field: 'person' });
    const data = { ...given, ...(country && { country }), ...(state === initial && { marking }) };
    return state.clearance === given.level ? accept() : accept({ type: 'access.ClearanceGranted.v1', data });
  },
});

export const revokeClearance = person.upsert({
  type: 'RevokeClearance',
  description: 'Take its clearance from a person of your own. For delegates; for the secretariat, its own people.',
  input: {
    description: 'A person of your own who is cleared for nothing any more.',
    of: { ...whom, ...reason },
  },
  target: ofItsParty,
  may: [secretariat, owners('DELEGATE')],
  decide: (given, state, { who: { person: self, country } }) => {
    if (given.person === self) return reject('CLEARANCES.OWN_CLEARANCE', { field: 'person' });
    const data = { ...given, ...(country && { country }) };
    return state.clearance === 'OPEN' ? accept() : accept({ type: 'access.ClearanceRevoked.v1', data });
  },
});

export const personRecordType = person.withCommands(grantRole, revokeRole, grantClearance, revokeClearance);
export type PersonCommand = Given<(typeof personRecordType.commands)[number]>;

/** The state, with the country that the person acts for where a party's word tells it first. */
const saidBy = (state: PersonState, { country }: ClearanceOf): PersonState => ({
  ...state,
  country: state.country ?? country ?? null,
});
const cleared = (state: PersonState, of: ClearanceOf, clearance: Level): PersonState => ({
  ...saidBy(state, of),
  clearance,
  clearedBy: of.country ?? SECRETARIAT,
});

const isOfAnother = (country: CountryCode | null, state: PersonState): boolean =>
  country !== null && state.country !== null && country !== state.country;

const without = (roles: RolesBy, role: Role): RolesBy => new Map([...roles].filter(([each]) => each !== role));
