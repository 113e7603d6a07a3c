import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { installedBinaries } from '../src/binaries.js';
import { startEmbeddedPostgres } from '../src/index.js';

/** Where clusters that tests begin with are kept from run to run; `npm ci` takes them away. */
const KEPT = resolve('node_modules/.cache/lodestone');

/** Everything that decides what a cluster is like when it has been made. */
const MAKERS = 'libs/adapters/postgres-embedded/src/cluster.ts';

/**
 * Puts a fresh database cluster into a data folder that has none, as its first start would make it: a copy of one that
 * was made once. Making one takes a second and a half of a core, a copy a tenth of that.
 */
export const prepareCluster = async (dataFolder: string): Promise<void> => {
  const made = join(KEPT, `cluster-${installedBinaries().version}-${digestOf(MAKERS)}`);
  if (!existsSync(made)) await makeCluster(made);
  mkdirSync(dataFolder, { recursive: true, mode: 0o711 });
  copy(made, join(dataFolder, 'server'));
};

const digestOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16);

/** Two that make the same at once do not disturb each other. */
const makeCluster = async (made: string): Promise<void> => {
  mkdirSync(KEPT, { recursive: true });
  const folder = mkdtempSync(join(KEPT, 'making-'));
  try {
    const server = await startEmbeddedPostgres({ dataFolder: folder });
    await server.stop();
    if (!existsSync(made)) renameSync(join(folder, 'server'), made);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** With permissions, and with owners: root's server runs as another account. */
const copy = (from: string, to: string): void => {
  cpSync(from, to, { recursive: true });
  const isRoot = process.getuid?.() === 0;
  for (const name of ['', ...readdirSync(from, { recursive: true, encoding: 'utf8' })]) {
    const { mode, uid, gid } = statSync(join(from, name));
    chmodSync(join(to, name), mode);
    if (isRoot) chownSync(join(to, name), uid, gid);
  }
};
