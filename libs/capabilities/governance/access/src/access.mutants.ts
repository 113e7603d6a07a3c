import { inFolder, type Guard } from '../../../../../test/access/mutants/guard.js';

const { of } = inFolder('libs/capabilities/governance/access/src');
const accessRegister = of('access.register');

export const guards: readonly Guard[] = [
  accessRegister('a country that leaves is no member', 'members.delete(of);', ''),
  accessRegister(
    'a group is read by its members alone',
    'const groups = [...(groupsOf.get(actsFor) ?? [])].map(groupAudience);',
    'const groups = [...new Set([...groupsOf.values()].flatMap((each) => [...each]))].map(groupAudience);',
  ),
  accessRegister('a role that was revoked is none', ' && !isRevoked(role));', ');'),
  accessRegister(
    'a role is granted for the country that the token names',
    'by !== undefined && (by === null || by === from)',
    'by !== undefined',
  ),
  accessRegister(
    'a person of no country has no role of one',
    'const isNeutral = from === null || held',
    'const isNeutral = held',
  ),
  accessRegister('the secretariat is neutral', "from === null || held.includes('SECRETARIAT')", 'from === null'),
  accessRegister(
    'a country is acted for in a national role',
    'roles.some((role) => NATIONAL_ROLES.includes(role)) ? from : null',
    'from',
  ),
  accessRegister(
    'who is of no member reads nothing of the members’',
    "...(members.has(actsFor) ? ['MEMBERS' as const] : [])",
    "'MEMBERS'",
  ),
  accessRegister('a person without a role reads what is public', "if (roles.length === 0) return ['PUBLIC'];", ''),
  accessRegister(
    'who acts for no country reads what is public and their own',
    "if (actsFor === null) return ['PUBLIC', self];",
    "if (actsFor === null) return ['PUBLIC', 'MEMBERS', self];",
  ),
  accessRegister(
    'the secretariat reads no country’s',
    "return ['PUBLIC', 'MEMBERS', SECRETARIAT, self];",
    "return ['PUBLIC', 'MEMBERS', SECRETARIAT, self, 'country:JP' as Audience];",
  ),
  accessRegister(
    'a clearance is the word of the own party',
    'clearedBy !== null && clearedBy === party',
    'clearedBy !== null',
  ),
  accessRegister(
    'an emergency opens nothing to who is not of the secretariat any more',
    "roles.includes('SECRETARIAT')\n      ? emergencyAccessesOf(person, register, now).map(({ record }) => record)\n      : []",
    'emergencyAccessesOf(person, register, now).map(({ record }) => record)',
  ),
  accessRegister('an emergency access ends', 'state.until === null || state.until <= now', 'state.until === null'),
  accessRegister(
    'an emergency access is for who asked',
    '[...(emergencies.get(person) ?? [])]',
    '[...[...emergencies.values()].flatMap((each) => [...each])]',
  ),
  accessRegister('a mandate is for the country that it names', 'state?.principal !== principal || ', '!state || '),
  accessRegister(
    'a mandate is for the people of its delegate',
    'state.terms?.delegate !== own.country || ',
    '!state.terms || ',
  ),
  accessRegister('a mandate is over when its time is', ' || !isInForce(state.terms, now)', ''),
  accessRegister('a mandate begins with its time', 'from <= now && now < until', 'now < until'),
  accessRegister('a mandate ends with its time', 'from <= now && now < until', 'from <= now'),
  accessRegister(
    'a mandate gives no role of the alliance',
    'const roles = own.roles.filter((role) => NATIONAL_ROLES.includes(role));',
    'const roles = own.roles;',
  ),
  accessRegister(
    'under a mandate, nothing of the own country’s is read',
    'audiences: audiencesFor(own.person, roles, state.principal, register),',
    'audiences: [...own.audiences, ...audiencesFor(own.person, roles, state.principal, register)],',
  ),
  accessRegister('under a mandate, a denial to the own country holds', 'deniedAs: own.audiences,', 'deniedAs: [],'),
  accessRegister(
    'a mandate is one of the alliance where the country acted for is a member',
    'isMember: register.members.has(state.principal),',
    'isMember: true,',
  ),
];
