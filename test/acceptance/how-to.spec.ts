import { beforeAll, describe, expect, it } from '@jest/globals';
import { admitKeyKeeper } from '@adapters/key-store-postgres';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDatabase } from '../support/database.js';
import { startProgram } from '../support/program.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/waiting.js';
import { blocksOf, shell } from './support/how-to.js';
import { startPlatform, type RunningPlatform } from './support/platform.js';

let platform: RunningPlatform;
/** As the pages want it: where things are on the machine that is backed up, and on the one that is restored to. */
let here: Record<string, string>;
let there: Record<string, string>;

beforeAll(async () => {
  const [starting, database] = await Promise.all([startPlatform(), startDatabase()]);
  platform = starting;
  const secretariat = platform.as(null, 'SECRETARIAT');
  const gallium = { code: 'gallium', name: 'Gallium', group: 'minor metals', hsCodes: ['811292'] };
  const project = { title: 'Metal recovery', hostCountry: 'JP', materials: ['gallium'], stages: ['REFINING'] };
  for (const outcome of [
    await secretariat.command('admitMember', { country: 'JP', since: '2026-05-01' }),
    await secretariat.command('registerMaterial', gallium),
    await platform.as('JP', 'DELEGATE').command('proposeProject', project),
  ])
    expect(outcome).toMatchObject({ recordId: expect.any(String) });
  const BACKUPS = temporaryFolder();
  const part = (folder: string, name: string): string => join(folder, name);
  here = {
    BACKUPS,
    DATABASE_URL: platform.database,
    EVENTS: part(platform.folder, 'event-store'),
    LOG: part(platform.folder, 'log'),
    OWNER_KEYS: part(platform.folder, 'owner-keys'),
  };
  const restored = temporaryFolder();
  there = {
    BACKUPS,
    DATABASE_URL: database.url,
    EVENTS: part(restored, 'event-store'),
    LOG: part(restored, 'log'),
    OWNER_KEYS: part(restored, 'owner-keys'),
    DRILL: part(restored, 'drill'),
  };
});

const done = (block: string, env: Readonly<Record<string, string>>): string => {
  const { code, output } = shell(block, env);
  expect([block, code, output]).toEqual([block, 0, output]);
  return output;
};

describe('The commands of the how-tos', () => {
  it('back up, restore, and prove on another machine that nothing is missing or changed', async () => {
    const backups = blocksOf('backup.md');
    expect(backups.map((block) => done(block, here)).join('')).toMatch(/events\.db holds \d+ events, each checked/);

    const [stores, log, look] = blocksOf('restore.md') as [string, string, string];
    done(stores, there);
    done(log, there);
    const store = await startProgram<{ eventStore: string }>('dist/apps/event-store/src/main.js', {
      args: ['--port', '0', '--data', there['EVENTS']!],
    });
    const env = {
      EVENT_STORE_URL: store.ready.eventStore,
      DATABASE_URL: there['DATABASE_URL']!,
      KEYS_DATABASE_URL: await admitKeyKeeper(there['DATABASE_URL']!, 'restored'),
      OWNER_KEYS_FOLDER: there['OWNER_KEYS']!,
    };
    const sequencer = await startProgram('dist/apps/sequencer/src/main.js', {
      env: { ...env, LOG_DATA: there['LOG']!, CHECKPOINT_SECONDS: '1' },
    });
    const output = done(look, { ...there, ...env });
    expect(output).toMatch(/events in .* are undamaged/);
    expect(output).toContain('The history is what lodestone/development');
    // With the keys that were restored, what is sealed opens.
    expect(output).not.toContain('not opened');
    await sequencer.stop();
    await store.stop();
  });

  it('find a changed letter, as the drill shows', () => {
    const [change] = blocksOf('disaster-drill.md') as [string];
    expect(done(change, there)).toMatch(/checksum|damaged at/);
  });

  it('replace the sealing key in three steps, each of which holds one or two', () => {
    const secrets = temporaryFolder();
    writeFileSync(join(secrets, 'seal-key'), `${Buffer.alloc(32, 1).toString('base64')}\n`);
    const block = blocksOf('run-in-production.md').find((each) => each.includes('seal-key.new'))!;
    const lines = block.replaceAll('/etc/lodestone/secrets', secrets).trim().split('\n');
    const keys = (): string[] => readFileSync(join(secrets, 'seal-key'), 'utf8').trim().split('\n');
    const [old] = keys();
    done(lines.slice(0, 3).join('\n'), {});
    const [, fresh] = keys();
    expect(keys()).toEqual([old, fresh]);
    done([lines[0]!, lines[3]!].join('\n'), {});
    expect(keys()).toEqual([fresh, old]);
    done([lines[0]!, lines[4]!].join('\n'), {});
    expect(keys()).toEqual([fresh]);
    expect(existsSync(join(secrets, 'both'))).toBe(false);
  });

  it('audit, as they stand, with the addresses that npm start prints', async () => {
    const folder = temporaryFolder();
    const untracked = (): string => shell('git status --porcelain', {}).output;
    const before = untracked();
    const block = (part: string): string => {
      const found = blocksOf('audit.md').filter((each) => each.includes(part));
      expect([part, found.length]).toEqual([part, 1]);
      return found[0]!
        .replaceAll(
          'npm run --silent auditor --',
          'node --disable-warning=ExperimentalWarning dist/apps/auditor/src/main.js',
        )
        .replaceAll('.lodestone/', `${platform.folder}/`)
        .replaceAll('~/lodestone-witness', join(folder, 'witness'))
        .replaceAll(/esdb:[^']*/g, platform.eventStore)
        .replace(/^LOG=\S+/m, `LOG=${platform.log}`)
        .replaceAll(/\b(bundle\.ndjson|receipt\.txt|receipt-keys\.txt)/g, join(folder, '$1'));
    };

    const japan = platform.as('JP', 'DELEGATE');
    const outcome = await japan.command('foundGroup', { name: 'Auditors', members: [] });
    if (!outcome.accepted) throw new Error(JSON.stringify(outcome));
    writeFileSync(join(folder, 'receipt.txt'), outcome.receipt!);
    const { receiptKey } = await japan.query<{ receiptKey: string }>('{ receiptKey }');
    writeFileSync(join(folder, 'receipt-keys.txt'), receiptKey);

    // A witness runs until it is ended: long enough to say what it has cosigned.
    const witness = shell(
      block('auditor -- witness').replace(/^node/m, 'timeout 20 node').concat('|| true'),
      {},
    ).output;
    expect(witness).toMatch(/^The log's key is kept as it answered it: lodestone\/development/m);
    expect(witness).toMatch(/Z {2}cosigned \d+ leaves of lodestone\/development$/m);
    const [, vkey] = /"vkey":"([^"]+)"/.exec(witness)!;
    // What it needs lies in its own folder, and nothing in that of the project.
    expect(readdirSync(join(folder, 'witness'))).toEqual(expect.arrayContaining(['fr.key', 'fr.key.state']));
    expect(untracked()).toBe(before);
    const [policy] = block('LOG_POLICY=').split('\nLOG_POLICY');
    done(policy!.replace('witness.example.fr+…+…', vkey!), {});
    expect(readFileSync(join(folder, 'witness', 'policy'), 'utf8')).toMatch(
      /^log lodestone\/development\S* \S+\nwitness fr witness\.example\.fr\S+\nquorum fr\n$/,
    );

    const verified = done(block('auditor -- verify --bundle'), {});
    // Without the history the bundle has leaves alone, and it is said.
    expect(verified).toMatch(/Verified: \d+ leaves/);
    expect(verified).toMatch(/no content was looked at/i);
    expect(done(block('auditor -- verify-history'), {})).toContain('The history is what lodestone/development');
    const check = `LOG=${platform.log}\n${block('auditor -- check-receipt')}`;
    await until('the log keeps what was promised', () => shell(check, {}).code === 0);
  });
});
