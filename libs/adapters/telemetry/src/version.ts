import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The version in package.json, which lies above the code, compiled or not. */
export const version = ((): string => {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
        string,
        string
      >;
      if (name === 'lodestone' && version !== undefined) return version;
    } catch {
      // Not in this folder.
    }
    if (folder === dirname(folder)) return '0.0.0';
  }
})();
