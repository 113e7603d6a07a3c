import { alertsOn, type DomainEvent } from '@kernel';
import type { AdmittedToGroup, GroupEnded, GroupFounded, RemovedFromGroup } from './group.events.js';
import { groupsView } from './groups.view.js';

/** The countries that a fact lets in, or that are in no more. */
const countriesIn = (_: unknown, { data }: DomainEvent<string, never>) => {
  const said = data as Partial<(AdmittedToGroup | RemovedFromGroup | GroupFounded | GroupEnded)['data']>;
  return 'country' in said ? [said.country!] : 'members' in said ? said.members! : [];
};

export const groupAlerts = alertsOn(groupsView, {
  GROUP_LET_IN: {
    meant: 'PARTY',
    description: 'Your country was let into a sharing group.',
    severity: 'NOTICE',
    of: ['access.GroupFounded.v1', 'access.AdmittedToGroup.v1'],
    to: countriesIn,
  },
  GROUP_LEFT: {
    meant: 'PARTY',
    description: 'Your country is in a sharing group no more.',
    severity: 'HIGH',
    of: ['access.RemovedFromGroup.v1', 'access.GroupEnded.v1'],
    to: countriesIn,
    endsSight: true,
  },
});
