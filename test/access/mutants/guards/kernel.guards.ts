import { inFile } from '../guard.js';

const KERNEL = 'libs/foundation/kernel/src';
const policy = inFile(`${KERNEL}/policy.ts`, `${KERNEL}/policy.spec`);
const derivation = inFile(`${KERNEL}/derivation.ts`, `${KERNEL}/derivation.spec`);
const marking = inFile(`${KERNEL}/marking.ts`, `${KERNEL}/marking.spec`, `${KERNEL}/policy.spec`);
const principal = inFile(`${KERNEL}/principal.ts`, `${KERNEL}/principal.spec`);
const grants = inFile(`${KERNEL}/grants.ts`, `${KERNEL}/command.spec`);
const command = inFile(`${KERNEL}/command.ts`, `${KERNEL}/command.spec`);
const platform = inFile(
  `${KERNEL}/platform.ts`,
  'libs/capabilities/governance/sharing/src/reading/reading.access.spec',
);
const reaction = inFile(`${KERNEL}/reaction.ts`, `${KERNEL}/reaction.spec`);
const record = inFile(`${KERNEL}/record.ts`, `${KERNEL}/record.spec`);

/** The policy as the kernel says it, and what is said of every record. */
export const kernelGuards = [
  platform('the platform is nobody else', 'mayIssue: isPlatform,', 'mayIssue: () => true,'),
  reaction('the ids of the platform’s commands are its own', '/^(re|due|act):/.test(commandId)', "commandId === ''"),
  record('nobody but the platform notes the time', '? isPlatform(who)\n', '? true\n', {
    specs: ['libs/foundation/eventing/src/elapsed.spec'],
    tests: 'nobody but the platform',
  }),
  marking(
    'two markings that differ in a level are not the same',
    "level: (level) => level ?? 'OPEN',",
    'level: () => null,',
  ),
  marking(
    'two markings that differ in an embargo are not the same',
    'embargoUntil: (instant) => instant ?? null,',
    'embargoUntil: () => null,',
  ),
  policy('the level binds everybody', 'if (heightOf(clearance) < terms.level) return false;', ''),
  policy('a record without a level asks for none, and no less', "heightOf(marking.level ?? 'OPEN')", '0'),
  policy(
    'a denial binds whoever acts for the owner without being of its people',
    'if (terms.denied.some((one) => deniedAs.includes(one))) return false;',
    '',
  ),
  policy('the owner reads whatever the rest says', 'if (audiences.includes(terms.owner)) return true;', ''),
  policy(
    'a record is read by whom it is released to, and by nobody else',
    'terms.readers.some((one) => audiences.includes(one)) &&',
    '',
  ),
  policy('a denial wins over a release', '!terms.denied.some((one) => audiences.includes(one)) &&', ''),
  policy('a group that is needed is needed', 'terms.needed.every((one) => audiences.includes(one)) &&', ''),
  policy(
    'every group that is needed is needed, and not one of them',
    'terms.needed.every((one) => audiences.includes(one)) &&',
    '(terms.needed.length === 0 || terms.needed.some((one) => audiences.includes(one))) &&',
  ),
  policy('an embargo keeps a record closed', '(terms.opensAt === null || terms.opensAt <= now) &&', ''),
  policy('an embargo ends at its instant and not after it', 'terms.opensAt <= now', 'terms.opensAt < now'),
  policy(
    'a record expires',
    '(terms.opensAt === null || terms.opensAt <= now) &&\n    (terms.closesAt === null || now < terms.closesAt)',
    '(terms.opensAt === null || terms.opensAt <= now)',
  ),
  policy('a record expires at its instant and not after it', 'now < terms.closesAt', 'now <= terms.closesAt'),
  policy(
    'what is for totals only is released to nobody',
    'marking.aggregateOnly ? [] : [...marking.releaseTo, ...(marking.displayOnlyTo ?? [])]',
    '[...marking.releaseTo, ...(marking.displayOnlyTo ?? [])]',
  ),
  policy('what is only shown is not taken away', '{ ...marking, displayOnlyTo: [] }', 'marking'),
  policy(
    'a derived record goes to no reader whom its source does not go to',
    'own.readers.every((one) => one === own.owner || isCovered(one, from.readers)) &&',
    '',
  ),
  policy(
    'a derived record keeps every denial of its source',
    'from.denied.every((one) => own.denied.includes(one)) &&',
    '',
  ),
  policy(
    'a derived record keeps every need to know of its source',
    'from.needed.every((one) => own.needed.includes(one)) &&',
    '',
  ),
  policy('a derived record keeps the level of its source', 'own.level >= from.level &&', ''),
  policy(
    'a derived record keeps the embargo of its source',
    '(from.opensAt === null || (own.opensAt !== null && own.opensAt >= from.opensAt)) &&',
    '',
  ),
  policy(
    'a derived record has an embargo as long as that of its source',
    'own.opensAt !== null && own.opensAt >= from.opensAt',
    'own.opensAt !== null',
  ),
  policy(
    'a derived record keeps the expiry of its source',
    '&&\n    (from.closesAt === null || (own.closesAt !== null && own.closesAt <= from.closesAt))',
    '',
  ),
  policy(
    'a derived record expires no later than its source',
    'own.closesAt !== null && own.closesAt <= from.closesAt',
    'own.closesAt !== null',
  ),
  policy(
    'of those who are released to, only the secretariat is known to be among the members',
    "(one === 'SECRETARIAT' && by.includes('MEMBERS'))",
    "by.includes('MEMBERS')",
  ),

  derivation('who narrows a record lets nobody more read it', 'isWithin(marking, than) &&\n', ''),
  derivation(
    'who narrows a record lets nobody more take it away',
    'isWithin(withoutShown(marking), withoutShown(than)) &&',
    '',
  ),
  derivation(
    'what is derived stays under the control of the originator',
    '&&\n  (!than.originatorControl || marking.originatorControl === true)',
    '',
  ),
  derivation('an approval is for one source', 'of === source.id && ', ''),
  derivation('an approval is for one party', 'to === marking.owner && ', ''),
  derivation('an approval holds for its time', ' && (until === null || now < until)', ''),
  derivation(
    'the originator’s control asks for an approval',
    'source.marking.originatorControl === true || !mayExport',
    '!mayExport',
  ),
  derivation(
    'what is only shown is not passed on without an approval',
    ' || !mayExport(source.marking, asParty, now)',
    '',
  ),
  derivation(
    'what was released to one person is not passed on without an approval',
    "reader.audiences.filter((one) => !one.startsWith('person:'))",
    'reader.audiences',
  ),
  derivation(
    'without an approval nothing is derived from what is controlled',
    "if (!isOwn && isControlled && given.length === 0) return 'UNAPPROVED';",
    '',
  ),
  derivation(
    'nothing is derived for more readers than may be',
    "return isNarrower(marking, allowed) ? null : 'TOO_WIDE';",
    'return null;',
  ),
  derivation(
    'what was derived with an approval is controlled as its source is',
    'originatorControl: !isOwn && source.marking.originatorControl === true,',
    'originatorControl: false,',
  ),

  marking(
    'a marking that names nobody is its owner’s alone',
    'releaseTo: [],\n  handling,',
    "releaseTo: ['PUBLIC'],\n  handling,",
  ),
  marking(
    'what is public is CLEAR',
    "releaseTo.includes('PUBLIC') ? handling === 'CLEAR' :",
    "releaseTo.includes('PUBLIC') ? true :",
  ),
  marking('RED is for named recipients', "!(handling === 'RED' && releaseTo.includes('MEMBERS'))", 'true'),

  principal(
    'under a mandate, other subjects are read as the public reads them',
    'who.mandate === null || who.mandate.subjects.includes(capability)',
    'true',
  ),
  principal(
    'outside the subjects of a mandate, no audience is kept but the public',
    "who.audiences.filter((one): one is Audience => one === 'PUBLIC')",
    'who.audiences',
  ),
  principal('outside the subjects of a mandate, no clearance holds', "clearance: 'OPEN',", 'clearance: who.clearance,'),
  principal(
    'outside the subjects of a mandate, nothing is opened by an emergency',
    'breakGlassRecords: [],',
    'breakGlassRecords: who.breakGlassRecords,',
  ),

  principal(
    'outside the subjects of a mandate, what is denied to either party is denied',
    'deniedAs: [...who.audiences, ...who.deniedAs],',
    'deniedAs: [],',
  ),

  record('who acts under a mandate says nothing of whom a record is released to', 'who.mandate === null &&\n', ''),
  record(
    'the audience of a record is for delegates and the secretariat to change',
    "hasRole(who, 'DELEGATE', 'SECRETARIAT', ...(command",
    "hasRole(who, 'LIAISON', 'DELEGATE', 'SECRETARIAT', ...(command",
  ),
  record('the audience of a record is its owner’s to change', 'marking?.owner === partyOf(who)', 'marking !== null'),
  record(
    'an audience that follows from the kind of record stays',
    "if (isMarkingFixed) return reject('MARKING.FIXED');",
    '',
  ),
  record(
    'an erasure is asked for before it is approved',
    "if (!erasure) return reject('ERASURE.NOT_REQUESTED');",
    'if (!erasure) return accept();',
  ),
  record(
    'an erasure takes two persons',
    "if (erasure.requestedBy === who.person) return reject('ERASURE.SAME_PERSON');",
    '',
  ),
  record(
    'the facts about an erasure are the owner’s alone',
    'marking: ownerAlone(before ?? marking)',
    'marking: before ?? marking',
  ),
  grants(
    'nobody speaks in another country’s name',
    'actsFor(who, given.country ?? who.country, ...roles)',
    'hasRole(who, ...roles)',
  ),
  grants(
    'a record is its owner’s to change',
    'mayAct: (who, _, { owner }) => actsFor(who, owner, ...roles)',
    'mayAct: () => true',
  ),
  grants('what is for members is for no other country', 'who.isMember && who.country', 'who.country'),
  grants('a country that has left acts as no member', 'mayAct: (who) => who.isMember', 'mayAct: () => true'),
  grants('what is the secretariat’s is for nobody else', 'partyOf(who) === SECRETARIAT', 'true'),
  grants('the secretariat changes its own records', 'partyOf(who) === owner', 'true'),
  grants(
    'a country that a command names speaks for itself',
    'actsFor(who, country(given), ...roles)',
    'hasRole(who, ...roles)',
  ),
  grants(
    'a country that a record names speaks for itself',
    'actsFor(who, country(state, marking) ?? SECRETARIAT, ...roles)',
    'hasRole(who, ...roles)',
  ),
  grants('what is granted in person is for nobody under a mandate', 'who.mandate === null && ', ''),
  command(
    'a command is for those whom it is granted to',
    'mayIssue: (given, who) => of(given).may.some((each) => each.mayIssue(who, given))',
    'mayIssue: () => true',
  ),
  command(
    'one grant must allow both to give a command and to give it to this record',
    'each.mayIssue(who, given) && each.mayAct',
    'each.mayAct',
  ),
  command('a closed record takes no more commands', 'closed?.if(state) ? reject(closed.rejection) : ', ''),
  inFile(`${KERNEL}/figures.ts`, 'libs/capabilities/supply/materials/src/production/concentration.view.spec')(
    'what others produced is not taken for all that is missing',
    'rest: { atLeast: others.atLeast },',
    'rest: others,',
  ),
];
