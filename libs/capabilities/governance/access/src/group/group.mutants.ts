import { inFolder, type Guard } from '../../../../../../test/access/mutants/guard.js';

const { of } = inFolder('libs/capabilities/governance/access/src/group');
const groupRegister = of('group.register', 'group.register', '../access.register');
const groupRecord = of('group.record', 'group.access');
const groupsView = of('groups.view');
const groupMembersView = of('group-members.view');
const subgroupsView = of('subgroups.view');

export const guards: readonly Guard[] = [
  groupRegister('a country that leaves the alliance leaves every group', 'register.admittedBy.delete(left);', ''),
  groupRegister(
    'that a country has left a group with the alliance is noted in it',
    'entry(register.departed, id, () => new Set()).add(left)',
    'undefined',
  ),
  groupRegister('a country that had left the alliance before it came rules no group', '!left.has(one) && ', ''),
  groupRegister(
    'a group that passed on is left by the country that ruled it',
    'admittedBy.get(event.data.from)?.delete(id);',
    '',
  ),
  groupRecord(
    'a group that passed on is its new owner’s to rule, and not its founder’s',
    "state !== null && actsFor(who, state.owner, 'DELEGATE')",
    'true',
  ),
  groupsView(
    'a group that passed on is not shown to its founder as its own',
    'marking: { ...row.marking, owner: data.to }',
    'marking: row.marking',
  ),
  groupRecord('a country that has left the alliance rules no group', '!who.hasLeft && ', ''),
  groupRegister('a country that leaves a group is not in it', 'admittedBy.get(event.data.country)?.delete(id);', ''),
  groupRegister('a group that is taken out of another is not in it', 'around.get(event.data.group)?.delete(id);', ''),
  groupRegister(
    'who is in a group is in those around it',
    'for (const group of reached) for (const outer of around.get(group) ?? []) reached.add(outer);',
    '',
  ),
  groupRegister(
    'a group in another concerns all that are in it',
    'if (groups.has(group)) regroup(register, party);',
    'if (groups.size === 0) regroup(register, party);',
  ),
  groupMembersView(
    'members of a group do not see each other',
    'of.membersVisible || member === of.owner ? [groupAudience(group)] : [`country:${member}`]',
    '[groupAudience(group)]',
  ),
  subgroupsView(
    'that a group is in another is told to those inside it',
    'const releaseTo = [groupAudience(inner)];',
    "const releaseTo = ['MEMBERS' as const];",
  ),
  groupMembersView(
    'a membership is told as its group says',
    'marking: membershipMarking(group, data.country, data)',
    'marking: membershipMarking(group, data.country, { ...data, membersVisible: true })',
  ),
  groupMembersView(
    'a membership is told within its group',
    "  parent: { view: 'access.groups', field: 'group' },\n",
    '',
  ),
  subgroupsView(
    'a group in a group is told within its group',
    "  parent: { view: 'access.groups', field: 'group' },\n",
    '',
  ),
];
