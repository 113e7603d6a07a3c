import { inFolder, type Guard } from '../../../../../../test/access/mutants/guard.js';

const { of } = inFolder('libs/capabilities/security/stockpiles/src/total');
const totalRecord = of('total.record', 'total.decider');
const contributionsRegister = of('contributions.register', 'total.decider');
const stockTableRule = of('stock-table.rule');
const stockTotalsView = of('stock-totals.view');

export const guards: readonly Guard[] = [
  totalRecord(
    'a total waits for its day',
    "if (now < startOfUtcDay(releaseOn)) return reject('STOCKPILES.TOTAL_NOT_DUE', { field: 'quarter', releaseOn });",
    '',
  ),
  totalRecord('a total is published once', "if (isPublished) return reject('STOCKPILES.TOTAL_PUBLISHED');", ''),
  totalRecord(
    'a withheld total tells nothing',
    '{ outcome: table, cells: [], counted: [] } as const',
    '{ outcome: table, cells: [], counted } as const',
  ),
  contributionsRegister(
    'only what is for totals goes into totals',
    'return aggregateOnly === true && isOpen',
    'return isOpen',
  ),
  contributionsRegister(
    'only what is approved goes into totals',
    'return { ...so, material: data.material };',
    'return { ...so, material: data.material, approved: { figures: data, position } };',
  ),
  contributionsRegister('what is withdrawn goes into no total', '  !isWithdrawn &&\n', ''),
  contributionsRegister('what is erased goes into no total', '  !record.isErased &&\n  material', '  material'),
  contributionsRegister(
    'what is under embargo goes into no total',
    'aggregateOnly === true && isOpen &&',
    'aggregateOnly === true &&',
  ),
  contributionsRegister(
    'a total keeps within the limits of what goes into it',
    " && isWithin(marking, { ...limits, releaseTo: ['PUBLIC'] })",
    '',
  ),
  contributionsRegister(
    'a total holds nothing older than what its holder tells openly',
    'filter(([, each]) => isInForce(each, asked))',
    'filter(([, each]) => isInForce(each, asked) && isForTotal(each.record.marking!, asked))',
  ),
  contributionsRegister(
    'a total is not compared with what cannot be read any more',
    'contributions: isReadable ? made : null',
    'contributions: made.filter((each) => each !== null)',
  ),
  contributionsRegister(
    'an earlier total that cannot be read any more may be of the same material',
    'if (isContentWithheld(event)) return [{ forms: [], contributions: null }];',
    'if (isContentWithheld(event)) return [];',
  ),
  stockTableRule('a figure has enough holdings behind it', '!isTooFew(some, FEWEST) && ', ''),
  stockTableRule('a figure lets nobody estimate the largest holding', ' && !isDominated(some)', ''),
  stockTableRule(
    'a figure is safe without any one holding',
    ' && holdings.every((_, one) => passes(holdings.toSpliced(one, 1)))',
    '',
  ),
  stockTableRule(
    'what is not shown is not the total less what is shown',
    'rest.length === 0 ? shown.length > 0 : isSafe(rest)',
    'rest.length === 0 || shown.length > 0 || isSafe(rest)',
  ),
  stockTableRule('a form whose cell is not safe is not shown', '.filter(([, cell]) => isSafe(cell))\n', '\n'),
  stockTableRule(
    'a later total does not tell who has joined or left',
    ' || earlier.some((each) => isTelling(contributions, forms, each))',
    '',
  ),
  stockTableRule('a later total does not tell who has left', ', without(older, newer)]', ']'),
  stockTableRule(
    'a later total does not tell who has joined in one form',
    '    ...inBoth.map((form) => (of: Contribution) => of.form === form),\n',
    '',
  ),
  stockTableRule(
    'a later total does not tell who has joined in what is not shown',
    '    ({ form }) => !inBoth.includes(form),\n',
    '',
  ),
  stockTableRule(
    'what cannot be compared is not shown',
    'if (earlier.contributions === null) return true;',
    'if (earlier.contributions === null) return false;',
  ),
  stockTableRule(
    'the European Union and its states are one holding',
    'isOne && EU_STATES.includes(each.holder)',
    'isOne && each.holder === each.form',
  ),
  stockTableRule('whoever holds nothing is no contributor', '.filter(({ quantity }) => quantity !== ZERO)\n', '\n'),
  stockTotalsView(
    'what is in a total is in no list',
    'const { counted: _counted, rules: _rules, ...shown } = event.data;',
    'const { rules: _rules, ...shown } = event.data;',
  ),
  stockTotalsView(
    'a total is told within its material',
    "  parent: { view: 'materials.materials', field: 'material' },\n",
    '',
  ),
];
