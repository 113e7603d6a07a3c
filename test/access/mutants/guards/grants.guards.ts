import { globSync, readFileSync } from 'node:fs';
import { inFile } from '../guard.js';

/** A command's type, and what stands from there to the end of its grants. */
const COMMAND = /type: '(\w+)',(?:(?!\btype: ')[^])*?\bmay: (\[[^]*?\]),\n/g;
const ANYBODY = '[{ mayIssue: () => true, mayAct: () => true }]';

/** Each command that a record type declares, as if anybody might give it. */
export const grantGuards = globSync('libs/capabilities/*/*/src/*/*.record.ts')
  .toSorted()
  .flatMap((file) => {
    const guard = inFile(file, file.replace('.record.ts', '.access.spec'));
    return [...readFileSync(file, 'utf8').matchAll(COMMAND)].map(([text, type, grants]) =>
      guard(
        `${type} is for those whom it is granted to`,
        text,
        text.replace(`may: ${grants}`, () => `may: ${ANYBODY}`),
      ),
    );
  });
