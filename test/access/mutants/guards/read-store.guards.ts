import { inFile, type Guard } from '../guard.js';

const STORE = 'libs/adapters/read-store-postgres/src';
const VISIBILITY = `${STORE}/visibility.spec`;
const visibility = inFile(`${STORE}/visibility.ts`, VISIBILITY);
const door = inFile(`${STORE}/read-models.ts`, VISIBILITY);
const FLAT = `${STORE}/flat.spec`;
const feed = inFile(`${STORE}/change-feed.ts`, FLAT);
const indexes = inFile(`${STORE}/indexes.ts`, FLAT);
const keeper = inFile(`${STORE}/projection-store.ts`, VISIBILITY);
const question = inFile(`${STORE}/question.ts`, VISIBILITY);
const session = inFile(`${STORE}/reader-sessions.ts`, VISIBILITY);
const query = inFile(`${STORE}/reader-query.ts`, VISIBILITY);
const plans = inFile(`${STORE}/reader-query.ts`, FLAT);
const schema = inFile(`${STORE}/schema.ts`, VISIBILITY);
const announced = inFile(`${STORE}/announcements.ts`, `${STORE}/projection-store.spec`);
const classes = inFile(`${STORE}/markings.ts`, VISIBILITY);
const login = inFile(`${STORE}/reader-role.ts`, VISIBILITY);

/** Of the specs, what holds the nets against the kernel. */
const NETS = { tests: 'is the same in the kernel|at the very instant|shows a part within' };

/**
 * A clause of the policy in SQL, out of the first line of defence alone and out of the second alone. One function compiles both: how
 * it is told to call the row tells them apart.
 * @param isFirst an expression that tells the first line of defence
 */
const clause =
  (isFirst: string) =>
  (name: string, text: string, without: string): readonly Guard[] => [
    visibility(`the first line of defence: ${name}`, text, `\${${isFirst} ? \`${without}\` : \`${text}\`}`, NETS),
    visibility(`the second line of defence: ${name}`, text, `\${${isFirst} ? \`${text}\` : \`${without}\`}`, NETS),
  ];
const ofClass = clause("terms === 'm'");
const ofRow = clause("self === 't'");

/** Connections, counts, sums and single rows, and row-level security behind them. */
export const readStoreGuards = [
  question(
    'the first line of defence: a count is that of the classes that admit the reader',
    ' OR marking = ANY (${classes}))`',
    ' OR true)`',
    {
      tests: 'Each of the two nets',
    },
  ),
  schema(
    'the second line of defence: a count is that of the classes that admit the reader',
    'await open(COUNTS, countsSeen)',
    "await open(COUNTS, 'true')",
    {
      tests: 'Each of the two nets',
    },
  ),
  plans('no plan goes by the value that is asked for', "plan_cache_mode: 'force_generic_plan', ", ''),
  plans('no plan reads the whole table', ", enable_seqscan: 'off'", ''),
  indexes(
    'an index is entered by the marking first',
    "['marking', ...orderOf(name, field), 'key']",
    "[...orderOf(name, field), 'marking', 'key']",
  ),
  ...ofClass('the level binds everybody', '${terms}.level <= ${clearance} AND', ''),
  ...ofClass('the owner reads whatever the rest says', '${terms}.owner = ANY (${audiences}) OR', ''),
  ...ofClass('a denial binds a delegate too', 'AND NOT ${terms}.denied && ${deniedAs}', ''),
  ...ofClass('a row is read by whom it is released to', '${terms}.readers && ${audiences} AND', ''),
  ...ofClass('a denial wins over a release', 'AND NOT ${terms}.denied && ${audiences}', ''),
  ...ofClass('every group that is needed is needed', 'AND ${terms}.needed <@ ${audiences}', ''),
  ...ofClass('an embargo keeps a row closed', 'AND (${terms}.opens_at IS NULL OR ${terms}.opens_at <= ${now})', ''),
  ...ofClass('an embargo ends at its instant', '${terms}.opens_at <= ${now}', '${terms}.opens_at < ${now}'),
  ...ofClass('a row expires', 'AND (${terms}.closes_at IS NULL OR ${since} < ${terms}.closes_at)', ''),
  ...ofClass('a row expires at its instant', '${since} < ${terms}.closes_at', '${since} <= ${terms}.closes_at'),
  ...ofRow('a row is seen by whom its class admits', '${self}.marking = ANY (${sight.classes}) AND', ''),
  // Of the first line of defence alone: in the second, the whole's own row-level security hides it in any case.
  ...ofRow(
    'a part is seen within a whole that is seen',
    '${visible(of, whole, sight, beyond, depth + 1)}',
    'true',
  ).slice(0, 1),
  ...ofRow('a part is seen within its own whole', '${whole}.key = ${self}.${columnOf(parent.field)}', 'true'),
  ...ofRow(
    'a part stays its owner’s though the whole is hidden',
    '[`${self}.marking = ANY (${sight.own})`, ...within]',
    'within',
  ),
  ...ofRow('an emergency opens a row', '${isOpened(self, sight)}', ''),

  question(
    'the first line of defence: of parts whose whole is hidden, only the own are seen',
    'ARRAY(SELECT id FROM seen WHERE own)',
    'ARRAY(SELECT id FROM seen)',
  ),
  visibility(
    'the second line of defence: of parts whose whole is hidden, only the own are seen',
    '`SELECT id FROM ${MARKINGS} WHERE owner = ANY (${audiences})`',
    '`SELECT id FROM ${MARKINGS} WHERE ${audiences} IS NOT NULL`',
  ),
  question(
    'a page goes class by class under the same rule',
    "this.#rows('t.marking = class.id', within)",
    "this.#rows('t.marking = class.id')",
  ),
  door('under a mandate, a list reads as its subjects let it', 'readerFor(who, capabilityOf(view))', 'who'),
  query('the second line of defence is told who reads', 'settingsValues(this.reader)', "['', '', '0', '']"),
  query('a question writes nothing', "transaction_read_only: 'on', ", '', { specs: [`${STORE}/reader-query.spec`] }),
  visibility(
    'the second line of defence forgets the reader with the transaction',
    '${values[index]!}, true)',
    '${values[index]!}, false)',
    {
      specs: [`${STORE}/read-models.spec`],
    },
  ),
  session('a connection on which something failed is not handed on', 'client?.release(true);', 'client?.release();', {
    specs: [`${STORE}/read-models.spec`],
  }),
  question('a cursor is asked for by what its view declares', 'if (!field?.[use]) throw', 'if (!field) throw', {
    specs: [`${STORE}/read-models.spec`],
  }),
  schema(
    'marking classes are told to whom they admit',
    "await open(MARKINGS, admits('markings', readerFromSettings()));",
    "await open(MARKINGS, 'true');",
  ),
  schema(
    'what has changed is told on behalf of nobody',
    'await open(CHANGES, nobodyReads);',
    "await open(CHANGES, 'true');",
  ),
  schema(
    'the classes that announcements name are told on behalf of nobody',
    'await open(ANNOUNCED, nobodyReads);',
    "await open(ANNOUNCED, 'true');",
  ),
  feed(
    'what is announced of hidden rows is not gone through by who goes on',
    'later.marking = class.id AND',
    'true AND',
  ),
  feed(
    'how often a row changed while it was hidden is not gone through by who goes on',
    '`earlier.marking = ANY (${classes})`',
    "'true'",
  ),
  schema(
    'the second line of defence has a rule for every view',
    'visible(view, bareTableOf(name, version), sightFromSettings(), wholes)',
    "'true'",
  ),
  schema('row-level security is on', '    ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;\n', ''),
  schema(
    'row-level security binds the owner of the tables too',
    '    ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;\n',
    '',
    {
      specs: [`${STORE}/read-models.spec`],
    },
  ),
  schema(
    'the reading login may read and no more',
    'GRANT SELECT ON ${table} TO ${reader}',
    'GRANT SELECT, UPDATE, DELETE ON ${table} TO ${reader}',
    {
      specs: [`${STORE}/read-models.spec`],
    },
  ),
  keeper('a new version of a view is closed from its first row on', 'await applyPolicies(client, this.#known);', '', {
    specs: [`${STORE}/projection-store.spec`],
  }),
  announced('an instant that opens a record is announced', 'm.opens_at > v.clock AND m.opens_at <= now() OR ', '', {
    specs: [`${STORE}/projection-store.spec`],
    tests: 'An instant',
  }),
  announced('an instant that closes a record is announced', ' OR m.closes_at > v.clock AND m.closes_at <= now()', '', {
    specs: [`${STORE}/projection-store.spec`],
    tests: 'An instant',
  }),
  announced(
    'a row that stays as it was is not announced',
    '!isSame(before?.state, after?.state)',
    'before !== undefined || !isSame(before?.state, after?.state)',
    {
      specs: [`${STORE}/read-models.spec`],
      tests: 'change feed',
    },
  ),
  announced('a part goes with its whole', 'if (!itself.has(name))', 'if (!itself.has(name) && itself.size < 0)', {
    specs: [`${STORE}/read-models.spec`],
    tests: 'change feed',
  }),
  door(
    'what one reader may see and another may not leaves out what both may',
    '.filter((key) => !seen.has(key))',
    '.filter((key) => key !== undefined || !seen.has(key))',
    { specs: [`${STORE}/read-models.spec`], tests: 'one reader may see' },
  ),
  classes(
    'ids of marking classes do not count them',
    'id: randomInt(IDS.from, IDS.to)',
    'id: randomInt(IDS.from, 100_000)',
  ),
  login('the reading login inherits nothing', ' NOINHERIT', '', { specs: [`${STORE}/read-models.spec`] }),
];
