import { ownerAudience, platformFor, type CountryCode, type Party, type Principal, type RecordId } from '@kernel';
import type { GroupEvent } from './group.events.js';
import { groupRecordType, type GroupState, type NoteDepartures } from './group.record.js';

const { decider: GROUP } = groupRecordType;

/** Who is in which group, as it is built: one event changes one entry in place, however many there are. */
export type GroupRegister = {
  /** The groups that a country is in, its own and those around its groups among them. */
  readonly groupsOf: Map<Party, Set<RecordId>>;
  /** The groups that admitted the country itself. */
  readonly admittedBy: Map<Party, Set<RecordId>>;
  /** The groups that a group was taken into. */
  readonly around: Map<RecordId, Set<RecordId>>;
  /** Each group as its own stream says it: there countries that have left the alliance are in it until that is noted. */
  readonly groups: Map<RecordId, NonNullable<GroupState>>;
  /** The countries that have left the alliance since they came into a group, as long as that is not noted in it. */
  readonly departed: Map<RecordId, Set<CountryCode>>;
};

export const noGroups = (): GroupRegister => ({
  groupsOf: new Map(),
  admittedBy: new Map(),
  around: new Map(),
  groups: new Map(),
  departed: new Map(),
});

export const noteInGroup = (register: GroupRegister, event: GroupEvent, id: RecordId): void => {
  const { admittedBy, around, departed } = register;
  const group = GROUP.evolve(register.groups.get(id) ?? null, event);
  if (group) register.groups.set(id, group);
  switch (event.type) {
    case 'access.GroupFounded.v1':
      for (const party of [event.data.marking.owner, ...event.data.members]) admit(register, id, party);
      break;
    case 'access.AdmittedToGroup.v1':
      admit(register, id, event.data.country);
      break;
    case 'access.RemovedFromGroup.v1':
      admittedBy.get(event.data.country)?.delete(id);
      departed.get(id)?.delete(event.data.country);
      regroup(register, event.data.country);
      break;
    case 'access.SubgroupAdmitted.v1':
      entry(around, event.data.group, () => new Set()).add(id);
      regroupAllIn(register, event.data.group);
      break;
    case 'access.SubgroupRemoved.v1':
      around.get(event.data.group)?.delete(id);
      regroupAllIn(register, event.data.group);
      break;
    case 'access.GroupPassedOn.v1':
      admittedBy.get(event.data.from)?.delete(id);
      departed.get(id)?.delete(event.data.from);
      regroup(register, event.data.from);
      admit(register, id, event.data.to);
      break;
    case 'access.GroupEnded.v1':
      departed.delete(id);
      for (const party of [event.data.from, ...event.data.members]) {
        admittedBy.get(party)?.delete(id);
        regroup(register, party);
      }
      for (const inner of event.data.subgroups) around.get(inner)?.delete(id);
      regroupAllIn(register, id);
  }
};

/** With the alliance a country leaves every group, at once; whoever rules one may take it in again. */
export const noteDeparture = (register: GroupRegister, left: CountryCode): void => {
  register.admittedBy.delete(left);
  for (const [id, { members }] of register.groups)
    if (members.has(left)) entry(register.departed, id, () => new Set()).add(left);
  regroup(register, left);
};

/**
 * What is to be noted in a group, in whose stream it stands that countries are in it which have left the alliance.
 *
 * @param left the countries that were members of the alliance and are no longer
 * @returns the command, and who gives it: the platform, which meets the group also where another node has passed it on by
 *   then; null where nothing is to be noted
 */
export const departuresFrom = (
  register: GroupRegister,
  left: ReadonlySet<CountryCode>,
  id: RecordId,
): { readonly who: Principal; readonly command: NoteDepartures } | null => {
  const group = register.groups.get(id);
  const gone = register.departed.get(id);
  if (!group || !gone?.size) return null;
  const other = rulerWithin(register, left, group, new Set([id]));
  const outside = [...group.members].filter((each) => left.has(each) && !gone.has(each));
  const owners = [group.owner, ...group.members, ...(other ? [other] : [])];
  return {
    who: { ...platformFor(group.owner), audiences: [...new Set(owners)].map(ownerAudience) },
    command: { type: 'NoteDepartures', id, left: [...gone], outside, ...(other && { otherwise: other }) },
  };
};

/** Who rules the oldest group within this one that anybody rules, once all departures are noted. */
const rulerWithin = (
  register: GroupRegister,
  left: ReadonlySet<CountryCode>,
  { subgroups }: NonNullable<GroupState>,
  asked: Set<RecordId>,
): CountryCode | null => {
  for (const id of subgroups) {
    const group = register.groups.get(id);
    // A circle of groups is gone through once.
    if (!group || asked.has(id)) continue;
    asked.add(id);
    const gone = register.departed.get(id);
    const mayRule = (one: CountryCode): boolean => !left.has(one) && !gone?.has(one);
    const owner = group.owner as CountryCode;
    const ruler = [owner, ...group.members].filter((each) => group.members.has(each)).find(mayRule);
    const found = ruler ?? rulerWithin(register, left, group, asked);
    if (found) return found;
  }
  return null;
};

const admit = (register: GroupRegister, id: RecordId, party: Party): void => {
  entry(register.admittedBy, party, () => new Set()).add(id);
  regroup(register, party);
};

export const entry = <K, V>(map: Map<K, V>, key: K, make: () => V): V => {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
};

/** The groups that admitted a country, and those around them; a circle of groups is gone through once. */
const regroup = ({ groupsOf, admittedBy, around }: GroupRegister, party: Party): void => {
  const reached = new Set(admittedBy.get(party));
  // A set that grows while it is gone through gives what was added as well.
  for (const group of reached) for (const outer of around.get(group) ?? []) reached.add(outer);
  groupsOf.set(party, reached);
};

/** What a group is in concerns those who are in it, and them alone; who they are does not change by it. */
const regroupAllIn = (register: GroupRegister, group: RecordId): void => {
  for (const [party, groups] of register.groupsOf) if (groups.has(group)) regroup(register, party);
};
