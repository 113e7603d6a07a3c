import { accept, reject, type Command, type CountryCode, type Decider, type RecordId } from '@kernel';
import type { Charter, Disclosure, GroupEvent } from './group.events.js';

/** `country` is the country that founds it: the actor's own. */
export type FoundGroup = Command<'FoundGroup'> & Charter & { readonly country?: CountryCode };
export type AdmitToGroup = Command<'AdmitToGroup'> & { readonly id: RecordId; readonly country: CountryCode };
export type RemoveFromGroup = Command<'RemoveFromGroup'> & {
  readonly id: RecordId;
  readonly country: CountryCode;
  readonly reason?: string;
};
/** All countries of another group come into this one, and those that the other one admits later. */
export type AdmitSubgroup = Command<'AdmitSubgroup'> & { readonly id: RecordId; readonly group: RecordId };
export type RemoveSubgroup = Command<'RemoveSubgroup'> & {
  readonly id: RecordId;
  readonly group: RecordId;
  readonly reason?: string;
};
export type GroupCommand = FoundGroup | AdmitToGroup | RemoveFromGroup | AdmitSubgroup | RemoveSubgroup;

export const groupRefusals = {
  'GROUPS.NOT_FOUND': 'There is no such group, or it was not released to you.',
  'GROUPS.OWNER_STAYS': 'The country that founded the group is always in it and cannot be removed.',
  'GROUPS.UNKNOWN_SUBGROUP': 'There is no such group to admit, or it was not released to you.',
  'GROUPS.OWN_SUBGROUP': 'A group cannot be in itself.',
} as const;
export type GroupRefusal = keyof typeof groupRefusals;

/** The countries and the groups in the group, the owner among them; null before it is founded. */
export type GroupState =
  (Disclosure & { readonly members: ReadonlySet<string>; readonly subgroups: ReadonlySet<RecordId> }) | null;

export const groupDecider: Decider<GroupCommand, GroupEvent, GroupState, GroupRefusal> = {
  initial: null,

  evolve: (state, event) => {
    switch (event.type) {
      case 'access.GroupFounded.v1': {
        const { marking, members, membersVisible } = event.data;
        return {
          owner: marking.owner,
          membersVisible,
          members: new Set([marking.owner, ...members]),
          subgroups: new Set(),
        };
      }
      case 'access.AdmittedToGroup.v1':
        return state && { ...state, members: new Set([...state.members, event.data.country]) };
      case 'access.RemovedFromGroup.v1':
        return (
          state && { ...state, members: new Set([...state.members].filter((each) => each !== event.data.country)) }
        );
      case 'access.SubgroupAdmitted.v1':
        return state && { ...state, subgroups: new Set([...state.subgroups, event.data.group]) };
      case 'access.SubgroupRemoved.v1':
        return (
          state && { ...state, subgroups: new Set([...state.subgroups].filter((each) => each !== event.data.group)) }
        );
    }
  },

  decide: (command, state, { marking, recordId }) => {
    if (command.type === 'FoundGroup') {
      const { type: _, marking: __, country: ___, ...charter } = command;
      const members = [...new Set(charter.members)].filter((each) => each !== marking.owner);
      return accept({ type: 'access.GroupFounded.v1', data: { ...charter, members, marking } });
    }
    if (state === null) return reject('GROUPS.NOT_FOUND');

    switch (command.type) {
      case 'AdmitToGroup': {
        const { country } = command;
        if (state.members.has(country)) return accept();
        const { owner, membersVisible } = state;
        return accept({ type: 'access.AdmittedToGroup.v1', data: { country, owner, membersVisible } });
      }
      case 'RemoveFromGroup': {
        const { country } = command;
        if (country === state.owner) return reject('GROUPS.OWNER_STAYS', { field: 'country' });
        if (!state.members.has(country)) return accept();
        const { type: _, marking: __, id: ___, ...removal } = command;
        return accept({ type: 'access.RemovedFromGroup.v1', data: removal });
      }
      case 'AdmitSubgroup': {
        const { group } = command;
        // Longer circles are not known here, and do no harm: whoever is in one of their groups is in all of them.
        if (group === recordId) return reject('GROUPS.OWN_SUBGROUP', { field: 'group' });
        if (state.subgroups.has(group)) return accept();
        return accept({ type: 'access.SubgroupAdmitted.v1', data: { group, owner: state.owner } });
      }
      case 'RemoveSubgroup': {
        if (!state.subgroups.has(command.group)) return accept();
        const { type: _, marking: __, id: ___, ...removal } = command;
        return accept({ type: 'access.SubgroupRemoved.v1', data: removal });
      }
    }
  },
};
