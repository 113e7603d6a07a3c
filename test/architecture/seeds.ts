/** A small tree by path and content. Files of a seed are laid over the innocent tree; null takes a file away. */
export type Tree = Readonly<Record<string, string | null>>;

/** A tree of the platform's shape that breaks no rule. */
export const INNOCENT: Tree = {
  'package.json': JSON.stringify({
    type: 'module',
    dependencies: { uuid: '1.0.0', pg: '1.0.0' },
    devDependencies: { 'fast-check': '1.0.0' },
  }),
  ...installed('uuid'),
  ...installed('pg'),
  ...installed('fast-check'),

  'libs/foundation/kernel/src/index.ts': `export * from './event.js';`,
  'libs/foundation/kernel/src/event.ts': `export type Fact = { readonly type: string };`,
  'libs/foundation/kernel/testing/index.ts': `export type { Fact } from '@kernel';`,
  'libs/foundation/eventing/src/index.ts': `import { createHash } from 'node:crypto';
    import type { Fact } from '@kernel';
    import { v5 } from 'uuid';
    export const idOf = (fact: Fact): string => v5(createHash('sha256').update(fact.type).digest('hex'));
    export abstract class Store {}`,
  'libs/foundation/bus/src/index.ts': `export { idOf as idSent } from '@foundation/eventing';`,
  'libs/foundation/graphql/src/index.ts': `export { idSent as idShown } from '@foundation/bus';`,
  'libs/foundation/server/src/index.ts': `export { idShown as idServed } from '@foundation/graphql';`,
  'libs/foundation/configuration/src/index.ts': `export const address = 'localhost';`,
  'libs/foundation/transparency/src/index.ts': `import { hash } from 'node:crypto';
    export const root = (leaf: string): string => hash('sha256', leaf);`,

  'libs/adapters/store/src/index.ts': `import { Store } from '@foundation/eventing';
    import { Client } from 'pg';
    export class PgStore extends Store { client = new Client(); }`,
  'libs/adapters/store/src/store.spec.ts': `import { fact } from 'fast-check';
    import type { Fact } from '@kernel/testing';
    import { PgStore } from '@adapters/store';
    export const tested: [Fact, PgStore] = [fact(), new PgStore()];`,
  'libs/adapters/mail/src/index.ts': `export const send = (): void => undefined;`,

  'libs/capabilities/supply/mines/src/index.ts': `export { mines } from './mines.manifest.js';
    export { MineResolver } from './mine/mine.resolver.js';`,
  'libs/capabilities/supply/mines/src/contract.ts': `export type { MineOpened } from './mine/mine.events.js';`,
  'libs/capabilities/supply/mines/src/mines.manifest.ts': `import { decide } from './mine/mine.record.js';
    import { project } from './mine/mines.view.js';
    export const mines = { decide, project };`,
  'libs/capabilities/supply/mines/src/mine/mine.events.ts': `import type { Fact } from '@kernel';
    export type MineOpened = Fact & { readonly by: string };`,
  'libs/capabilities/supply/mines/src/mine/mine.record.ts': `import type { MineOpened } from './mine.events.js';
    export const decide = (by: string): MineOpened => ({ type: 'mines.MineOpened.v1', by });`,
  'libs/capabilities/supply/mines/src/mine/mines.view.ts': `import type { MineOpened } from './mine.events.js';
    export const project = (fact: MineOpened): string => fact.by;`,
  'libs/capabilities/supply/mines/src/mine/mine.resolver.ts': `import { idShown } from '@foundation/graphql';
    import { decide } from './mine.record.js';
    export class MineResolver { shown = idShown(decide('JP')); }`,
  'libs/capabilities/security/ports/src/index.ts': `export { open } from './port/port.record.js';`,
  'libs/capabilities/security/ports/src/port/port.record.ts': `import type { MineOpened } from '../../../../supply/mines/src/contract.js';
    export const open = (mine: MineOpened): string => mine.by;`,

  'apps/api/src/main.ts': `import { PgStore } from '@adapters/store';
    import { mines } from '@capabilities/mines';
    import { address } from '@foundation/configuration';
    import { idServed } from '@foundation/server';
    import { port } from './settings.js';
    console.log(mines, new PgStore(), address, idServed, port);`,
  'apps/api/src/settings.ts': `export const port = '4000';`,
  'apps/mailer/src/main.ts': `import { send } from '@adapters/mail';
    import { open } from '@capabilities/ports';
    console.log(send(), open);`,
};

/** For each dependency rule, ways to break it and nothing else. */
export const DEPENDENCY_SEEDS: Readonly<Record<string, Readonly<Record<string, Tree>>>> = {
  'kernel-depends-on-nothing': {
    'a package': {
      'libs/foundation/kernel/src/event.ts': `import { v4 } from 'uuid'; export type Fact = { type: string }; export const id = v4();`,
      ...withoutCapabilities(),
    },
    'a part of Node, for its type alone': {
      'libs/foundation/kernel/src/event.ts': `import type { Hash } from 'node:crypto'; export type Fact = { type: string; hash: Hash };`,
      ...withoutCapabilities(),
    },
  },
  'eventing-depends-on-kernel': {
    'a database client': {
      'libs/foundation/eventing/src/index.ts': `import { Client } from 'pg'; export const idOf = Client; export class Store {}`,
    },
    files: {
      'libs/foundation/eventing/src/index.ts': `import fs from 'node:fs'; export const idOf = fs; export class Store {}`,
    },
  },
  'bus-depends-on-eventing': {
    configuration: {
      'libs/foundation/bus/src/index.ts': `export { address as idSent } from '@foundation/configuration';`,
    },
  },
  'graphql-depends-on-bus': {
    'the server': {
      'libs/foundation/server/src/index.ts': `export const idServed = '';`,
      'libs/foundation/graphql/src/index.ts': `export { idServed as idShown } from '@foundation/server';`,
    },
  },
  'server-depends-on-graphql': {
    'the bus': { 'libs/foundation/server/src/index.ts': `export { idSent as idServed } from '@foundation/bus';` },
  },
  'server-only-from-apps': {
    'a resolver': {
      'libs/capabilities/supply/mines/src/mine/mine.resolver.ts': `import { idServed } from '@foundation/server'; import { decide } from './mine.record.js'; export class MineResolver { served = idServed(decide('JP')); }`,
    },
    'an adapter': { 'libs/adapters/mail/src/index.ts': `export { idServed as send } from '@foundation/server';` },
  },
  'transparency-stands-alone': {
    'the kernel, for a type alone': {
      'libs/foundation/transparency/src/index.ts': `import type { Fact } from '@kernel'; export const root = (fact: Fact): string => fact.type;`,
    },
    'the file system': {
      'libs/foundation/transparency/src/index.ts': `import fs from 'node:fs'; export const root = fs;`,
    },
  },
  'domain-is-pure': {
    'a library of the platform, for a type alone': {
      'libs/capabilities/supply/mines/src/mine/mine.record.ts': `import type { address } from '@foundation/configuration'; export const decide = (by: string): typeof address => by as never;`,
    },
    'a resolver of its own': {
      'libs/capabilities/supply/mines/src/mine/quarry.resolver.ts': `export class QuarryResolver {}`,
      'libs/capabilities/supply/mines/src/mine/mine.events.ts': `export type { QuarryResolver as MineOpened } from './quarry.resolver.js';`,
    },
  },
  'domain-reaches-no-framework': {
    'a package': {
      'libs/capabilities/supply/mines/src/mine/mine.record.ts': `import { v4 } from 'uuid'; export const decide = (_: string): string => v4();`,
    },
    'a part of Node, for its type alone': {
      'libs/capabilities/supply/mines/src/mine/mine.record.ts': `import { type Hash } from 'node:crypto'; export const decide = (_: string): Hash => null as never;`,
    },
    'a package, imported on the way': {
      'libs/capabilities/supply/mines/src/mine/mine.record.ts': `export const decide = async (_: string): Promise<unknown> => await import('uuid');`,
    },
  },
  'facts-ignore-commands': {
    'a function of it, by a view': {
      'libs/capabilities/supply/mines/src/mine/mines.view.ts': `import { decide } from './mine.record.js'; export const project = decide;`,
    },
    'a type of it, by a view': {
      'libs/capabilities/supply/mines/src/mine/mines.view.ts': `import { type decide } from './mine.record.js'; export const project: typeof decide = null as never;`,
    },
    'what a command asks for, by an event': {
      'libs/capabilities/supply/mines/src/mine/mine.record.ts': `import type { Fact } from '@kernel'; export const decide = (by: string): Fact & { readonly by: string } => ({ type: 'mines.MineOpened.v1', by });`,
      'libs/capabilities/supply/mines/src/mine/mine.events.ts': `import type { decide } from './mine.record.js'; export type MineOpened = ReturnType<typeof decide>;`,
    },
  },
  'queries-ignore-resolvers': {
    'its resolver': {
      'libs/capabilities/supply/mines/src/mine/depth.query.ts': `export { MineResolver as asked } from './mine.resolver.js';`,
    },
  },
  'folders-look-down': {
    'the manifest': {
      'libs/capabilities/supply/mines/src/mine/mine.resolver.ts': `import { mines } from '../mines.manifest.js'; export class MineResolver { shown = mines; }`,
    },
    'the contract of its own capability': {
      'libs/capabilities/supply/mines/src/mine/mine.resolver.ts': `import type { MineOpened } from '../contract.js'; import { decide } from './mine.record.js'; export class MineResolver { shown: MineOpened = decide('JP'); }`,
    },
  },
  'capability-by-contract-only': {
    'the index of another': {
      'libs/capabilities/security/ports/src/port/port.record.ts': `import { mines } from '@capabilities/mines'; export const open = mines;`,
      ...withoutNode(),
    },
  },
  'known-area': {
    'an area of its own': { 'libs/capabilities/leisure/games/src/index.ts': `export type { Fact } from '@kernel';` },
    'no area': { 'libs/capabilities/games/src/index.ts': `export type { Fact } from '@kernel';` },
  },
  'area-governance': { supply: withImport('governance', 'supply') },
  'area-supply': { security: withImport('supply', 'security'), governance: withImport('supply', 'governance') },
  'area-security': { diplomacy: withImport('security', 'diplomacy'), market: withImport('security', 'market') },
  'area-market': { diplomacy: withImport('market', 'diplomacy') },
  'area-diplomacy': { governance: withImport('diplomacy', 'governance') },
  'area-oversight': { market: withImport('oversight', 'market') },
  'adapters-only-from-apps': {
    'a resolver': {
      'libs/capabilities/supply/mines/src/mine/mine.resolver.ts': `import { send } from '@adapters/mail'; import { decide } from './mine.record.js'; export class MineResolver { sent = [send(), decide]; }`,
    },
    eventing: { 'libs/foundation/configuration/src/index.ts': `export { send as address } from '@adapters/mail';` },
  },
  'adapters-are-apart': {
    'mail by store': {
      'libs/adapters/store/src/index.ts': `import { send } from '@adapters/mail'; export class PgStore { sent = send(); }`,
    },
  },
  'platform-knows-no-capability': {
    transport: {
      'libs/foundation/configuration/src/index.ts': `export { mines as address } from '@capabilities/mines';`,
    },
    'an adapter': { 'libs/adapters/mail/src/index.ts': `export { mines as send } from '@capabilities/mines';` },
  },
  'libs-never-import-apps': {
    'an adapter': {
      'libs/adapters/mail/src/index.ts': `export { port as send } from '../../../../apps/api/src/settings.js';`,
    },
  },
  'apps-are-apart': {
    'the settings of another': {
      'apps/mailer/src/main.ts': `import { send } from '@adapters/mail'; import { open } from '@capabilities/ports'; import { port } from '../../api/src/settings.js'; console.log(send(), open, port);`,
    },
  },
  'console-runs-in-browsers': {
    'a store': {
      'apps/console/src/main.tsx': `import { PgStore } from '@adapters/store'; console.log(PgStore);`,
    },
    'a capability, for a type alone': {
      'apps/console/src/main.tsx': `import type { mines } from '@capabilities/mines'; export type Mines = typeof mines;`,
    },
  },
  'nobody-imports-the-console': {
    'another app': {
      'apps/console/src/main.tsx': `export const page = '';`,
      'apps/api/src/settings.ts': `export { page as port } from '../../console/src/main.tsx';`,
    },
    'a library': {
      'apps/console/src/main.tsx': `export const page = '';`,
      'libs/adapters/mail/src/index.ts': `export { page as send } from '../../../../apps/console/src/main.tsx';`,
    },
  },
  'front-door': {
    'an app at the kitchen door': {
      'apps/api/src/settings.ts': `export { decide as port } from '../../../libs/capabilities/supply/mines/src/mine/mine.record.js';`,
    },
    'a library at the kitchen door': {
      'libs/adapters/mail/src/index.ts': `export type { Fact as send } from '../../../foundation/kernel/src/event.js';`,
    },
  },
  'testing-only-from-specs': {
    'an app': { 'apps/api/src/settings.ts': `export type { Fact as port } from '@kernel/testing';` },
    'a library, from its own spec': {
      'libs/adapters/mail/src/mail.spec.ts': `export const sent = '';`,
      'libs/adapters/mail/src/index.ts': `export { sent as send } from './mail.spec.js';`,
    },
  },
  'role-in-suffix': {
    'GraphQL classes written by hand': {
      'libs/capabilities/supply/mines/src/mine/mine.graphql.ts': `export class MineType {}`,
      'libs/capabilities/supply/mines/src/mine/mine.resolver.ts': `import { MineType } from './mine.graphql.js'; import { decide } from './mine.record.js'; export class MineResolver { with = [MineType, decide]; }`,
    },
    'a file of no role': {
      'libs/capabilities/supply/mines/src/mine/mine.helper.ts': `export const help = 'me';`,
      'libs/capabilities/supply/mines/src/mine/mine.resolver.ts': `import { help } from './mine.helper.js'; import { decide } from './mine.record.js'; export class MineResolver { with = [help, decide]; }`,
    },
  },
  'declared-dependency': {
    'a tool of development': { 'libs/adapters/mail/src/index.ts': `export { fact as send } from 'fast-check';` },
    'a package that only others ask for': {
      ...installed('accidental'),
      'libs/adapters/mail/src/index.ts': `export { fact as send } from 'accidental';`,
    },
  },
  'no-cycle': {
    'of types alone': {
      'apps/api/src/settings.ts': `import type { Port } from './port.js'; export type Other = string; export const port: Port = '';`,
      'apps/api/src/port.ts': `import type { Other } from './settings.js'; export type Port = Other;`,
    },
  },
  'no-orphan': { 'a file that nobody imports': { 'libs/adapters/mail/src/letter.ts': `export const letter = '';` } },
  resolvable: {
    'a file that is not there': { 'apps/api/src/settings.ts': `export { port } from './port.js';` },
  },
};

/** For each rule on what domain files say, lines that break it and nothing else. */
export const LANGUAGE_SEEDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'no-restricted-globals': {
    'the clock': 'export const now = (): unknown => new Date();',
    'a stopwatch': 'export const now = (): unknown => performance.now();',
    'the surroundings': 'export const mode = (): unknown => process.env;',
    'the network': "export const page = (): unknown => fetch('http://localhost');",
    'a random id': 'export const id = (): unknown => crypto.randomUUID();',
    'a timer': 'export const timer = (): unknown => setTimeout(timer, 1);',
    'the console': "export const say = (): void => console.log('x');",
    'the machine by a long name': 'export const now = (): unknown => globalThis.Date.now();',
    'spelling by locale': 'export const spelt = (): unknown => Intl.NumberFormat;',
  },
  'no-restricted-properties': { chance: 'export const dice = (): unknown => Math.random();' },
  'no-restricted-syntax': {
    waiting: 'export const later = async (soon: Promise<unknown>): Promise<unknown> => await soon;',
    'waiting in a loop':
      'export const all = async (source: AsyncIterable<string>): Promise<void> => { for await (const _ of source); };',
    'floating point': 'export const half = 0.5;',
    'floating point with an exponent': 'export const tiny = 1e-3;',
    'a number read from text': "export const read = parseFloat('1');",
    'a number made of text': "export const made = Number('1');",
    'the same by its long name': "export const read = Number.parseFloat('1');",
    'the same by a sign': 'export const made = (text: string): number => +text;',
    'the day at Greenwich': 'export const isOver = (on: string, now: string): boolean => on < dayOf(now);',
  },
};

/** Rules for all code, each with a line that breaks it. */
export const CODE_SEEDS: Readonly<Record<string, string>> = {
  '@typescript-eslint/no-floating-promises': 'export const go = (work: () => Promise<void>): void => { work(); };',
  '@typescript-eslint/no-misused-promises':
    'export const go = (work: () => Promise<boolean>): string => (work() ? "yes" : "no");',
  '@typescript-eslint/await-thenable': 'export const go = async (): Promise<unknown> => await "x";',
  '@typescript-eslint/switch-exhaustiveness-check':
    "export const go = (of: 'a' | 'b'): string => { switch (of) { case 'a': return of; } return ''; };",
  '@typescript-eslint/no-explicit-any': 'export const go = (x: any): unknown => x;',
  '@typescript-eslint/no-unused-vars': 'export const go = (x: unknown): string => "x";',
  '@typescript-eslint/consistent-type-imports':
    "import { ESLint } from 'eslint'; export const go = (x: ESLint): unknown => x;",
  eqeqeq: 'export const go = (x: unknown): boolean => x == "x";',
};

function installed(name: string): Tree {
  return {
    [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', type: 'module', main: 'index.js' }),
    [`node_modules/${name}/index.js`]: 'export const fact = () => null, v4 = fact, v5 = fact; export class Client {}',
  };
}

/** A capability of one area that uses the contract of another area's. */
function withImport(area: string, other: string): Tree {
  return {
    [`libs/capabilities/${area}/one/src/index.ts`]: `export { two } from '../../../${other}/two/src/contract.js';`,
    [`libs/capabilities/${other}/two/src/contract.ts`]: `export const two = '';`,
  };
}

/** A domain that does not use the kernel, so that what the kernel drags in is the kernel's fault alone. */
function withoutCapabilities(): Tree {
  return {
    'libs/capabilities/supply/mines/src/mine/mine.events.ts': `export type MineOpened = { type: string; by: string };`,
  };
}

/** A capability whose index drags in nothing. */
function withoutNode(): Tree {
  return {
    'libs/capabilities/supply/mines/src/mine/mine.resolver.ts': `import { decide } from './mine.record.js'; export class MineResolver { shown = decide; }`,
  };
}
