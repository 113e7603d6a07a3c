import {
  country,
  NATIONAL_ROLES,
  ROLES,
  SECRETARIAT,
  type Audience,
  type CountryCode,
  type DomainEvent,
  type Party,
  type PersonRef,
  type Principal,
  type RecordId,
  type Role,
} from '@kernel';
import { groupAudience } from './group/group.access.js';
import type { GroupEvent } from './group/group.events.js';
import type { MemberEvent } from './member/member.events.js';
import { personDecider, type PersonState, type RolesBy } from './person/person.decider.js';
import type { PersonEvent } from './person/person.events.js';

/** What every request needs to know of members, groups and roles. */
export type AccessRegister = {
  readonly members: ReadonlySet<CountryCode>;
  /** The groups that a country is in, its own among them: what a reader of that country may be shown. */
  readonly groupsOf: ReadonlyMap<Party, ReadonlySet<RecordId>>;
  /** What each party says of a person's roles, by the id of its record. */
  readonly grants: ReadonlyMap<PersonRef, ReadonlyMap<RecordId, PersonState>>;
};

/** The register as it is built: one event changes one entry in place, however many there are. */
type Growing = {
  readonly members: Set<CountryCode>;
  readonly groupsOf: Map<Party, Set<RecordId>>;
  readonly grants: Map<PersonRef, Map<RecordId, PersonState>>;
};

type AccessEvent = MemberEvent | GroupEvent | PersonEvent;

/**
 * Folds the streams of this capability into the register. The first event makes a state of its own and the following
 * ones change that in place, so `initial` stays empty and two registers never share a state; whoever keeps an older
 * state sees the newer one.
 */
export const accessRegister = {
  categories: ['member', 'group', 'person'],
  initial: { members: new Set(), groupsOf: new Map(), grants: new Map() } as AccessRegister,

  evolve: (state: AccessRegister, event: DomainEvent, recordId: string): AccessRegister => {
    const growing = (state === accessRegister.initial ? empty() : state) as Growing;
    note(growing, event as AccessEvent, recordId as RecordId);
    return growing;
  },
};

const empty = (): Growing => ({ members: new Set(), groupsOf: new Map(), grants: new Map() });

const note = ({ members, groupsOf, grants }: Growing, event: AccessEvent, recordId: RecordId): void => {
  const enter = (party: Party) => groupsOf.set(party, (groupsOf.get(party) ?? new Set()).add(recordId));
  switch (event.type) {
    case 'access.MemberAdmitted.v1':
      members.add(event.data.country);
      break;
    case 'access.GroupFounded.v1':
      [event.data.marking.owner, ...event.data.members].forEach(enter);
      break;
    case 'access.AdmittedToGroup.v1':
      enter(event.data.country);
      break;
    case 'access.RemovedFromGroup.v1':
      groupsOf.get(event.data.country)?.delete(recordId);
      break;
    case 'access.RoleGranted.v1':
    case 'access.RoleRevoked.v1': {
      const records = grants.get(event.data.person) ?? new Map<RecordId, PersonState>();
      records.set(recordId, personDecider.evolve(records.get(recordId) ?? personDecider.initial, event));
      grants.set(event.data.person, records);
    }
  }
};

/** Who signed in, as a checked token says it. */
export type Asserted = {
  /** Opaque reference of the person (UUID). */
  readonly person: string;
  readonly country: string | null;
  readonly roles: readonly string[];
};

/**
 * Who asks, and what that lets them see, now. Roles are those of the token and those granted here, less those that the
 * country or the secretariat has revoked: each takes back only its own revocation. What was granted or revoked for
 * another country than the token's counts for nothing.
 *
 * A person of the secretariat acts for no country: the secretariat is neutral. So national roles are dropped there, as
 * they are where the token names no country.
 */
export const principalOf = (asserted: Asserted, register: AccessRegister): Principal => {
  const from = asserted.country === null ? null : country(asserted.country);
  const person = asserted.person as PersonRef;
  const said = [...(register.grants.get(person)?.values() ?? [])];
  const isGranted = (role: Role): boolean => said.some(({ granted }) => counts(granted, role, from));
  const isRevoked = (role: Role): boolean => said.some(({ revoked }) => counts(revoked, role, from));

  const held = ROLES.filter((role) => (asserted.roles.includes(role) || isGranted(role)) && !isRevoked(role));
  const isNeutral = from === null || held.includes('SECRETARIAT');
  const roles = isNeutral ? held.filter((role) => !NATIONAL_ROLES.includes(role)) : held;
  const actsFor = roles.some((role) => NATIONAL_ROLES.includes(role)) ? from : null;
  const isMember = actsFor !== null && register.members.has(actsFor);

  return { person, country: actsFor, roles, isMember, audiences: audiencesFor(roles, actsFor, isMember, register) };
};

const counts = (roles: RolesBy, role: Role, from: CountryCode | null): boolean => {
  const by = roles.get(role);
  return by !== undefined && (by === null || by === from);
};

/** MEMBERS is the alliance: its member states and the secretariat that keeps its registers. */
const audiencesFor = (
  roles: readonly Role[],
  actsFor: CountryCode | null,
  isMember: boolean,
  { groupsOf }: AccessRegister,
): readonly Audience[] => {
  if (roles.includes('SECRETARIAT')) return ['PUBLIC', 'MEMBERS', SECRETARIAT];
  if (actsFor === null) return ['PUBLIC'];
  const groups = [...(groupsOf.get(actsFor) ?? [])].map(groupAudience);
  return ['PUBLIC', ...(isMember ? ['MEMBERS' as const] : []), `country:${actsFor}`, ...groups];
};
