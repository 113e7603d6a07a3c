import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

/** A memory file system with so many bytes free holds the data folders of all tests. */
const ENOUGH = 4 * 2 ** 30;
const MEMORY = '/dev/shm';

const isRoomy = () => {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= ENOUGH;
  } catch {
    return false;
  }
};

// Most specs ask what is recorded, not whether a disk keeps it. Those that do ask use LODESTONE_DISK.
process.env.LODESTONE_DISK ??= tmpdir();
if (!process.env.TMPDIR && isRoomy()) process.env.TMPDIR = MEMORY;

/** The areas that have capabilities, as in tsconfig.base.json. */
const AREAS = ['governance', 'supply', 'security', 'diplomacy'];

// Hundreds of programs are started from the same files: each finds them compiled, also in the next run.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/node', import.meta.url));

export default {
  testEnvironment: '<rootDir>/test/support/environment.mjs',
  testSequencer: '<rootDir>/jest.sequencer.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^@kernel$': '<rootDir>/libs/foundation/kernel/src/index.ts',
    '^@kernel/testing$': '<rootDir>/libs/foundation/kernel/testing/index.ts',
    '^@foundation/(.*)$': '<rootDir>/libs/foundation/$1/src/index.ts',
    '^@adapters/(.*)$': '<rootDir>/libs/adapters/$1/src/index.ts',
    '^@capabilities/(.*)$': AREAS.map((area) => `<rootDir>/libs/capabilities/${area}/$1/src/index.ts`),
    '^@compositions/(.*)$': '<rootDir>/libs/compositions/$1/src/index.ts',
    '^@graphql/(.*)$': AREAS.map((area) => `<rootDir>/libs/capabilities/${area}/$1/graphql/index.ts`),
  },
  testMatch: ['**/*.spec.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  maxWorkers: 2,
  // One limit for every test and every set-up: see PATIENCE_MS in test/support/patience.ts.
  testTimeout: 3 * 60_000 * Number(process.env.LODESTONE_PATIENCE ?? 1),
};
