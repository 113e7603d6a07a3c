import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** `npm run build:console`: the console in dist/console, each file also compressed. Unchanged inputs build nothing. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const OUT = join(ROOT, 'dist/console');
const MADE = `${OUT}.new`;
const INPUTS = ['apps/console/**', 'libs/foundation/kernel/src/**', 'docs/schema.graphql', 'package-lock.json'];
/** Made by the build itself. */
const GENERATED = 'apps/console/src/platform/schema.d.ts';
/** Fonts and pictures are compressed already. */
const COMPRESSED = /\.(js|css|html|svg|json)$/;

const inputs = () => {
  const hash = createHash('sha256');
  for (const file of globSync(INPUTS, { cwd: ROOT }).sort()) {
    const path = join(ROOT, file);
    if (file === GENERATED || !statSync(path).isFile()) continue;
    hash.update(`${file}\n`).update(readFileSync(path));
  }
  return hash.digest('hex');
};

const compress = async (file) => {
  const content = readFileSync(file);
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }),
    promisify(gzip)(content, { level: 9 }),
  ]);
  writeFileSync(`${file}.br`, br);
  writeFileSync(`${file}.gz`, gz);
};

const now = inputs();
const mark = join(OUT, '.inputs');
if (!existsSync(mark) || readFileSync(mark, 'utf8') !== now) {
  const { build } = await import('vite');
  await build({ configFile: join(ROOT, 'apps/console/vite.config.mjs') });
  // What the console asks, for installations that answer documents of a list alone.
  const asked = join(ROOT, 'dist/console.documents');
  await build({
    ...{ configFile: false, root: ROOT, logLevel: 'warn' },
    build: { ssr: join(ROOT, 'apps/console/src/documents/all.ts'), outDir: asked, emptyOutDir: true },
  });
  const { DOCUMENTS } = await import(pathToFileURL(join(asked, 'all.js')).href);
  writeFileSync(join(MADE, 'documents.json'), JSON.stringify(DOCUMENTS));
  rmSync(asked, { recursive: true });
  const files = globSync('**/*', { cwd: MADE }).filter((each) => COMPRESSED.test(each));
  await Promise.all(files.map((each) => compress(join(MADE, each))));
  writeFileSync(join(MADE, '.inputs'), now);
  rmSync(OUT, { recursive: true, force: true });
  renameSync(MADE, OUT);
}
