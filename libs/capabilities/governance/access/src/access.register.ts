import {
  country,
  isFactOf,
  NATIONAL_ROLES,
  partyOf,
  ROLES,
  SECRETARIAT,
  type Audience,
  type CountryCode,
  type DomainEvent,
  type Instant,
  type Level,
  type Party,
  type PersonRef,
  type Principal,
  type RecordId,
  type Role,
} from '@kernel';
import type { EmergencyAccessEvent } from './emergency-access/emergency-access.events.js';
import { emergencyAccessRecordType, type EmergencyAccessState } from './emergency-access/emergency-access.record.js';
import { groupAudience } from './group/group.events.js';
import { groupRecordType } from './group/group.record.js';
import { entry, noGroups, noteDeparture, noteInGroup, type GroupRegister } from './group/group.register.js';
import type { MandateTerms } from './mandate/mandate.events.js';
import { mandateRecordType, type MandateState } from './mandate/mandate.record.js';
import type { MemberEvent } from './member/member.events.js';
import { memberRecordType } from './member/member.record.js';
import { personRecordType, type PersonState, type RolesBy } from './person/person.record.js';

const { decider: PERSON } = personRecordType;
const { decider: MANDATE } = mandateRecordType;
const { decider: EMERGENCY } = emergencyAccessRecordType;

/** What every request needs to know of members, groups, roles, clearances, mandates and emergency accesses. */
export type AccessRegister = {
  readonly members: ReadonlySet<CountryCode>;
  /** Countries that were members and are no longer. */
  readonly left: ReadonlySet<CountryCode>;
  readonly groups: GroupRegister;
  /** What each party says of a person, by the id of its record. */
  readonly persons: ReadonlyMap<PersonRef, ReadonlyMap<RecordId, PersonState>>;
  /** By the id of the mandate. */
  readonly mandates: ReadonlyMap<RecordId, MandateState>;
  /** What each person asked for, by the id of the emergency access. */
  readonly emergencies: ReadonlyMap<PersonRef, ReadonlyMap<RecordId, EmergencyAccessState>>;
};

/** The register as it is built: one event changes one entry in place, however many there are. */
type Growing = { readonly [K in keyof AccessRegister]: InPlace<AccessRegister[K]> } & {
  /** Who asked for an emergency access, by its id: later events do not say it again. */
  readonly askers: Map<RecordId, PersonRef>;
};
type InPlace<T> =
  T extends ReadonlyMap<infer K, infer V> ? Map<K, InPlace<V>> : T extends ReadonlySet<infer V> ? Set<V> : T;

const empty = (): Growing => ({
  members: new Set(),
  left: new Set(),
  groups: noGroups(),
  persons: new Map(),
  mandates: new Map(),
  emergencies: new Map(),
  askers: new Map(),
});

/**
 * Folds the streams of this capability into the register. The first event makes a state of its own and the following
 * ones change that in place, so `initial` stays empty and two registers never share a state; whoever keeps an older
 * state sees the newer one.
 */
export const accessRegister = {
  categories: ['member', 'group', 'person', 'mandate', 'emergencyAccess'],
  initial: empty() as AccessRegister,

  evolve: (state: AccessRegister, event: DomainEvent, recordId: string): AccessRegister => {
    const growing = (state === accessRegister.initial ? empty() : state) as Growing;
    note(growing, event, recordId as RecordId);
    return growing;
  },
};

const note = (register: Growing, event: DomainEvent, recordId: RecordId): void => {
  const { groups, persons, mandates } = register;
  if (isFactOf(memberRecordType, event)) noteMembership(register, event);
  else if (isFactOf(groupRecordType, event)) noteInGroup(groups, event, recordId);
  else if (isFactOf(mandateRecordType, event))
    mandates.set(recordId, MANDATE.evolve(mandates.get(recordId) ?? MANDATE.initial, event));
  else if (isFactOf(emergencyAccessRecordType, event)) noteEmergency(register, event, recordId);
  else if (isFactOf(personRecordType, event)) {
    const records = entry(persons, event.data.person, () => new Map());
    records.set(recordId, PERSON.evolve(records.get(recordId) ?? PERSON.initial, event));
  }
};

const noteMembership = ({ members, left, groups }: Growing, event: MemberEvent): void => {
  const { country: of } = event.data;
  if (event.type === 'access.MemberAdmitted.v1') {
    members.add(of);
    left.delete(of);
    return;
  }
  members.delete(of);
  left.add(of);
  noteDeparture(groups, of);
};

const noteEmergency = ({ emergencies, askers }: Growing, event: EmergencyAccessEvent, recordId: RecordId): void => {
  if (event.type === 'access.EmergencyAccessRequested.v1') askers.set(recordId, event.data.requestedBy);
  const asker = askers.get(recordId);
  if (asker === undefined) return;
  const asked = entry(emergencies, asker, () => new Map());
  asked.set(recordId, EMERGENCY.evolve(asked.get(recordId) ?? null, event));
};

/** Who signed in, as a checked token says it. */
export type Asserted = {
  /** Opaque reference of the person (UUID). */
  readonly person: string;
  readonly country: string | null;
  readonly roles: readonly string[];
};

/**
 * Who asks in the own capacity, and what that lets them see, now. Roles are those of the token and those granted here,
 * less those that the country or the secretariat has revoked: each takes back only its own revocation. What was granted
 * or revoked for another country than the token's counts for nothing. A clearance is the word of the party that the
 * person acts for, and ends with the last role.
 *
 * A person of the secretariat acts for no country: the secretariat is neutral. So national roles are dropped there, as
 * they are where the token names no country.
 */
export const principalOf = (asserted: Asserted, register: AccessRegister, now: Instant): Principal => {
  const from = asserted.country === null ? null : country(asserted.country);
  const person = asserted.person as PersonRef;
  const said = [...(register.persons.get(person)?.values() ?? [])];
  const isGranted = (role: Role): boolean => said.some(({ granted }) => counts(granted, role, from));
  const isRevoked = (role: Role): boolean => said.some(({ revoked }) => counts(revoked, role, from));

  const held = ROLES.filter((role) => (asserted.roles.includes(role) || isGranted(role)) && !isRevoked(role));
  const isNeutral = from === null || held.includes('SECRETARIAT');
  const roles = isNeutral ? held.filter((role) => !NATIONAL_ROLES.includes(role)) : held;
  const actsFor = roles.some((role) => NATIONAL_ROLES.includes(role)) ? from : null;
  const principal: Principal = {
    person,
    country: actsFor,
    roles,
    isMember: actsFor !== null && register.members.has(actsFor),
    ...(actsFor !== null && register.left.has(actsFor) && { hasLeft: true as const }),
    audiences: audiencesFor(person, roles, actsFor, register),
    deniedAs: [],
    clearance: 'OPEN',
    breakGlassRecords: roles.includes('SECRETARIAT')
      ? emergencyAccessesOf(person, register, now).map(({ record }) => record)
      : [],
    mandate: null,
  };
  return { ...principal, clearance: clearanceBy(partyOf(principal), said) };
};

/**
 * The same person in another country's name, now; null where no mandate lets them, whatever the reason. A request is made
 * in one capacity: what is the person's own country's is left behind, and so are roles of the alliance and what an
 * emergency opened. Only what shuts the person out in its own name shuts it out here as well.
 */
export const mandatedPrincipalOf = (
  asserted: Asserted,
  principal: string,
  register: AccessRegister,
  now: Instant,
): Principal | null => {
  const own = principalOf(asserted, register, now);
  for (const [id, state] of register.mandates) {
    if (state?.principal !== principal || state.terms?.delegate !== own.country || !isInForce(state.terms, now))
      continue;
    const { delegate, subjects, mayCommand } = state.terms;
    const roles = own.roles.filter((role) => NATIONAL_ROLES.includes(role));
    return {
      person: own.person,
      country: state.principal,
      roles,
      isMember: register.members.has(state.principal),
      audiences: audiencesFor(own.person, roles, state.principal, register),
      deniedAs: own.audiences,
      clearance: own.clearance,
      breakGlassRecords: [],
      mandate: { id, delegate, subjects, mayCommand },
    };
  }
  return null;
};

const isInForce = ({ from, until }: MandateTerms, now: Instant): boolean => from <= now && now < until;

/** One emergency access that is open now. */
export type EmergencyAccess = {
  readonly id: RecordId;
  readonly record: RecordId;
  readonly reason: string;
  readonly approver: CountryCode;
  readonly until: Instant;
};

/** The records that were opened to a person by emergency access and are open now, with the reasons. */
export const emergencyAccessesOf = (
  person: PersonRef,
  { emergencies }: AccessRegister,
  now: Instant,
): readonly EmergencyAccess[] =>
  [...(emergencies.get(person) ?? [])].flatMap(([id, state]) => {
    if (state === null || state.until === null || state.until <= now) return [];
    const { record, reason, approver, until } = state;
    return [{ id, record, reason, approver, until }];
  });

const counts = (roles: RolesBy, role: Role, from: CountryCode | null): boolean => {
  const by = roles.get(role);
  return by !== undefined && (by === null || by === from);
};

/** Each party has one record of a person, and says there what it clears its own for. */
const clearanceBy = (party: Party | null, said: readonly PersonState[]): Level =>
  said.find(({ clearedBy }) => clearedBy !== null && clearedBy === party)?.clearance ?? 'OPEN';

/** MEMBERS is the alliance: its member states and the secretariat that keeps its registers. */
const audiencesFor = (
  person: PersonRef,
  roles: readonly Role[],
  actsFor: CountryCode | null,
  { members, groups: { groupsOf } }: AccessRegister,
): readonly Audience[] => {
  if (roles.length === 0) return ['PUBLIC'];
  const self: Audience = `person:${person}`;
  if (roles.includes('SECRETARIAT')) return ['PUBLIC', 'MEMBERS', SECRETARIAT, self];
  if (actsFor === null) return ['PUBLIC', self];
  const groups = [...(groupsOf.get(actsFor) ?? [])].map(groupAudience);
  return ['PUBLIC', ...(members.has(actsFor) ? ['MEMBERS' as const] : []), `country:${actsFor}`, ...groups, self];
};
