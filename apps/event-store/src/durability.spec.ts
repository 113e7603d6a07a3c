import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  watch,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { type EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { holdFolder } from './data-folder.js';
import { EventTable } from './event-table.js';
import { genesis, GroupWriter } from './group-writer.js';
import { crashTest } from '../testing/crash.js';
import { collect, runCommand, RunningStore } from '../testing/running-store.js';
import { mountSmallDisk } from '../../../test/support/small-disk.js';
import { folderOnDisk } from '../../../test/support/temporary-folder.js';

const running: RunningStore[] = [];
const start = async (folder: string): Promise<RunningStore> => {
  const store = await RunningStore.start(folder);
  running.push(store);
  return store;
};
afterEach(() => Promise.all(running.splice(0).map((store) => store.stop('SIGKILL'))));

/** Appends `count` events with a body that can be found in the file again. */
async function fill(client: EventStoreDBClient, count: number): Promise<void> {
  const event = (number: number) =>
    jsonEvent({ type: 'Filled', data: { marker: `<${number}>`, padding: 'x'.repeat(700) } });
  for (let number = 1; number <= count; number += 50) {
    const events = Array.from({ length: Math.min(50, count - number + 1) }, (_, index) => event(number + index));
    await client.appendToStream(`filled-${number % 7}`, events);
  }
}

describe('a killed server', () => {
  it('has every acknowledged event, once, in order, with its bytes, and of each other append all or nothing', async () => {
    await crashTest(folderOnDisk(), 3);
  });
});

describe('a data folder', () => {
  it('is served by one process: a second one is told which, and a killed one is not in the way', async () => {
    const folder = folderOnDisk();
    const first = await start(folder);
    await expect(RunningStore.start(folder)).rejects.toThrow(
      `The data folder ${folder} is in use by another event store (process ${first.process.pid})`,
    );
    await first.stop('SIGKILL');
    const second = await start(folder);
    expect(await second.stop()).toBe(0);
  });

  it('is for the account that runs the store, and for no other', async () => {
    const folder = join(folderOnDisk(), 'kept');
    const store = await start(folder);
    await fill(store.client(), 1);
    const modes = [folder, ...readdirSync(folder).map((name) => join(folder, name))].map(
      (path) => statSync(path).mode & 0o077,
    );
    expect(modes.length).toBeGreaterThan(2);
    expect([...new Set(modes)]).toEqual([0]);
  });

  it('keeps everything that was acknowledged while the server was asked to stop', async () => {
    const folder = folderOnDisk();
    const store = await start(folder);
    const client = store.client();
    let acknowledged = 0;
    const writing = Array.from({ length: 32 }, async (_, writer) => {
      for (;;) {
        await client.appendToStream(`w-${writer}`, jsonEvent({ type: 'Written', data: {} }));
        acknowledged += 1;
        if (acknowledged === 500) store.process.kill('SIGTERM');
      }
    });
    await Promise.allSettled(writing);
    await store.stop();
    const next = await start(folder);
    const kept = (await collect(next.client().readAll())).filter(({ event }) => event?.type === 'Written');
    expect(kept.length).toBeGreaterThanOrEqual(acknowledged);
  });
});

const smallDisk = folderOnDisk();
/** Mounting a file system of a few mebibytes needs rights that not every machine gives. */
const mounted = mountSmallDisk(smallDisk, 6);

describe('a full disk', () => {
  (mounted ? it : it.skip)(
    'refuses appends with a clear error, serves reads, and takes appends again when there is room',
    async () => {
      const filler = join(smallDisk, 'filler');
      writeFileSync(filler, Buffer.alloc(2 * 1024 * 1024));
      const store = await start(smallDisk);
      const client = store.client();
      const event = () => jsonEvent({ type: 'Filled', data: { padding: 'x'.repeat(50_000) } });
      let written = 0;
      const refusal = await (async () => {
        for (; written < 200; written += 1) await client.appendToStream('filling', event());
        return undefined;
      })().catch((error: Error) => error);
      expect(refusal?.message).toMatch(
        'The disk of the event store is full. Make room; nothing of this append was recorded.',
      );
      await expect(
        client.appendToStream('filling', event(), { credentials: { username: 'a', password: 'b' } }),
      ).rejects.toThrow(/RESOURCE_EXHAUSTED: The disk/);
      expect(await collect(client.readStream('filling'))).toHaveLength(written);
      rmSync(filler);
      const { nextExpectedRevision } = await client.appendToStream('filling', event());
      expect(nextExpectedRevision).toBe(BigInt(written));
      expect(await store.stop()).toBe(0);
      expect(runCommand('verify', '--data', smallDisk)).toMatchObject({ code: 0 });
    },
  );
});

describe('a damaged file', () => {
  const whole = join(folderOnDisk(), 'whole');
  beforeAll(async () => {
    const store = await RunningStore.start(whole);
    await fill(store.client(), 400);
    await store.stop();
  });

  /** A copy of the whole folder, changed, and what a start and `verify` say of it. */
  async function damaged(change: (folder: string) => void): Promise<{ start: string; verify: string }> {
    const folder = folderOnDisk();
    for (const name of ['events.db', 'acknowledged']) copyFileSync(join(whole, name), join(folder, name));
    change(folder);
    const { code, errors } = runCommand('verify', '--data', folder);
    expect(code).toBe(1);
    const start = await RunningStore.start(folder).then(
      () => 'it started',
      (error: Error) => error.message,
    );
    return { start, verify: errors };
  }

  const flip = (file: string, offset: number) => {
    const descriptor = openSync(file, 'r+');
    const byte = Buffer.alloc(1);
    readSync(descriptor, byte, 0, 1, offset);
    byte[0]! ^= 4;
    writeSync(descriptor, byte, 0, 1, offset);
    closeSync(descriptor);
  };

  it('with one bit flipped in an event is found, and the position is named', async () => {
    const said = await damaged((folder) => {
      const file = join(folder, 'events.db');
      flip(file, readFileSync(file).indexOf('"<123>"') + 2);
    });
    expect(said.verify).toMatch('damaged at position 123: its checksum does not match');
    expect(said.start).toMatch('damaged at position 123: its checksum does not match');
  });

  it('with one bit flipped anywhere is found', async () => {
    const { size } = statSync(join(whole, 'events.db'));
    // Free space within pages belongs to no event: a flip there is no damage, and nothing is lost by it.
    let found = 0;
    for (let sample = 0; sample < 8; sample += 1) {
      const folder = folderOnDisk();
      for (const name of ['events.db', 'acknowledged']) copyFileSync(join(whole, name), join(folder, name));
      flip(join(folder, 'events.db'), 200 + Math.floor(((sample + Math.random()) / 8) * (size - 200)));
      const { code, errors } = runCommand('verify', '--data', folder);
      if (code === 0) continue;
      expect(errors).toMatch(/The event file is damaged at position \d+/);
      found += 1;
    }
    expect(found).toBeGreaterThan(4);
  });

  it.each([
    ['cut off in the middle', (file: string) => truncateSync(file, Math.floor(statSync(file).size / 2 / 8192) * 8192)],
    ['torn within a page', (file: string) => truncateSync(file, statSync(file).size - 3000)],
    ['empty', (file: string) => truncateSync(file, 0)],
    ['missing', (file: string) => rmSync(file)],
    ['something else', (file: string) => writeFileSync(file, 'not a database at all, but long enough'.repeat(1000))],
  ])('that is %s is refused', async (_, change) => {
    const said = await damaged((folder) => change(join(folder, 'events.db')));
    expect(said.start).toMatch(
      /The event file is damaged at position \d+|is missing, but position 400 was acknowledged/,
    );
  });

  it('that lost its last transactions is refused: SQLite alone would drop them without a word', async () => {
    const folder = folderOnDisk();
    const store = await start(folder);
    await fill(store.client(), 100);
    await store.stop('SIGKILL');
    const log = join(folder, 'events.db-wal');
    flip(log, Math.floor(statSync(log).size * 0.6));
    rmSync(join(folder, 'events.db-shm'));
    await expect(RunningStore.start(folder)).rejects.toThrow(/the file ends here, but position 100 was acknowledged/);
  });

  it('whose index lost an event is found', async () => {
    const said = await damaged((folder) => {
      const alter = (...statements: string[]) => {
        const database = new DatabaseSync(join(folder, 'events.db'));
        database.enableDefensive(false);
        for (const statement of statements) database.exec(statement);
        database.close();
      };
      const schema = (sql: string) =>
        `PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = ${sql} WHERE type = 'index'`;
      alter(schema(`sql || ' WHERE position <> 77'`));
      alter('REINDEX', schema(`replace(sql, ' WHERE position <> 77', '')`));
    });
    expect(said.start).toMatch('damaged at position 77: the index of streams does not find revision');
  });
});

describe('a backup', () => {
  it('taken under load is a consistent copy that can be restored elsewhere', async () => {
    const folder = folderOnDisk();
    const store = await start(folder);
    const client = store.client();
    await fill(client, 200);
    let writing = true;
    let written = 0;
    const load = Array.from({ length: 16 }, async (_, writer) => {
      while (writing) {
        await client.appendToStream(`load-${writer}`, jsonEvent({ type: 'Loaded', data: { written: (written += 1) } }));
      }
    });
    const file = join(folderOnDisk(), 'copy.db');
    const { backup, before } = await new Promise<{ backup: string; before: number }>((resolve) => {
      setTimeout(() => {
        const before = written;
        void import('node:child_process').then(({ execFile }) =>
          execFile(
            process.execPath,
            [
              process.env['EVENT_STORE_MAIN'] ?? 'dist/apps/event-store/src/main.js',
              'backup',
              '--data',
              folder,
              '--to',
              file,
            ],
            (error, output) => resolve({ backup: error ? String(error) : output, before }),
          ),
        );
      }, 200);
    });
    writing = false;
    await Promise.all(load);
    expect(backup).toMatch(/holds \d+ events, each checked/);
    const elsewhere = join(folderOnDisk(), 'new', 'folder');
    expect(runCommand('restore', '--from', file, '--data', elsewhere)).toMatchObject({ code: 0 });
    const restored = await start(elsewhere);
    const copy = await collect(restored.client().readAll());
    const original = await collect(client.readAll({ maxCount: copy.length }));
    expect(copy).toEqual(original);
    expect(copy.length).toBeGreaterThan(200 + Math.max(0, before - 16));
    await restored.client().appendToStream('filled-1', jsonEvent({ type: 'Filled', data: {} }));
  });

  it('never overwrites anything', async () => {
    const folder = folderOnDisk();
    const store = await start(folder);
    await fill(store.client(), 10);
    const file = join(folder, 'copy.db');
    expect(runCommand('backup', '--data', folder, '--to', file).code).toBe(0);
    expect(runCommand('backup', '--data', folder, '--to', file).errors).toMatch('exists and is not overwritten');
    expect(runCommand('restore', '--from', file, '--data', folder).errors).toMatch('is in use by another event store');
    await store.stop();
    expect(runCommand('restore', '--from', file, '--data', folder).errors).toMatch('exists and is not overwritten');
    mkdirSync(join(folder, 'bad'));
    writeFileSync(join(folder, 'bad.db'), readFileSync(file).subarray(0, 20_000));
    expect(runCommand('restore', '--from', join(folder, 'bad.db'), '--data', join(folder, 'bad')).errors).toMatch(
      /damaged/,
    );
    expect(existsSync(join(folder, 'bad', 'events.db'))).toBe(false);
  });

  it('that is killed leaves nothing under its name and nothing that others can read, and the next one clears it away', async () => {
    const folder = folderOnDisk();
    const store = await start(folder);
    for (let round = 0; round < 8; round++) await fill(store.client(), 2_000);
    await store.stop();
    const place = folderOnDisk();
    const file = join(place, 'copy.db');
    const main = process.env['EVENT_STORE_MAIN'] ?? 'dist/apps/event-store/src/main.js';
    let left: string[] = [];
    // Until one is caught in the middle.
    while (!left.some((name) => existsSync(join(place, name, 'events.db')))) {
      rmSync(file, { force: true });
      const child = spawn(process.execPath, [main, 'backup', '--data', folder, '--to', file], { stdio: 'ignore' });
      const ended = once(child, 'close');
      const watched = watch(place, () => {
        left = readdirSync(place).filter((name) => name !== 'copy.db');
        if (left.some((name) => existsSync(join(place, name, 'events.db')))) child.kill('SIGKILL');
      });
      const looking = setInterval(() => {
        left = readdirSync(place).filter((name) => name !== 'copy.db');
        if (left.some((name) => existsSync(join(place, name, 'events.db')))) child.kill('SIGKILL');
      }, 2);
      await ended;
      clearInterval(looking);
      watched.close();
      left = readdirSync(place).filter((name) => name !== 'copy.db');
    }
    expect(existsSync(file)).toBe(false);
    for (const name of left) expect(statSync(join(place, name)).mode & 0o777).toBe(0o700);
    expect(runCommand('backup', '--data', folder, '--to', file).code).toBe(0);
    expect(readdirSync(place)).toEqual(['copy.db']);
  });

  it('beside one that runs leaves that one alone', async () => {
    const folder = folderOnDisk();
    const store = await start(folder);
    await fill(store.client(), 10);
    const place = folderOnDisk();
    const held = join(place, '.unfinished-other');
    const { release } = holdFolder(held);
    expect(runCommand('backup', '--data', folder, '--to', join(place, 'copy.db')).code).toBe(0);
    expect(existsSync(held)).toBe(true);
    release();
    expect(runCommand('backup', '--data', folder, '--to', join(place, 'second.db')).code).toBe(0);
    expect(existsSync(held)).toBe(false);
  });
});

describe('a command', () => {
  const missing = join(folderOnDisk(), 'missing');
  /** Folders as commands meet them. */
  const places: Record<string, () => string> = {
    missing: () => missing,
    empty: () => folderOnDisk(),
    whole: () => {
      const folder = folderOnDisk();
      const table = EventTable.openForWriting(join(folder, 'events.db'));
      const writer = new GroupWriter(table);
      writer.commit(genesis());
      table.close();
      return folder;
    },
    'without the index of its streams': () => {
      const folder = places['whole']!();
      const database = new DatabaseSync(join(folder, 'events.db'));
      database.exec('DROP INDEX events_of_stream');
      database.close();
      return folder;
    },
    'of text': () => {
      const folder = folderOnDisk();
      writeFileSync(join(folder, 'events.db'), 'no database, whatever its name says'.repeat(100));
      return folder;
    },
    'within a file': () => {
      const file = join(folderOnDisk(), 'file');
      writeFileSync(file, '');
      return join(file, 'folder');
    },
  };
  const impossible = join(missing, 'copy.db');
  it.each([
    ['verify', 'whole', [], 0, 'are undamaged'],
    ['verify', 'missing', [], 3, 'There is no event file'],
    ['verify', 'empty', [], 3, 'There is no event file'],
    ['verify', 'within a file', [], 3, 'There is no event file'],
    ['verify', 'without the index of its streams', [], 1, 'no such index: events_of_stream'],
    ['verify', 'of text', [], 1, 'damaged'],
    ['verify', 'whole', ['--port', '1'], 2, "unknown option '--port'"],
    ['backup', 'missing', ['--to', join(folderOnDisk(), 'a')], 3, 'There is no event file'],
    ['backup', 'whole', ['--to', impossible], 3, `${impossible} could not be written (ENOENT`],
    ['backup', 'of text', ['--to', join(folderOnDisk(), 'a')], 1, 'not a database'],
    ['backup', 'without the index of its streams', ['--to', join(folderOnDisk(), 'a')], 1, 'no such index'],
    ['backup', 'whole', [], 2, '--to is missing'],
    ['restore', 'empty', ['--from', missing], 3, 'There is no backup'],
    ['restore', 'empty', ['--from', folderOnDisk()], 3, 'could not be written'],
    ['restore', 'whole', ['--from', folderOnDisk()], 3, 'exists and is not overwritten'],
    ['restore', 'within a file', ['--from', folderOnDisk()], 3, 'ENOTDIR'],
    ['serve', 'of text', ['--port', '0'], 1, 'damaged'],
    ['serve', 'without the index of its streams', ['--port', '0'], 1, 'no such index'],
    ['serve', 'within a file', ['--port', '0'], 3, 'ENOTDIR'],
    ['serve', 'empty', ['--port', 'x'], 2, '--port must be a number'],
    ['serve', 'empty', ['--port', '0', '--tls-cert', missing, '--tls-key', missing], 3, 'Cannot read'],
  ])('%s on a folder %s with %j ends with %d and a sentence', (command, place, args, code, said) => {
    const named = command === 'serve' ? [] : [command];
    const ended = runCommand(...named, '--data', places[place]!(), ...args);
    expect({ ...ended, output: ended.output + ended.errors }).toMatchObject({
      code,
      output: expect.stringContaining(said),
    });
    expect(ended.errors).not.toMatch(/\n\s+at /);
  });

  it('that finds its port or its folder in use says so, and ends with 3', async () => {
    const folder = folderOnDisk();
    const store = await start(folder);
    const taken = runCommand('--data', folderOnDisk(), '--port', String(store.port));
    expect(taken).toMatchObject({ code: 3, errors: expect.stringContaining(String(store.port)) });
    expect(taken.errors).not.toMatch(/\n\s+at /);
    expect(runCommand('--data', folder, '--port', '0')).toMatchObject({
      code: 3,
      errors: expect.stringContaining('in use'),
    });
  });
});
