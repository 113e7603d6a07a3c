import { describe, expect, it } from '@jest/globals';
import { readSettings } from '@foundation/configuration';
import { parseSignerKey } from '@foundation/transparency';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { makeKeys, type Stores } from './keys.js';

const STORES: Stores = { database: 'db.example:5432/lodestone', eventStore: 'es.example:2113?tls=true' };
const make = (folder = join(temporaryFolder(), 'secrets')) => ({ folder, made: makeKeys(folder, STORES) });
const read = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8');

describe('The keys of an installation', () => {
  it('are one for every setting that is a secret, and the key of receipts', () => {
    // A token is somebody's, and comes from an identity provider; a mail server is somebody else's as well.
    const secrets = globSync('apps/*/src/*.ts')
      .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/^\s+([A-Z_]+): \{[^}]*secret: true/gm)])
      .map(([, name]) => `${name}_FILE`)
      .filter((name) => !['LODESTONE_TOKEN_FILE', 'LODESTONE_MAIL_URL_FILE'].includes(name));
    const { made } = make();
    expect(new Set(made.flatMap(({ setting }) => setting ?? []))).toEqual(new Set([...secrets, 'RECEIPT_KEY_FILE']));
  });

  it('are for their owner alone', () => {
    const { folder, made } = make();
    for (const { file } of made) expect([file, statSync(file).mode & 0o777]).toEqual([file, 0o600]);
    for (const each of [folder, join(folder, 'owner-keys')]) expect(statSync(each).mode & 0o777).toBe(0o700);
  });

  it('stay as they are when more are made', () => {
    const { folder, made } = make();
    const before = made.map(({ file }) => readFileSync(file, 'utf8'));
    const again = makeKeys(folder, STORES);
    expect(again.every(({ isNew }) => !isNew)).toBe(true);
    expect(again.map(({ file }) => readFileSync(file, 'utf8'))).toEqual(before);
  });

  it('are others in every installation', () => {
    const [one, other] = [make(), make()];
    for (const { file } of one.made.filter(({ setting }) => setting !== null))
      expect(readFileSync(file, 'utf8')).not.toBe(readFileSync(file.replace(one.folder, other.folder), 'utf8'));
  });

  it('are read by the programs, as the environment file names them', () => {
    const { folder } = make();
    const environment = Object.fromEntries(
      read(folder, 'lodestone.env')
        .trim()
        .split('\n')
        .map((line) => line.split('=') as [string, string]),
    );
    const text = { parse: (given: string) => given, secret: true } as const;
    const values = readSettings({ SEAL_KEY: text, DATABASE_URL: text, EVENT_STORE_URL: text }, environment);
    expect(Buffer.from(values.SEAL_KEY, 'base64')).toHaveLength(32);
    expect(values.DATABASE_URL).toMatch(/^postgres:\/\/lodestone_owner:[\w-]{32}@db\.example:5432\/lodestone$/);
    expect(values.EVENT_STORE_URL).toMatch(/^esdb:\/\/admin:[\w-]{32}@es\.example:2113\?tls=true$/);
    expect(parseSignerKey(read(folder, 'receipt-key').trim()).name).toBe('lodestone/receipts');
  });

  it('are the passwords in the script that makes the database', () => {
    const { folder } = make();
    const sql = read(folder, 'database.sql');
    for (const file of ['database-url', 'database-reader-url', 'keys-database-url']) {
      const { username, password } = new URL(read(folder, file).trim());
      expect(sql).toMatch(new RegExp(`CREATE ROLE "${username}" .*PASSWORD '${password}';`));
    }
  });
});
