import { inFile } from '../guard.js';

const CAPABILITIES = 'libs/capabilities';
/** `within('governance/access/src/group')('group.access')` and the spec beside it. */
const within = (folder: string) => (file: string) =>
  inFile(`${CAPABILITIES}/${folder}/${file}.ts`, `${CAPABILITIES}/${folder}/${file}.spec`);

/** What a record type grants by a rule of its own, and the spec of its access. */
const ofRecordType = (record: string) =>
  inFile(`${CAPABILITIES}/${record}.record.ts`, `${CAPABILITIES}/${record}.access.spec`);
/** What a record type decides, and the spec of that. */
const decisionsOf = (record: string) =>
  inFile(`${CAPABILITIES}/${record}.record.ts`, `${CAPABILITIES}/${record}.decider.spec`);

const ofAccess = (name: string) => within(`governance/access/src/${name}`);
const groupMembers = ofAccess('group')('group-members.view');
const subgroups = ofAccess('group')('subgroups.view');
const person = ofRecordType('governance/access/src/person/person');
const emergency = ofRecordType('governance/access/src/emergency-access/emergency-access');
const useAccess = ofRecordType('diplomacy/briefs/src/use-request/use-request');
const useDecision = decisionsOf('diplomacy/briefs/src/use-request/use-request');
const request = ofRecordType('diplomacy/briefs/src/access-request/access-request');
const material = ofRecordType('supply/materials/src/material/material');
const pledges = within('supply/projects/src/pledge')('pledges.view');
const productions = within('supply/materials/src/production')('production.view');
const worldProductions = within('supply/materials/src/production')('world-production.view');
const statements = inFile(
  `${CAPABILITIES}/supply/materials/src/production/statement.events.ts`,
  `${CAPABILITIES}/supply/materials/src/production/production.decider.spec`,
);
const concentrations = inFile(
  'libs/foundation/kernel/src/figures.ts',
  `${CAPABILITIES}/supply/materials/src/production/concentration.view.spec`,
);
const project = ofRecordType('supply/projects/src/project/project');
const stock = ofRecordType('security/stockpiles/src/declaration/declaration');
const stockRows = within('security/stockpiles/src/declaration')('stock-declarations.view');
const corrections = within('security/stockpiles/src/declaration')('pending-corrections.view');
const stockTable = within('security/stockpiles/src/total')('stock-table.rule');
const TOTAL = `${CAPABILITIES}/security/stockpiles/src/total/total.decider.spec`;
const total = inFile(`${CAPABILITIES}/security/stockpiles/src/total/total.record.ts`, TOTAL);
const contributions = inFile(`${CAPABILITIES}/security/stockpiles/src/total/contributions.register.ts`, TOTAL);
const totalRows = within('security/stockpiles/src/total')('stock-totals.view');
const reading = within('governance/sharing/src/reading');
const audience = within('governance/sharing/src/marking')('reach.rule');
const readingRecordType = ofRecordType('governance/sharing/src/reading/reading');
const audienceChanges = within('governance/sharing/src/marking')('audience-changes.view');
const erasures = within('governance/sharing/src/erasure')('erasures.view');

const ACTS = 'libs/capabilities/governance/acts/src';
const acts = inFile(`${ACTS}/act/act.record.ts`, `${ACTS}/act/act.access.spec`);
/** Who may do what with each kind of record, and who may know what of it. */
export const capabilityGuards = [
  acts(
    'nobody approves what they prepared themselves',
    "if (preparedBy === who.person) return reject('ACTS.SAME_PERSON');",
    '',
    { specs: [`${ACTS}/act/act.decider.spec`] },
  ),
  acts(
    'what is approved is what was seen',
    "if (digest !== prepared.digest) return reject('ACTS.DIFFERENT', { field: 'digest' });",
    '',
    { specs: [`${ACTS}/act/act.decider.spec`] },
  ),
  acts('an act is its own party’s to approve and to withdraw', 'partyOf(who) === owner', 'true'),
  acts('an act is approved by approvers', "hasRole(who, 'APPROVER') || isOfSecretariat(who)", 'true'),
  inFile('libs/foundation/eventing/src/judge.ts', `${ACTS}/acts.pipeline.spec`)(
    'what takes two persons waits for the second',
    'mayWaitForSecond(issued) && issued',
    'false && issued',
    { tests: 'judged at once' },
  ),
  inFile('libs/foundation/eventing/src/two-persons.ts', `${ACTS}/acts.pipeline.spec`)(
    'an act is used once',
    'commandId: commandIdOfAct(act),\n      act:',
    'commandId,\n      act:',
    { tests: 'in both their names' },
  ),
  groupMembers(
    'members of a group do not see each other',
    'of.membersVisible || member === of.owner ? [groupAudience(group)] : [`country:${member}`]',
    '[groupAudience(group)]',
  ),
  subgroups(
    'that a group is in another is told to those inside it',
    'const releaseTo = [groupAudience(inner)];',
    "const releaseTo = ['MEMBERS' as const];",
  ),
  groupMembers(
    'a membership is told as its group says',
    'marking: membershipMarking(group, data.country, data)',
    'marking: membershipMarking(group, data.country, { ...data, membersVisible: true })',
  ),
  groupMembers('a membership is told within its group', "  parent: { view: 'access.groups', field: 'group' },\n", ''),
  subgroups(
    'a group in a group is told within its group',
    "  parent: { view: 'access.groups', field: 'group' },\n",
    '',
  ),
  person('a delegate gives and takes national roles', 'NATIONAL_ROLES.includes(given.role) && ', ''),
  emergency(
    'an emergency access is not decided under a mandate',
    'const approvers = inPerson({',
    'const approvers = ({',
  ),
  emergency(
    'an emergency access is decided by a member state',
    "mayIssue: members('DELEGATE', 'APPROVER').mayIssue,",
    '',
  ),
  useAccess(
    'the use of a record is approved by a delegate of its owner’s own people',
    "inPerson(peopleIn((state: UseRequestState) => state?.sourceOwner ?? null, 'DELEGATE'))",
    "peopleIn((state: UseRequestState) => state?.sourceOwner ?? null, 'DELEGATE')",
  ),
  useDecision('an approval to forward permits no deriving', " || state.purpose === 'FORWARD'", ''),
  useDecision(
    'a request to use is told to the two parties',
    'releaseTo: [ownerAudience(source.owner)],',
    "releaseTo: ['MEMBERS'],",
  ),
  useDecision(
    'a request to use is as sensitive as its source',
    '  ...(source.level && { level: source.level }),\n',
    '',
  ),
  useDecision(
    'a use names no group that its asker is not in',
    "if (isStrange(given.audience, who.audiences)) return reject('USES.UNKNOWN_AUDIENCE', { field: 'audience' });",
    '',
  ),
  useDecision(
    'an approval names no group that neither side has named',
    "    if (isStrange(approval.audience, [...who.audiences, ...state.audience]))\n      return reject('USES.UNKNOWN_AUDIENCE', { field: 'audience' });\n",
    '',
  ),
  useDecision(
    'a request that was withdrawn is approved no more',
    "  closed: { if: (state) => state?.isWithdrawn ?? false, rejection: 'USES.WITHDRAWN' },\n",
    '',
  ),
  request(
    'an access request to the secretariat is answered by it',
    'state !== null && partyOf(who) === state.of',
    'state !== null',
  ),
  useDecision(
    'a request that was withdrawn is refused no more',
    '!isWithdrawn && refusedBecause === reason',
    'refusedBecause === reason',
  ),
  material(
    'a list is its jurisdiction’s',
    "=> JURISDICTIONS[list], 'DELEGATE')",
    "=> JURISDICTIONS[list] ?? JURISDICTIONS.EU_CRITICAL, 'DELEGATE', 'LIAISON')",
  ),
  pledges('a pledge is told within its project', "  parent: { view: 'projects.projects', field: 'projectId' },\n", ''),
  productions(
    'a production is told within its material',
    "  parent: { view: 'materials.materials', field: 'material' },\n",
    '',
  ),
  worldProductions(
    'world production is told within its material',
    "  parent: { view: 'materials.materials', field: 'material' },\n",
    '',
  ),
  statements(
    'a figure does not come out under a wider marking than was asked for',
    'if (asked !== undefined && !isSameMarking(asked, inForce.marking))',
    'if (asked !== undefined && false)',
  ),
  concentrations(
    'what others produced is not taken for all that is missing',
    'rest: { atLeast: others.atLeast },',
    'rest: others,',
  ),
  project('consent is the host’s', 'state?.terms.hostCountry ?? owner', 'owner'),
  stock(
    'a stock that nobody has approved is its owner’s alone',
    'isReleased ? marking : ownerAlone(marking)',
    'marking',
  ),
  stockRows(
    'a stock that nobody has approved is in its owner’s lists alone',
    'releasedAs: marking, marking: ownerAlone(marking) }',
    'releasedAs: marking, marking }',
  ),
  stockRows(
    'a correction that waits does not touch the row that others see',
    "event.type === 'stockpiles.DeclarationCorrected.v1' && event.data.corrects === 'APPROVED' ? [] : [id]",
    '[id]',
  ),
  stockRows(
    'a stock that waits stays its owner’s when it is re-marked',
    "before.status === 'PENDING' || before.neverApproved ? ownerAlone(marking) : marking",
    'marking',
  ),
  corrections(
    'a correction that waits stays its owner’s when its stock is re-marked',
    'onMarkingChanged: (before, marking) => ({ ...before, marking: ownerAlone(marking) })',
    'onMarkingChanged: (before, marking) => ({ ...before, marking })',
  ),

  total(
    'a total waits for its day',
    "if (now < startOfUtcDay(releaseOn)) return reject('STOCKPILES.TOTAL_NOT_DUE', { field: 'quarter', releaseOn });",
    '',
  ),
  total('a total is published once', "if (isPublished) return reject('STOCKPILES.TOTAL_PUBLISHED');", ''),
  total(
    'a withheld total tells nothing',
    '{ outcome: table, cells: [], counted: [] } as const',
    '{ outcome: table, cells: [], counted } as const',
  ),
  contributions('only what is for totals goes into totals', 'return aggregateOnly === true && isOpen', 'return isOpen'),
  contributions(
    'only what is approved goes into totals',
    'return { ...so, material: data.material };',
    'return { ...so, material: data.material, approved: { figures: data, position } };',
  ),
  contributions('what is withdrawn goes into no total', '  !isWithdrawn &&\n', ''),
  contributions('what is erased goes into no total', '  !record.isErased &&\n  material', '  material'),
  contributions(
    'what is under embargo goes into no total',
    'aggregateOnly === true && isOpen &&',
    'aggregateOnly === true &&',
  ),
  contributions(
    'a total keeps within the limits of what goes into it',
    " && isWithin(marking, { ...limits, releaseTo: ['PUBLIC'] })",
    '',
  ),
  contributions(
    'a total holds nothing older than what its holder tells openly',
    'filter(([, each]) => isInForce(each, asked))',
    'filter(([, each]) => isInForce(each, asked) && isForTotal(each.record.marking!, asked))',
  ),
  contributions(
    'a total is not compared with what cannot be read any more',
    'contributions: isReadable ? made : null',
    'contributions: made.filter((each) => each !== null)',
  ),
  contributions(
    'an earlier total that cannot be read any more may be of the same material',
    'if (isContentWithheld(event)) return [{ forms: [], contributions: null }];',
    'if (isContentWithheld(event)) return [];',
  ),
  stockTable('a figure has enough holdings behind it', '!isTooFew(some, FEWEST) && ', ''),
  stockTable('a figure lets nobody estimate the largest holding', ' && !isDominated(some)', ''),
  stockTable(
    'a figure is safe without any one holding',
    ' && holdings.every((_, one) => passes(holdings.toSpliced(one, 1)))',
    '',
  ),
  stockTable(
    'what is not shown is not the total less what is shown',
    'rest.length === 0 ? shown.length > 0 : isSafe(rest)',
    'rest.length === 0 || shown.length > 0 || isSafe(rest)',
  ),
  stockTable('a form whose cell is not safe is not shown', '.filter(([, cell]) => isSafe(cell))\n', '\n'),
  stockTable(
    'a later total does not tell who has joined or left',
    ' || earlier.some((each) => isTelling(contributions, forms, each))',
    '',
  ),
  stockTable('a later total does not tell who has left', ', without(older, newer)]', ']'),
  stockTable(
    'a later total does not tell who has joined in one form',
    '    ...inBoth.map((form) => (of: Contribution) => of.form === form),\n',
    '',
  ),
  stockTable(
    'a later total does not tell who has joined in what is not shown',
    '    ({ form }) => !inBoth.includes(form),\n',
    '',
  ),
  stockTable(
    'what cannot be compared is not shown',
    'if (earlier.contributions === null) return true;',
    'if (earlier.contributions === null) return false;',
  ),
  stockTable(
    'the European Union and its states are one holding',
    'isOne && EU_STATES.includes(each.holder)',
    'isOne && each.holder === each.form',
  ),
  stockTable('whoever holds nothing is no contributor', '.filter(({ quantity }) => quantity !== ZERO)\n', '\n'),
  totalRows(
    'what is in a total is in no list',
    'const { counted: _counted, rules: _rules, ...shown } = event.data;',
    'const { rules: _rules, ...shown } = event.data;',
  ),
  totalRows(
    'a total is told within its material',
    "  parent: { view: 'materials.materials', field: 'material' },\n",
    '',
  ),

  readingRecordType('a recall is acknowledged in some roles', "hasRole(who, 'DELEGATE', 'SECRETARIAT') && ", ''),
  readingRecordType('the platform acknowledges nothing', ' && !isPlatform(who)', ''),
  readingRecordType(
    'a recall is acknowledged by who had the record',
    'reader !== null && partyOf(who) === reader',
    'reader !== null',
  ),
  reading('reading.reaction')(
    'what a reading says goes to the two parties',
    'reader === null || reader === owner ? [] : [ownerAudience(reader)]',
    "reader === null || reader === owner ? [] : ['MEMBERS']",
  ),
  reading('reading.reaction')('a reading is as sensitive as what was read', '  ...(level && { level }),\n', ''),
  reading('reading.reaction')(
    'who read what an emergency opened is told by name',
    "!mayRead(marking, readerFor(who, capability), now) ? 'EMERGENCY'",
    "false ? 'EMERGENCY'",
  ),
  reading('reading.reaction')(
    'under a mandate, what is read is read as its subjects let it',
    'mayRead(marking, readerFor(who, capability), now)',
    'mayRead(marking, who, now)',
  ),
  reading('readings.view')('the read log is its owner’s alone', 'marking: ownerAlone(marking)', 'marking'),
  reading('recall.reaction')(
    'a recall goes to those who had the record and to nobody else',
    'this.#held.get(key)?.values() ?? []',
    '[...this.#held.values()].flatMap((each) => [...each.values()])',
  ),
  reading('recall.reaction')(
    'a recall is sent to who is not shown the record any more, and to nobody else',
    'if (isSeen) return null;',
    '',
  ),
  reading('recall.reaction')(
    'a withdrawal is told to who read before it',
    'ended !== undefined && position < ended.at',
    'ended !== undefined && position < 0n',
  ),
  reading('recall.reaction')(
    'an owner gets no recall of its own',
    'if (subject.reader === held.marking.owner) return null;',
    '',
  ),
  reading('recall.reaction')('a recall is sent once', 'readings?.delete(recordId);', ''),
  audienceChanges(
    'how an audience changed is told to its owner alone',
    'changedTo: marking, marking: ownerAlone(marking)',
    'changedTo: marking, marking',
  ),
  audienceChanges(
    'how an audience changed is gone with the content',
    'revisionsBefore(revision).map((each) => `${id}:${each}`)',
    '[id]',
  ),
  erasures(
    'an erasure is told to its owner alone when its record is re-marked',
    'marking: ownerAlone(marking) })',
    'marking })',
  ),
  audience('a preview tells nobody who may be in a group unseen', "if (!sees(atWorst)) return 'DEPENDS';", ''),
  audience('a preview does not take a denial for unknown', 'open.filter((one) => !terms.denied.includes(one))', 'open'),
  audience(
    'a preview says what is only shown',
    "mayExport(marking, { audiences, deniedAs: [], clearance: 'SECRET' }, now) ? 'READS' : 'DISPLAY_ONLY'",
    "'READS'",
  ),
  audience(
    'a preview says what is not open yet',
    "if (terms.opensAt !== null && now < terms.opensAt) return 'NOT_YET';",
    '',
  ),
];
