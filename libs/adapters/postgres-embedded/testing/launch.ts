/**
 * A launcher to be killed: `node launch.ts <data folder>` starts a server, prints one JSON line
 * `{"url":…,"pid":…,"ms":…}` and stays until it is ended.
 */
import { registerHooks } from 'node:module';
import type * as PostgresEmbedded from '../src/index.js';

// Run as TypeScript, by Node alone: an import of ./x.js means the source x.ts beside it.
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier.startsWith('.') ? specifier.replace(/\.js$/, '.ts') : specifier, context),
});
const source = new URL('../src/index.ts', import.meta.url).href;
const { startEmbeddedPostgres } = (await import(source)) as typeof PostgresEmbedded;

const begin = performance.now();
const { url, pid } = await startEmbeddedPostgres({
  dataFolder: process.argv[2] ?? '',
  onProgress: (step) => console.error(`${Math.round(performance.now() - begin)} ms: ${step}`),
});
console.log(JSON.stringify({ url, pid, ms: Math.round(performance.now() - begin) }));
setInterval(() => undefined, 60_000);
