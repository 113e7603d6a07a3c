/** What may import what: one rule, one sentence, one seeded violation in test/architecture/seeds.ts. */
const OURS = '^(apps|libs|infra|test)/';
const LIBRARY = '^libs/(?:capabilities/[^/]+|[^/]+)/[^/]+/';
const CAPABILITY = '^libs/capabilities/([^/]+/[^/]+)/src/';
const DOMAIN_FILE = '(?:.*[.](?:events|state|record|view|rule|reaction|alerts|register|manifest)|contract)[.]ts$';
const ROLE =
  '/(index|contract)[.]ts$|[.](events|state|record|view|rule|reaction|alerts|register|manifest|resolver|query|process|module|recipes|mutants|spec)[.]ts$';
const CONTRACT = '^libs/capabilities/[^/]+/[^/]+/src/contract[.]ts$';
/** The areas of capabilities, and those whose contracts each of them uses. */
const AREAS = {
  governance: [],
  supply: [],
  security: ['supply'],
  market: ['supply', 'security'],
  diplomacy: ['supply', 'security'],
  oversight: ['supply', 'security'],
};
const CONSOLE = '^apps/console/';
const KERNEL = '^libs/foundation/kernel/src/';
const SPEC = ['[.](spec|recipes|mutants)[.]ts$', '/testing/', '^test/'];
/** Started by the path of their file, as a process, a thread or before another program, and so imported by nobody. */
const ENTRANCE = [
  '/main[.]ts$',
  '-thread[.]ts$',
  '/keeper[.]ts$',
  '/with-launcher[.]ts$',
  '[.]d[.]ts$',
  '^apps/console/(src/main[.]tsx|vite[.]config[.]mjs|build[.]mjs)$',
  '^infra/[^/]+/[^/]+[.]ts$',
];

const sentenceOf = (area, allowed) =>
  allowed.length === 0
    ? `The area ${area} imports no other area.`
    : `Of other areas, ${area} imports those of ${allowed.join(' and ')} alone.`;
const domain = { path: `${CAPABILITY}${DOMAIN_FILE}` };
const packages = (...names) => `(^|/)node_modules/(${names.join('|')})/`;
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    forbid(
      'kernel-depends-on-nothing',
      'The kernel imports only itself.',
      { path: KERNEL, pathNot: SPEC },
      { pathNot: KERNEL },
    ),
    forbid(
      'eventing-depends-on-kernel',
      'Eventing imports the kernel, the verifiable log and two small tools; no framework, no store, no web.',
      { path: '^libs/foundation/eventing/', pathNot: SPEC },
      {
        pathNot: [
          '^libs/foundation/(kernel|transparency|eventing)/',
          packages('uuid', 'lru-cache'),
          '^(node:)?(crypto|util)$',
        ],
      },
    ),
    forbid(
      'bus-depends-on-eventing',
      'Of the platform, the bus imports eventing and the kernel.',
      { path: '^libs/foundation/bus/', pathNot: SPEC },
      { path: '^libs/foundation/', pathNot: '^libs/foundation/(kernel|eventing|bus)/' },
    ),
    forbid(
      'graphql-depends-on-bus',
      'Of the platform, the schema side imports the bus, eventing and the kernel: not the server that answers with it.',
      { path: '^libs/foundation/graphql/', pathNot: SPEC },
      { path: '^libs/foundation/', pathNot: '^libs/foundation/(kernel|eventing|bus|graphql)/' },
    ),
    forbid(
      'server-depends-on-graphql',
      'Of the platform, the server imports the schema side, eventing and the kernel: it gives no commands.',
      { path: '^libs/foundation/server/', pathNot: SPEC },
      { path: '^libs/foundation/', pathNot: '^libs/foundation/(kernel|eventing|graphql|server)/' },
    ),
    forbid(
      'server-only-from-apps',
      'How requests arrive, and how many, is nothing that a capability or an adapter knows.',
      { path: '^libs/(capabilities|adapters)/', pathNot: SPEC },
      { path: '^libs/foundation/server/' },
    ),
    forbid(
      'transparency-stands-alone',
      'What verifies the log imports nothing of the platform, and of Node only the hashes and signatures.',
      { path: '^libs/foundation/transparency/', pathNot: SPEC },
      { pathNot: ['^libs/foundation/transparency/', '^(node:)?crypto$'] },
    ),
    forbid(
      'domain-is-pure',
      'Of the platform, a domain file imports the kernel, domain files of its own capability, and contracts.',
      domain,
      {
        path: '^libs/foundation/|^libs/capabilities/$1/|^infra/',
        pathNot: [KERNEL, `^libs/capabilities/$1/src/${DOMAIN_FILE}`],
      },
    ),
    forbid(
      'domain-reaches-no-framework',
      'A domain file reaches no package and no part of Node, not even through another file.',
      domain,
      {
        pathNot: OURS,
        reachable: true,
      },
    ),
    forbid(
      'facts-ignore-commands',
      'Events and views know the facts, not the commands: what a command asks for may change, what was recorded may not.',
      { path: '^libs/capabilities/.*[.](events|view)[.]ts$' },
      { path: '^libs/capabilities/.*[.](state|record)[.]ts$' },
    ),
    forbid(
      'queries-ignore-resolvers',
      'A computed query is asked by whoever needs it: what answers it knows no resolver.',
      { path: '^libs/capabilities/.*[.]query[.]ts$' },
      { path: '^libs/capabilities/.*[.]resolver[.]ts$' },
    ),
    forbid(
      'folders-look-down',
      'A folder of a capability imports nothing that stands above it: manifest, module and index only list.',
      { path: '^libs/capabilities/([^/]+/[^/]+)/src/[^/]+/' },
      { path: '^libs/capabilities/$1/src/[^/]+[.]ts$' },
    ),
    forbid(
      'capability-by-contract-only',
      'A capability sees of another one only its contract.',
      { path: CAPABILITY },
      {
        path: '^libs/capabilities/',
        pathNot: ['^libs/capabilities/$1/', CONTRACT],
      },
    ),
    forbid(
      'known-area',
      'Every capability stands in an area.',
      { path: '^libs/capabilities/', pathNot: `^libs/capabilities/(${Object.keys(AREAS).join('|')})/[^/]+/` },
      {},
    ),
    ...Object.entries(AREAS).map(([area, allowed]) =>
      forbid(
        `area-${area}`,
        sentenceOf(area, allowed),
        { path: `^libs/capabilities/${area}/` },
        { path: '^libs/capabilities/', pathNot: [area, ...allowed].map((each) => `^libs/capabilities/${each}/`) },
      ),
    ),
    forbid(
      'adapters-only-from-apps',
      'Which store stands behind a port is decided in apps.',
      { path: '^(libs/(foundation|capabilities)|infra)/', pathNot: SPEC },
      { path: '^libs/adapters/' },
    ),
    forbid(
      'adapters-are-apart',
      'One adapter does not import another.',
      { path: '^libs/adapters/([^/]+)/', pathNot: SPEC },
      {
        path: '^libs/adapters/',
        pathNot: '^libs/adapters/$1/',
      },
    ),
    forbid(
      'platform-knows-no-capability',
      'Foundation and adapters serve every capability alike.',
      { path: '^libs/(foundation|adapters)/' },
      { path: '^libs/capabilities/' },
    ),
    forbid(
      'libs-never-import-apps',
      'Apps are compositions; no library depends on one.',
      { path: '^(libs|infra)/' },
      { path: '^apps/', pathNot: CONSOLE },
    ),
    forbid(
      'apps-are-apart',
      'One app does not import another.',
      { path: '^apps/([^/]+)/' },
      { path: '^apps/', pathNot: ['^apps/$1/', CONSOLE] },
    ),
    forbid(
      'console-runs-in-browsers',
      'Of the platform, the console imports the kernel and what verifies the log: nothing else runs in a browser.',
      { path: CONSOLE, pathNot: SPEC },
      { path: '^(libs|apps|infra)/', pathNot: [CONSOLE, '^libs/foundation/(kernel|transparency)/src/index[.]ts$'] },
    ),
    forbid(
      'nobody-imports-the-console',
      'The console is reached by its address alone.',
      { pathNot: CONSOLE },
      { path: CONSOLE },
    ),
    forbid(
      'front-door',
      'A library is entered by its index or its contract; a capability also by its graphql.',
      { path: '^(?:libs/((?:capabilities/[^/]+|[^/]+)/[^/]+)|apps|infra|test)/' },
      {
        path: LIBRARY,
        pathNot: ['^libs/$1/', `${LIBRARY}src/(index|contract)[.]ts$`, `${LIBRARY}graphql/index[.]ts$`, '/testing/'],
      },
    ),
    forbid(
      'testing-only-from-specs',
      'What serves tests is not part of the product.',
      { pathNot: SPEC },
      { path: ['/testing/', '^test/', '[.]spec[.]ts$'] },
    ),
    forbid(
      'role-in-suffix',
      'Every file of a capability tells its role in its suffix.',
      { orphan: false, path: CAPABILITY, pathNot: ROLE },
      {},
    ),
    forbid(
      'declared-dependency',
      'The product imports packages that package.json names as dependencies.',
      // The console is put together when it is built, and nothing of its packages is installed with the product.
      { path: '^(apps|libs|infra)/', pathNot: [...SPEC, CONSOLE] },
      {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
      },
    ),
    forbid('no-cycle', 'Nothing depends on itself.', {}, { circular: true }),
    forbid('no-orphan', 'Every file is used.', { orphan: true, pathNot: [...SPEC, ...ENTRANCE] }, {}),
    forbid('resolvable', 'Every import exists.', {}, { couldNotResolve: true }),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.d.ts', '.json'],
    },
  },
};
