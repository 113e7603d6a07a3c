import { expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const PROGRAM = 'dist/test/audit/tampering/main.js';

/** `TAMPERINGS=5000 npm run jest -- test/audit/tampering` tries more; `SEED` tries the same again. */
it('whatever is done to the events of a history is named by verify-history, or changes nothing that is read', async () => {
  const { NODE_OPTIONS: _ofJest, ...env } = process.env;
  const program = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROGRAM], { env });
  let said = '';
  for (const stream of [program.stdout, program.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  await once(program, 'close');
  const { held, counts, why } = JSON.parse(said.trim().split('\n').at(-1)!) as {
    held: boolean;
    counts: Record<string, number>;
    why?: string;
  };
  expect({ held, why }).toEqual({ held: true });
  // What the property is about comes up, and is not all of one kind.
  expect(counts['named']).toBeGreaterThan(50);
  expect(counts['changed nothing']).toBeGreaterThan(0);
});
