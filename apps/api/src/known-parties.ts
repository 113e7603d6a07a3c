import {
  groupMembersView,
  groupsView,
  membersView,
  subgroupsView,
  type GroupMemberRow,
  type GroupRow,
  type MemberRow,
  type SubgroupRow,
} from '@capabilities/access';
import { groupsIn, type KnownParty } from '@capabilities/sharing';
import type { ReadModels } from '@foundation/eventing';
import { Parties } from '@graphql/sharing';
import {
  partyOf,
  SECRETARIAT,
  type Audience,
  type CountryCode,
  type GroupAudience,
  type Marking,
  type Principal,
} from '@kernel';

/** Neither the roster nor a group has more members than there are countries. */
const MAX_MEMBERS = 300;
const MAX_SUBGROUPS = 1000;
const COUNTRY = 'country:';

/** Of the roster and of groups, what the read gateway tells whoever asks: a member may be hidden from others. */
export class RegisteredParties extends Parties {
  constructor(private readonly reads: ReadModels) {
    super();
  }

  async knownTo(who: Principal, marking: Marking) {
    const groups = groupsIn(marking);
    const ids = groups.map(idOf);
    const found = await this.reads.find<GroupRow>(groupsView, who, ids);
    const members =
      ids.length === 0
        ? []
        : await this.reads.list<GroupMemberRow>(groupMembersView, who, { group: ids }, ids.length * MAX_MEMBERS);
    const inner =
      ids.length === 0 ? [] : await this.reads.list<SubgroupRow>(subgroupsView, who, { group: ids }, MAX_SUBGROUPS);
    // Who is in a group within the group is not said here.
    const isOpen = (group: GroupAudience): boolean => {
      const row = found.get(idOf(group));
      if (inner.some(({ row: each }) => each.group === idOf(group))) return false;
      return row !== undefined && (row.membersVisible || (who.mandate === null && row.owner === partyOf(who)));
    };

    const known = await this.reads.list<MemberRow>(membersView, who, {}, MAX_MEMBERS);
    const roster = new Set(known.map(({ row }) => row.country));
    const named = [...marking.releaseTo, ...(marking.displayOnlyTo ?? []), ...(marking.denyTo ?? [])]
      .filter((one) => one.startsWith(COUNTRY))
      .map((one) => one.slice(COUNTRY.length) as CountryCode);
    const countries = [
      ...new Set([...roster, ...named, ...members.map(({ row }) => row.country), marking.owner]),
    ].filter((party) => party !== SECRETARIAT);
    const parties = [...countries.sort(), SECRETARIAT].map((party): KnownParty => {
      const isMember = party !== SECRETARIAT && roster.has(party);
      const inGroups = members
        .filter(({ row }) => row.country === party)
        .map(({ row }): Audience => `group:${row.group}`);
      const own: readonly Audience[] =
        party === SECRETARIAT
          ? ['PUBLIC', 'MEMBERS', SECRETARIAT]
          : ['PUBLIC', ...(isMember ? ['MEMBERS' as const] : []), `country:${party}`];
      return { party, isMember, audiences: [...own, ...inGroups] };
    });
    return { parties, unresolved: groups.filter((group) => !isOpen(group)) };
  }
}

const idOf = (group: GroupAudience): string => group.slice('group:'.length);
