import { fileURLToPath } from 'node:url';
import locales from '@react-aria/optimize-locales-plugin';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Languages in which the parts of React Aria speak; the page's own words are in messages/. */
const LANGUAGES = ['en-US', 'fr-FR', 'de-DE', 'ja-JP'];

/** How the console is built. Nothing is inlined: the policy of the server lets no inline script or style through. */
export default {
  root: here('.'),
  logLevel: 'warn',
  resolve: { alias: { '@kernel': here('../../libs/foundation/kernel/src/index.ts') } },
  plugins: [{ ...locales.vite({ locales: LANGUAGES }), enforce: 'pre' }],
  oxc: { jsx: { runtime: 'automatic' } },
  build: {
    outDir: here('../../dist/console.new'),
    emptyOutDir: true,
    target: ['chrome120', 'firefox121', 'safari17.4'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: 'manifest.json',
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
    // “use client” says nothing where there is no server.
    rolldownOptions: {
      onwarn: (warning, warn) => warning.code !== 'MODULE_LEVEL_DIRECTIVE' && warn(warning),
      checks: { pluginTimings: false },
    },
  },
};
