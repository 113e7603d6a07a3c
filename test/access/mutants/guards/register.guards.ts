import { inFile } from '../guard.js';

const ACCESS = 'libs/capabilities/governance/access/src';
const REGISTER = `${ACCESS}/access.register.spec`;
const register = inFile(`${ACCESS}/access.register.ts`, REGISTER);
const groups = inFile(`${ACCESS}/group/group.register.ts`, `${ACCESS}/group/group.register.spec`, REGISTER);
const emergency = inFile(
  `${ACCESS}/emergency-access/emergency-access.record.ts`,
  `${ACCESS}/emergency-access/emergency-access.decider.spec`,
);
const mandate = inFile(`${ACCESS}/mandate/mandate.record.ts`, `${ACCESS}/mandate/mandate.decider.spec`);

/** What the registers say of members, groups, roles, clearances, mandates and emergencies. */
export const registerGuards = [
  groups('a country that leaves the alliance leaves every group', 'register.admittedBy.delete(left);', ''),
  groups(
    'that a country has left a group with the alliance is noted in it',
    'entry(register.departed, id, () => new Set()).add(left)',
    'undefined',
  ),
  groups('a country that had left the alliance before it came rules no group', '!left.has(one) && ', ''),
  groups(
    'a group that passed on is left by the country that ruled it',
    'admittedBy.get(event.data.from)?.delete(id);',
    '',
  ),
  inFile(`${ACCESS}/group/group.record.ts`, `${ACCESS}/group/group.access.spec`)(
    'a group that passed on is its new owner’s to rule, and not its founder’s',
    "state !== null && actsFor(who, state.owner, 'DELEGATE')",
    'true',
  ),
  inFile(`${ACCESS}/group/groups.view.ts`, `${ACCESS}/group/groups.view.spec`)(
    'a group that passed on is not shown to its founder as its own',
    'marking: { ...row.marking, owner: data.to }',
    'marking: row.marking',
  ),
  inFile(`${ACCESS}/group/group.record.ts`, `${ACCESS}/group/group.access.spec`)(
    'a country that has left the alliance rules no group',
    '!who.hasLeft && ',
    '',
  ),
  register('a country that leaves is no member', 'members.delete(of);', ''),
  groups('a country that leaves a group is not in it', 'admittedBy.get(event.data.country)?.delete(id);', ''),
  groups('a group that is taken out of another is not in it', 'around.get(event.data.group)?.delete(id);', ''),
  groups(
    'who is in a group is in those around it',
    'for (const group of reached) for (const outer of around.get(group) ?? []) reached.add(outer);',
    '',
  ),
  groups(
    'a group in another concerns all that are in it',
    'if (groups.has(group)) regroup(register, party);',
    'if (groups.size === 0) regroup(register, party);',
  ),
  register(
    'a group is read by its members alone',
    'const groups = [...(groupsOf.get(actsFor) ?? [])].map(groupAudience);',
    'const groups = [...new Set([...groupsOf.values()].flatMap((each) => [...each]))].map(groupAudience);',
  ),
  register('a role that was revoked is none', ' && !isRevoked(role));', ');'),
  register(
    'a role is granted for the country that the token names',
    'by !== undefined && (by === null || by === from)',
    'by !== undefined',
  ),
  register(
    'a person of no country has no role of one',
    'const isNeutral = from === null || held',
    'const isNeutral = held',
  ),
  register('the secretariat is neutral', "from === null || held.includes('SECRETARIAT')", 'from === null'),
  register(
    'a country is acted for in a national role',
    'roles.some((role) => NATIONAL_ROLES.includes(role)) ? from : null',
    'from',
  ),
  register(
    'who is of no member reads nothing of the members’',
    "...(members.has(actsFor) ? ['MEMBERS' as const] : [])",
    "'MEMBERS'",
  ),
  register('a person without a role reads what is public', "if (roles.length === 0) return ['PUBLIC'];", ''),
  register(
    'who acts for no country reads what is public and their own',
    "if (actsFor === null) return ['PUBLIC', self];",
    "if (actsFor === null) return ['PUBLIC', 'MEMBERS', self];",
  ),
  register(
    'the secretariat reads no country’s',
    "return ['PUBLIC', 'MEMBERS', SECRETARIAT, self];",
    "return ['PUBLIC', 'MEMBERS', SECRETARIAT, self, 'country:JP' as Audience];",
  ),
  register(
    'a clearance is the word of the own party',
    'clearedBy !== null && clearedBy === party',
    'clearedBy !== null',
  ),
  register(
    'an emergency opens nothing to who is not of the secretariat any more',
    "roles.includes('SECRETARIAT')\n      ? emergencyAccessesOf(person, register, now).map(({ record }) => record)\n      : []",
    'emergencyAccessesOf(person, register, now).map(({ record }) => record)',
  ),
  register('an emergency access ends', 'state.until === null || state.until <= now', 'state.until === null'),
  register(
    'an emergency access is for who asked',
    '[...(emergencies.get(person) ?? [])]',
    '[...[...emergencies.values()].flatMap((each) => [...each])]',
  ),
  register('a mandate is for the country that it names', 'state?.principal !== principal || ', '!state || '),
  register(
    'a mandate is for the people of its delegate',
    'state.terms?.delegate !== own.country || ',
    '!state.terms || ',
  ),
  register('a mandate is over when its time is', ' || !isInForce(state.terms, now)', ''),
  register('a mandate begins with its time', 'from <= now && now < until', 'now < until'),
  register('a mandate ends with its time', 'from <= now && now < until', 'from <= now'),
  register(
    'a mandate gives no role of the alliance',
    'const roles = own.roles.filter((role) => NATIONAL_ROLES.includes(role));',
    'const roles = own.roles;',
  ),
  register(
    'under a mandate, nothing of the own country’s is read',
    'audiences: audiencesFor(own.person, roles, state.principal, register),',
    'audiences: [...own.audiences, ...audiencesFor(own.person, roles, state.principal, register)],',
  ),
  register('under a mandate, a denial to the own country holds', 'deniedAs: own.audiences,', 'deniedAs: [],'),
  register(
    'a mandate is one of the alliance where the country acted for is a member',
    'isMember: register.members.has(state.principal),',
    'isMember: true,',
  ),

  emergency(
    'an emergency access that nobody approved opens nothing',
    'until: null,\n      isRefused: false,',
    "until: '9999-12-31T23:59:59.999Z' as Instant,\n      isRefused: false,",
    { specs: [REGISTER] },
  ),
  emergency(
    'an emergency access takes two persons',
    "if (requestedBy === who.person) return reject('EMERGENCIES.SAME_PERSON');\n    if (isRefused)",
    'if (isRefused)',
  ),
  emergency(
    'an emergency access is refused by another person, too',
    "if (requestedBy === who.person) return reject('EMERGENCIES.SAME_PERSON');\n    return isRefused",
    'return isRefused',
  ),
  emergency(
    'an emergency access that was refused is not approved',
    "if (isRefused) return reject('EMERGENCIES.REFUSED');",
    '',
  ),
  emergency(
    'an emergency access that is approved twice does not last longer',
    'if (until !== null) return accept();',
    '',
  ),
  emergency(
    'an emergency access that is refused ends',
    'state && { ...state, until: null, isRefused: true }',
    'state && { ...state, isRefused: true }',
    { specs: [REGISTER] },
  ),
  mandate('a mandate that is revoked is over', '(state) => state && { ...state, terms: null }', '(state) => state'),
  mandate(
    'a mandate is for another country',
    'if (principal === null || delegate === principal) return',
    'if (principal === null) return',
  ),
  mandate(
    'a mandate has subjects',
    "if (subjects.length === 0) return reject('MANDATES.NO_SUBJECT', { field: 'subjects' });",
    '',
  ),
  mandate('a mandate ends after it begins', 'until <= from || until <= now', 'until <= now'),
];
