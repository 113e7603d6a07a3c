import { ED25519, formatSignerKey, formatVerifierKey, parseSignerKey } from '@foundation/transparency';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { undoAfterwards } from '../support/cleanup.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { logOf, policyText } from './logs.js';

const DOWN = 'esdb://127.0.0.1:1?tls=false';
const RECORD = '5f0c1b1e-7a57-4c1e-9a52-0d1c8a7be001';

/** What stands in the words of a command, by the names that the table below uses. */
const words: Record<string, string> = {};
beforeAll(async () => {
  const folder = temporaryFolder();
  const put = (name: string, content: string): string => {
    const file = join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  mkdirSync(join(folder, 'log'));
  logOf(join(folder, 'log', 'log.db'), 10);
  mkdirSync(join(folder, 'other'));
  writeFileSync(join(folder, 'other', 'log.db'), 'no database'.repeat(1_000));
  mkdirSync(join(folder, 'empty'));
  // Something that answers, and is no log: another program, or a page that says that it was moved.
  const stranger = createServer((request, response) => {
    const isPage = request.url!.startsWith('/page/');
    response.writeHead(isPage ? 200 : 404).end('<html>Welcome</html>');
  });
  stranger.listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  undoAfterwards(() => stranger.close());
  const address = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
  const logKey = formatVerifierKey(parseSignerKey(formatSignerKey('other', ED25519, randomBytes(32))).verifier);
  Object.assign(words, {
    LOG: join(folder, 'log'),
    OTHER: join(folder, 'other'),
    EMPTY: join(folder, 'empty'),
    MISSING: join(folder, 'missing'),
    OUT: join(folder, 'out'),
    NOWHERE: join(folder, 'missing', 'out'),
    POLICY: put('policy', policyText),
    WRONG: put('wrong', 'quorum of all\n'),
    TEXT: put('text', 'no bundle, no key, no receipt\n'),
    NOTHING: put('nothing', ''),
    KEY: join(folder, 'witness.key'),
    KEYS: put('keys', `${logKey}\n`),
    STRANGER: address,
    PAGE: `${address}/page`,
  });
});

type Said = { code: number; output: string };
const auditor = (line: string, env: Readonly<Record<string, string>> = {}): Promise<Said> => {
  const args = line
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => (word === "''" ? '' : (words[word] ?? word)));
  const { NODE_OPTIONS: _ofJest, EVENT_STORE_URL: _, DATABASE_URL: __, ...inherited } = process.env;
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', 'dist/apps/auditor/src/main.js', ...args],
      { env: { ...inherited, ...env } },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), output: out + err }),
    ),
  );
};

const history = { EVENT_STORE_URL: DOWN };
const database = { EVENT_STORE_URL: DOWN, DATABASE_URL: 'postgres://nobody:secret@127.0.0.1:1/none' };

/** Command, environment, exit code, and what is said. */
const TABLE: readonly (readonly [string, Record<string, string>, number, string])[] = [
  ['export --data LOG --out OUT', {}, 0, 'holds 10 leaves of 10'],
  ['verify --bundle OUT --policy POLICY', {}, 0, 'Verified: 10 leaves'],

  ['export --data LOG --log STRANGER --out OUT', {}, 2, 'one of the two'],
  ['export --data LOG', {}, 2, '--out is missing'],
  ["export --data LOG --out OUT --event-store ''", {}, 2, 'not a connection string'],
  ['export --data LOG --out OUT --event-store http://127.0.0.1', {}, 2, 'not a connection string'],
  ['export --data LOG --out OUT --event-store esdb://127.0.0.1:port', {}, 2, 'cannot be used'],
  ['export --data LOG --out OUT --from x', {}, 2, 'not a whole number'],
  ['export --log nonsense --out OUT', {}, 2, 'not an address'],
  ['verify --bundle OUT', {}, 2, '--policy is missing'],
  ['verify --bundle OUT --policy POLICY --cosigned-after soon', {}, 2, 'not an instant'],
  ["verify-history --event-store '' --data LOG --policy POLICY", {}, 2, '--event-store is missing'],
  ['verify-history --event-store nonsense --data LOG --policy POLICY', {}, 2, 'not a connection string'],
  ['witness --log STRANGER --key KEY --port 70000', {}, 2, 'no port'],
  ['witness --log nonsense --key KEY --name a', {}, 2, 'not an address'],
  ['check-receipt --receipt TEXT --keys TEXT --policy POLICY', {}, 2, 'one of the two'],
  ['replay --all', {}, 2, 'EVENT_STORE_URL is not set'],
  ['replay --all', { EVENT_STORE_URL: 'nonsense' }, 2, 'not a connection string'],
  ['replay', history, 2, 'Give one of'],
  ['replay --record x', history, 2, 'not the id of a record'],
  ['timeline --stream x', history, 2, 'not a name'],
  ['timeline --all --from then', history, 2, 'not a position'],
  ['state-at --record x --at 0', history, 2, 'not the id of a record'],
  ['diff --record x --from 0', history, 2, '--to is missing'],
  ['rebuild', database, 2, '--compare is missing'],
  ['rebuild --compare', history, 2, 'DATABASE_URL is not set'],
  ['rebuild --compare', { ...database, DATABASE_URL: 'http://x' }, 2, 'does not start with postgres://'],
  ['tell', {}, 2, 'no command "tell"'],

  ['export --data MISSING --out OUT', {}, 3, 'cannot be read as the database of a log'],
  ['export --data EMPTY --out OUT', {}, 3, 'cannot be read as the database of a log'],
  ['export --data OTHER --out OUT', {}, 3, 'cannot be read as the database of a log'],
  ['export --data LOG --out NOWHERE', {}, 3, 'no such file or directory'],
  ['export --data LOG --out OUT --from 11', {}, 3, 'no leaves from 11'],
  [`export --data LOG --out OUT --event-store ${DOWN}`, {}, 3, 'the event store did not answer'],
  ['export --log http://127.0.0.1:1 --out OUT', {}, 3, 'does not answer'],
  ['export --log STRANGER --out OUT', {}, 3, 'answered 404'],
  ['export --log PAGE --out OUT', {}, 3, 'is none'],
  ['export --log STRANGER --secret-file MISSING --out OUT', {}, 3, 'cannot be read'],
  ['verify --bundle MISSING --policy POLICY', {}, 3, 'no such file'],
  ['verify --bundle EMPTY --policy POLICY', {}, 3, 'EISDIR'],
  ['verify --bundle TEXT --policy MISSING', {}, 3, 'cannot be read'],
  ['verify --bundle TEXT --policy WRONG', {}, 3, ''],
  ['verify --bundle TEXT --policy POLICY --known TEXT', {}, 3, ''],
  [`verify-history --event-store ${DOWN} --data LOG --policy POLICY`, {}, 3, 'the event store did not answer'],
  [`verify-history --event-store ${DOWN} --data MISSING --policy POLICY`, {}, 3, ''],
  ['witness --log http://127.0.0.1:1 --key KEY --name a', {}, 3, 'does not answer'],
  ['witness --log PAGE --key KEY --name a', {}, 3, 'holds no key'],
  ['witness --log STRANGER --key TEXT', {}, 3, 'holds no key'],
  ['witness --log STRANGER --key NOWHERE --name a', {}, 3, ''],
  ['witness --log STRANGER --key KEY --name a --log-key nonsense', {}, 3, 'holds no key'],
  ['check-receipt --receipt MISSING --keys KEYS --policy POLICY --log STRANGER', {}, 3, 'cannot be read'],
  ['check-receipt --receipt TEXT --keys KEYS --policy POLICY --log STRANGER', {}, 3, ''],
  ['check-receipt --receipt TEXT --keys TEXT --policy POLICY --log STRANGER', {}, 3, 'A verifier key reads'],
  ['replay --all', history, 3, 'the event store did not answer'],
  ['timeline --all', history, 3, 'the event store did not answer'],
  [`state-at --record ${RECORD} --at 0`, history, 3, 'the event store did not answer'],
  [`diff --record ${RECORD} --from 0 --to 1`, history, 3, 'the event store did not answer'],
  [
    'replay --all',
    { ...history, KEYS_DATABASE_URL: database.DATABASE_URL, OWNER_KEYS_FOLDER: '/nowhere' },
    3,
    'no folder',
  ],
  ['rebuild --compare', database, 3, 'the read models could not be read'],

  ['verify --bundle NOTHING --policy POLICY', {}, 1, 'REFUSED TRUNCATED'],
  ['verify --bundle TEXT --policy POLICY', {}, 1, 'REFUSED MALFORMED'],
];

describe('A command of the auditor', () => {
  it.each(TABLE)('%s with %j ends with %d and a sentence', async (line, env, code, said) => {
    const ended = await auditor(line, env);
    expect(ended).toEqual({ code, output: expect.stringContaining(said) });
    expect(ended.output).not.toMatch(/\n\s+at |fault of the program/);
    // Passwords are nobody's business.
    expect(ended.output).not.toContain('secret@');
  });
});
