import { EventStoreDbEventStore } from '@adapters/event-store-db';
import {
  commitTo,
  EventStore,
  FeedExpired,
  isUnreadable,
  newId,
  Projector,
  unopened,
  type NewEvent,
  type StoredEvent,
  type Unreadable,
} from '@foundation/eventing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { view, type AnyView, type DomainEvent, type Instant, type Marked, type Marking, type RecordId } from '@kernel';
import { JP, markedFor, NOW, person, US } from '@kernel/testing';
import { Client } from 'pg';
import { startDatabase, type StartedDatabase } from '../../../../test/support/database.js';
import { startEventStore, type StartedEventStore } from '../../../../test/support/event-store.js';
import { timeFor } from '../../../../test/support/waiting.js';
import {
  admitReader,
  ChangeNotifications,
  PostgresChangeFeed,
  PostgresProjectionStore,
  PostgresReadModels,
} from './index.js';

type Opened = DomainEvent<'test.TallyOpened.v1', Marked>;
type Counted = DomainEvent<'test.TallyCounted.v1', { by: number; note?: string }>;
type Row = Marked & { events: number; total: number; notes: string[] };

/** Counts every event that it is given, so that one given twice, or not at all, shows. */
const tally = (name: string, version: number, project?: (row: Row, event: Counted) => Row): AnyView =>
  view<Opened | Counted, Row>({
    name,
    version,
    events: ['test.TallyOpened.v1', 'test.TallyCounted.v1'],
    fields: { total: { kind: 'integer', filter: true, sort: true } },
    project: (row, { event }) => {
      switch (event.type) {
        case 'test.TallyOpened.v1':
          return { marking: event.data.marking, events: 1, total: 0, notes: [] };
        case 'test.TallyCounted.v1':
          return project
            ? project(row!, event)
            : { ...row!, events: row!.events + 1, total: row!.total + event.data.by };
      }
    },
  });

const japan = person(JP, 'DELEGATE');
const open: Marking = markedFor(JP);
const opened: Opened = { type: 'test.TallyOpened.v1', data: { marking: open } };
const counted = (by: number): Counted => ({ type: 'test.TallyCounted.v1', data: { by } });

let server: StartedEventStore;
let events: EventStoreDbEventStore;
let database: StartedDatabase;
let owner: Client;
let readerUrl: string;
let news: ChangeNotifications;
let feed: PostgresChangeFeed;
let doors: PostgresReadModels[];
let running: Running[];

beforeAll(async () => {
  [server, database] = await Promise.all([startEventStore(), startDatabase()]);
  events = new EventStoreDbEventStore(server.url);
  owner = new Client({ connectionString: database.url });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await events?.close();
  await Promise.all([server?.stop(), database?.stop()]);
});
beforeEach(async () => {
  running = [];
  await owner.query('DROP SCHEMA IF EXISTS lodestone CASCADE');
  await new PostgresProjectionStore(database.url).prepare([]);
  readerUrl = await admitReader(database.url, 'secret');
  news = new ChangeNotifications(readerUrl);
  feed = new PostgresChangeFeed(readerUrl, news);
  doors = [];
});
afterEach(async () => {
  await Promise.all(running.map((each) => each.stop()));
  await Promise.all(doors.map((each) => each.close()));
  await feed.close();
  await news.close();
});

const door = (...views: AnyView[]): PostgresReadModels => {
  const made = new PostgresReadModels(readerUrl, views, news);
  doors.push(made);
  return made;
};

type Running = { caughtUp: Promise<void>; stopped: string[]; interruptions: unknown[]; stop(): Promise<void> };
/** A projector at work, until it is stopped. */
const project = (views: readonly AnyView[], history: EventStore = events): Running => {
  const stop = new AbortController();
  const caughtUp = Promise.withResolvers<void>();
  const waiting = new Set(views.map(({ name }) => name));
  const [stopped, interruptions]: [string[], unknown[]] = [[], []];
  const work = new Projector(history, new PostgresProjectionStore(database.url), views, {
    caughtUp: (done) => {
      for (const { name } of done) waiting.delete(name);
      if (waiting.size === 0) caughtUp.resolve();
    },
    viewStopped: ({ name }, reason) => {
      stopped.push(`${name}: ${reason instanceof Error ? reason.message : String(reason)}`);
      waiting.delete(name);
    },
    interrupted: (reason) => interruptions.push(reason),
  }).run(stop.signal);
  const made = { caughtUp: caughtUp.promise, stopped, interruptions, stop: () => (stop.abort(), work) };
  running.push(made);
  return made;
};

/** Appends to a record; answers the position of the last event. */
const record = async (id: RecordId, from: bigint, ...facts: DomainEvent[]): Promise<bigint> => {
  const added: NewEvent[] = facts.map((event) => ({
    id: newId(),
    event,
    metadata: {
      actor: 'a',
      party: 'JP',
      roles: [],
      commandId: newId(),
      commandDigest: commitTo(null),
      correlationId: 'c',
      causationId: 'c',
      recordedAt: NOW,
      policyVersion: 1,
      commitment: commitTo(event.data),
    },
  }));
  return (await events.append('tally', id, from - 1n, added)).position;
};
const newRecord = (): RecordId => newId() as RecordId;
/** A new record with the events that count up to a number, one append each. */
const counting = async (upTo: number): Promise<{ id: RecordId; position: bigint }> => {
  const id = newRecord();
  let position = await record(id, 0n, opened);
  for (let by = 1; by <= upTo; by++) position = await record(id, BigInt(by), counted(by));
  return { id, position };
};
const rowOf = async (of: AnyView, id: RecordId): Promise<Row | undefined> =>
  (await door(of).find<Row>(of, japan, [id])).get(id);
const totalOf = (upTo: number): number => (upTo * (upTo + 1)) / 2;
const exactly = (upTo: number): Partial<Row> => ({ events: upTo + 1, total: totalOf(upTo) });
const tables = async (): Promise<string[]> =>
  (
    await owner.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relname LIKE 'test.%' AND relkind = 'r' ORDER BY 1`,
    )
  ).rows.map(({ name }) => name);
/** A session of somebody else's. */
const session = async (): Promise<Client & AsyncDisposable> => {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
};
const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
};

/** The history through another pair of eyes. */
class Rewritten extends EventStore {
  constructor(
    private readonly rewrite: (from: Parameters<EventStore['follow']>[0]) => ReturnType<EventStore['follow']>,
  ) {
    super();
  }
  read: EventStore['read'] = events.read.bind(events);
  last = events.last.bind(events);
  append = events.append.bind(events);
  follow(from: Parameters<EventStore['follow']>[0]): ReturnType<EventStore['follow']> {
    return this.rewrite(from);
  }
}

describe('A view', () => {
  it('holds each event once, also when the projector loses its connection in the middle of writing', async () => {
    const tallies = tally('test.tallies', 1);
    const one = project([tallies]);
    await one.caughtUp;
    const lock = new Client({ connectionString: database.url });
    await lock.connect();
    const { id, position: begun } = await counting(1);
    await door(tallies).reached(tallies, begun);
    for (let turn = 2; turn <= 4; turn++) {
      // The projector has written its rows and is held up before its place in the history is noted.
      await lock.query('BEGIN');
      await lock.query('SELECT FROM lodestone.views FOR UPDATE');
      const position = await record(id, BigInt(turn), counted(turn));
      const waits = `SELECT pid FROM pg_stat_activity WHERE application_name = 'lodestone-projector' AND wait_event_type = 'Lock' AND query LIKE '%position%'`;
      await until(async () => (await owner.query(waits)).rowCount === 1);
      const killed = await owner.query<{ done: boolean }>(
        `SELECT pg_terminate_backend(pid) AS done FROM (${waits}) AS waiting`,
      );
      expect(killed.rows).toEqual([{ done: true }]);
      await lock.query('COMMIT');
      await door(tallies).reached(tallies, position);
      expect(await rowOf(tallies, id)).toMatchObject(exactly(turn));
    }
    await lock.end();
    expect(one.interruptions).toHaveLength(3);
    expect(one.stopped).toEqual([]);
  });

  it('is left as it is by events that come again', async () => {
    const tallies = tally('test.tallies', 1);
    const { id } = await counting(3);
    const one = project([tallies]);
    await one.caughtUp;
    await one.stop();
    const head = await feed.latest();

    const again = project([tallies], new Rewritten(({ signal }) => events.follow({ after: null, signal })));
    await again.caughtUp;
    expect(await rowOf(tallies, id)).toMatchObject(exactly(3));
    expect(await feed.latest()).toBe(head);
    const position = await record(id, 4n, counted(4));
    await door(tallies).reached(tallies, position);
    expect(await rowOf(tallies, id)).toMatchObject(exactly(4));
  });

  it('is held by one projector alone, until that one lets go', async () => {
    const tallies = tally('test.tallies', 1);
    const store = new PostgresProjectionStore(database.url);
    await store.prepare([tallies]);
    const held = await store.hold([tallies], AbortSignal.timeout(10_000));
    await expect(store.hold([tallies], AbortSignal.abort())).rejects.toThrow('waiting for another projector');
    await held[Symbol.asyncDispose]();
    await using next = await store.hold([tallies], AbortSignal.timeout(10_000));
    expect([...next.positions]).toEqual([['test.tallies', null]]);
  });

  it('is written by one of two projectors, and by the other when that one goes', async () => {
    const tallies = tally('test.tallies', 1);
    const [first, second] = [project([tallies]), project([tallies])];
    await Promise.race([first.caughtUp, second.caughtUp]);
    const before = await counting(5);
    await door(tallies).reached(tallies, before.position);
    await first.stop();
    const after = await counting(6);
    await second.caughtUp;
    await door(tallies).reached(tallies, after.position);
    expect(await rowOf(tallies, before.id)).toMatchObject(exactly(5));
    expect(await rowOf(tallies, after.id)).toMatchObject(exactly(6));
    await second.stop();
  });

  it('that cannot digest an event stops alone, and says why', async () => {
    const [sound, broken] = [
      tally('test.sound', 1),
      tally('test.broken', 1, (row, { data }) => {
        if (data.by === 2) throw new Error('two is too much');
        return { ...row, events: row.events + 1, total: row.total + data.by };
      }),
    ];
    const one = project([sound, broken]);
    await one.caughtUp;
    const { id, position } = await counting(4);
    await door(sound, broken).reached(sound, position);
    expect(await rowOf(sound, id)).toMatchObject(exactly(4));
    expect(one.stopped).toEqual(['test.broken: two is too much']);
    const { rows } = await owner.query(`SELECT name, failure FROM lodestone.views ORDER BY name`);
    expect(rows).toEqual([
      { name: 'test.broken', failure: 'two is too much' },
      { name: 'test.sound', failure: null },
    ]);
  });

  it('whose row the database refuses stops alone, and holds nothing that came with it', async () => {
    const [sound, broken] = [tally('test.sound', 1), tally('test.broken', 1, (row) => ({ ...row, notes: ['\u0000'] }))];
    const one = project([sound, broken]);
    await one.caughtUp;
    const { id, position } = await counting(1);
    await door(sound, broken).reached(sound, position);
    expect(await rowOf(sound, id)).toMatchObject(exactly(1));
    expect(one.stopped).toEqual([expect.stringMatching(/^test.broken: /)]);
    expect(one.interruptions).toEqual([]);
    const more = await counting(2);
    await door(sound, broken).reached(sound, more.position);
    expect(await rowOf(sound, more.id)).toMatchObject(exactly(2));
  });
});

describe('A view that cannot be written', () => {
  const [sound, other, locked] = [tally('test.sound', 1), tally('test.other', 1), tally('test.locked', 1)];
  const LOCKED = 'another session holds a lock on a table of the read models';

  it.each(['ACCESS EXCLUSIVE', 'SHARE ROW EXCLUSIVE'])(
    'because somebody holds its table in %s mode waits alone, and holds every event once when it is free',
    async (mode) => {
      const one = project([sound, other, locked]);
      await one.caughtUp;
      const before = await counting(2);
      await door(locked).reached(locked, before.position);
      await using holder = await session();
      await holder.query(`BEGIN; LOCK TABLE lodestone."test.locked/1" IN ${mode} MODE`);
      const during = await counting(3);
      const more = await record(before.id, 3n, counted(3));
      for (const view of [sound, other]) {
        await door(view).reached(view, more);
        expect(await rowOf(view, during.id)).toMatchObject(exactly(3));
      }
      expect(one.stopped).toEqual([`test.locked: ${LOCKED}`]);
      expect(one.interruptions).toEqual([]);
      await holder.query('COMMIT');
      const after = await record(before.id, 4n, counted(4));
      await door(locked).reached(locked, after);
      expect(await rowOf(locked, before.id)).toMatchObject(exactly(4));
      expect(await rowOf(locked, during.id)).toMatchObject(exactly(3));
      expect(one.interruptions).toEqual([]);
    },
  );

  it('because its table is broken is written once it is mended, and the others meanwhile', async () => {
    const one = project([sound, other, locked]);
    await one.caughtUp;
    await owner.query(`ALTER TABLE lodestone."test.locked/1" RENAME COLUMN f_total TO lost`);
    const during = await counting(3);
    await door(sound).reached(sound, during.position);
    expect(one.stopped).toEqual([expect.stringMatching(/^test.locked: .*f_total/)]);
    await owner.query(`ALTER TABLE lodestone."test.locked/1" RENAME COLUMN lost TO f_total`);
    await door(locked).reached(locked, during.position);
    expect(await rowOf(locked, during.id)).toMatchObject(exactly(3));
    expect(one.interruptions).toEqual([]);
    await until(
      async () => (await owner.query('SELECT FROM lodestone.views WHERE failure IS NOT NULL')).rowCount === 0,
    );
  });

  it('because its table is gone is told of, and the others go on, also when the projector starts anew', async () => {
    const one = project([sound, locked]);
    await one.caughtUp;
    await owner.query(`ALTER TABLE lodestone."test.locked/1" RENAME TO lost`);
    const during = await counting(3);
    await door(sound).reached(sound, during.position);
    await one.stop();
    const again = project([sound, locked]);
    const after = await counting(2);
    await door(sound).reached(sound, after.position);
    expect(again.stopped).toEqual([expect.stringMatching(/^test.locked: .*does not exist/)]);
    const { rows } = await owner.query(`SELECT name FROM lodestone.views WHERE failure IS NOT NULL`);
    expect(rows).toEqual([{ name: 'test.locked' }]);
    await owner.query(`ALTER TABLE lodestone.lost RENAME TO "test.locked/1"`);
    await door(locked).reached(locked, after.position);
    expect(await rowOf(locked, during.id)).toMatchObject(exactly(3));
    expect(await rowOf(locked, after.id)).toMatchObject(exactly(2));
    expect([...one.interruptions, ...again.interruptions]).toEqual([]);
  });

  it('because its rule threw goes on by itself when it throws no more', async () => {
    let isBroken = true;
    const broken = tally('test.broken', 1, (row, { data }) => {
      if (isBroken) throw new Error('not yet');
      return { ...row, events: row.events + 1, total: row.total + data.by };
    });
    const one = project([sound, other, broken]);
    await one.caughtUp;
    const { id, position } = await counting(4);
    await door(sound).reached(sound, position);
    isBroken = false;
    await door(broken).reached(broken, position);
    expect(await rowOf(broken, id)).toMatchObject(exactly(4));
    expect(one.stopped).toEqual(['test.broken: not yet']);
    expect(one.interruptions).toEqual([]);
  });
});

describe('A record of which an event cannot be read', () => {
  /** The history, with one event made unreadable as long as that is wanted. */
  const damaged = (id: RecordId, revision: bigint, isDamaged: () => boolean): EventStore => {
    const seen = <T extends StoredEvent | Unreadable | 'caughtUp'>(item: T): T | Unreadable =>
      item !== 'caughtUp' && !isUnreadable(item) && item.recordId === id && item.revision === revision && isDamaged()
        ? unopened(item, 'it is damaged')
        : item;
    const history = new Rewritten(async function* (from) {
      for await (const item of events.follow(from)) yield seen(item);
    });
    history.read = async function* (...of) {
      for await (const item of events.read(...of)) yield seen(item) as StoredEvent | Unreadable;
    };
    return history;
  };

  it('is shown to nobody, whatever was recorded of it before and after, and the others are', async () => {
    const tallies = tally('test.tallies', 1);
    const { id } = await counting(2);
    const one = project(
      [tallies],
      damaged(id, 3n, () => true),
    );
    await one.caughtUp;
    expect(await rowOf(tallies, id)).toMatchObject(exactly(2));
    await record(id, 3n, counted(3));
    await record(id, 4n, counted(4));
    const other = await counting(2);
    await door(tallies).reached(tallies, other.position);
    expect(await rowOf(tallies, other.id)).toMatchObject(exactly(2));
    expect(await rowOf(tallies, id)).toBeUndefined();
    expect([one.stopped, one.interruptions]).toEqual([[], []]);
    const { rows } = await owner.query('SELECT view, stream, problem FROM lodestone.unreadable');
    expect(rows).toEqual([{ view: 'test.tallies', stream: `tally-${id}`, problem: 'it is damaged' }]);
  });

  it('comes back as soon as it can be read, with what was recorded meanwhile, and stays so', async () => {
    const tallies = tally('test.tallies', 1);
    const { id } = await counting(2);
    let isDamaged = true;
    const history = damaged(id, 1n, () => isDamaged);
    const one = project([tallies], history);
    await one.caughtUp;
    const position = await record(id, 3n, counted(3));
    await door(tallies).reached(tallies, position);
    expect(await rowOf(tallies, id)).toBeUndefined();
    isDamaged = false;
    const reads = door(tallies);
    await until(async () => (await reads.find(tallies, japan, [id])).has(id));
    expect(await rowOf(tallies, id)).toMatchObject(exactly(3));
    await door(tallies).reached(tallies, await record(id, 4n, counted(4)));
    expect(await rowOf(tallies, id)).toMatchObject(exactly(4));
    expect((await owner.query('SELECT FROM lodestone.unreadable')).rowCount).toBe(0);
  });
});

describe('A new version of a view', () => {
  it('is filled beside the old one, and readers change over at once', async () => {
    const [before, after] = [
      tally('test.tallies', 1),
      tally('test.tallies', 2, (row, { data }) => ({
        ...row,
        events: row.events + 1,
        total: row.total + 1000 * data.by,
      })),
    ];
    const all = await Promise.all([1, 2, 3].map(counting));
    const one = project([before]);
    await one.caughtUp;
    await one.stop();

    const half = Promise.withResolvers<void>();
    const rest = Promise.withResolvers<void>();
    const slow = new Rewritten(async function* ({ after: from, signal }) {
      let passed = 0;
      for await (const item of events.follow({ after: from, signal })) {
        if (item !== 'caughtUp' && ++passed === 4) {
          half.resolve();
          await rest.promise;
        }
        yield item;
      }
    });
    const [reads, waiting] = [door(before), door(before)];
    const answer = async (): Promise<string> => {
      const rows = await reads.find<Row>(
        before,
        japan,
        all.map(({ id }) => id),
      );
      return all.map(({ id }) => String(rows.get(id)?.total)).join();
    };
    const [old, fresh] = ['1,3,6', '1000,3000,6000'];
    expect(await answer()).toBe(old);
    await waiting.reached(before, all[0]!.position);

    const seen = new Set<string>();
    const two = project([after], slow);
    await half.promise;
    await until(
      async () => Number((await owner.query(`SELECT count(*) FROM lodestone."test.tallies/2"`)).rows[0].count) > 0,
    );
    expect(await tables()).toEqual(['test.tallies/1', 'test.tallies/2']);
    expect(await answer()).toBe(old);

    let isOver = false;
    const reading = Promise.all(
      [1, 2, 3].map(async () => {
        while (!isOver) seen.add(await answer());
      }),
    );
    rest.resolve();
    await two.caughtUp;
    await until(() => Promise.resolve(seen.has(fresh)));
    isOver = true;
    await reading;
    expect([...seen].sort()).toEqual([old, fresh].filter((each) => seen.has(each)).sort());
    expect(await tables()).toEqual(['test.tallies/2']);
    await waiting.reached(before, all[2]!.position);
  });

  it('is called under construction by a reader that knows more fields than the old one has', async () => {
    const old = tally('test.tallies', 1);
    await project([old]).caughtUp;
    const wider = {
      ...tally('test.tallies', 2),
      fields: { ...old.fields, mood: { kind: 'text', filter: true } },
    } as AnyView;
    await expect(door(wider).count(wider, japan, { mood: 'good' })).rejects.toThrow('test.tallies is being rebuilt');
  });

  it('is kept from whoever may not read, from its first row on', async () => {
    const { id } = await counting(1);
    const one = project([tally('test.tallies', 1)]);
    await one.caughtUp;
    await one.stop();
    const two = project(
      [tally('test.tallies', 2)],
      new Rewritten(async function* ({ after, signal }) {
        for await (const item of events.follow({ after, signal })) if (item !== 'caughtUp') yield item;
      }),
    );
    const filled = async (): Promise<boolean> =>
      (await tables()).includes('test.tallies/2') &&
      (await owner.query(`SELECT FROM lodestone."test.tallies/2" WHERE key = $1`, [id])).rowCount === 1;
    await until(filled);
    const reader = new Client({ connectionString: readerUrl });
    await reader.connect();
    const asked = async (audiences: string): Promise<number | null> => {
      await reader.query(
        `SELECT set_config('lodestone.audiences', $1, false), set_config('lodestone.denied_as', '', false),
           set_config('lodestone.clearance', '0', false)`,
        [audiences],
      );
      return (await reader.query(`SELECT FROM lodestone."test.tallies/2" WHERE key = $1`, [id])).rowCount;
    };
    expect([await asked('country:US'), await asked('country:JP')]).toEqual([0, 1]);
    await reader.end();
    await two.stop();
  });
});

describe('A whole and its parts', () => {
  const whole = (version: number): AnyView => tally('test.wholes', version);
  const part = (version: number): AnyView => ({
    ...tally('test.parts', version),
    fields: { ...tally('test.parts', version).fields, whole: { kind: 'text', filter: true } },
    parent: { view: 'test.wholes', field: 'whole' },
    project: (row, fact, key) => {
      const next = tally('test.parts', version).project(row, fact, key) as Row | null;
      return next && { ...next, whole: fact.recordId };
    },
  });

  it.each([
    ['together', 2, 2],
    ['the whole alone', 2, 1],
    ['the part alone', 1, 2],
  ])('may be renewed %s', async (_, wholeVersion, partVersion) => {
    const { id } = await counting(1);
    const before = project([whole(1), part(1)]);
    await before.caughtUp;
    await before.stop();
    const views = [whole(wholeVersion), part(partVersion)];
    const after = project(views);
    await after.caughtUp;
    expect(after.interruptions).toEqual([]);
    expect((await door(...views).find<Row>(views[1]!, japan, [id])).get(id)).toMatchObject(exactly(1));
    expect(await tables()).toEqual([`test.parts/${partVersion}`, `test.wholes/${wholeVersion}`]);
  });

  it('stay readable while the whole is new already and the part is not', async () => {
    const { id } = await counting(1);
    const before = project([whole(1), part(1)]);
    await before.caughtUp;
    await before.stop();
    const views = [whole(2), part(2)];
    const store = new PostgresProjectionStore(database.url);
    await store.prepare(views);
    await using held = await store.hold([whole(2)], AbortSignal.timeout(10_000));
    await held.commit(1n, new Map([[whole(2), new Map([[id, { marking: open }]])]]));
    await held.publish([whole(2)]);
    expect((await door(...views).find<Row>(views[1]!, japan, [id])).get(id)).toMatchObject(exactly(1));
  });
});

describe('An instant', () => {
  const tallies = tally('test.tallies', 1);
  const america = person(US, 'DELEGATE');
  const inMs = (ms: number): Instant => new Date(Date.now() + ms).toISOString() as Instant;
  const timed = (limits: Partial<Marking>): Opened => ({
    type: 'test.TallyOpened.v1',
    data: { marking: { ...markedFor(JP, 'MEMBERS'), ...limits } },
  });
  const heard = async (since: bigint, id: RecordId): Promise<number> =>
    (await feed.after(since, 1_000)).filter(({ key }) => key === id).length;
  const sees = async (id: RecordId): Promise<boolean> => {
    // Asked over and over: a pool left open by each would use up the server's connections.
    const asked = new PostgresReadModels(readerUrl, [tallies], news);
    try {
      return (await asked.find(tallies, america, [id])).has(id);
    } finally {
      await asked.close();
    }
  };
  /** Resolves when the projector has looked at its clock once more, and has told what it found. */
  const another = async (): Promise<void> => {
    const position = await record(
      newRecord(),
      0n,
      timed({ embargoUntil: inMs(3_600_000), expiresAt: inMs(7_200_000) }),
    );
    await door(tallies).reached(tallies, position);
  };

  /** Milliseconds in which something is recorded and looked at. */
  const time = async (): Promise<number> => {
    const begun = Date.now();
    await another();
    return timeFor(begun);
  };

  it('at which an embargo ends is announced once, when the record can be seen', async () => {
    const one = project([tallies]);
    await one.caughtUp;
    const head = await feed.latest();
    const id = newRecord();
    await door(tallies).reached(tallies, await record(id, 0n, timed({ embargoUntil: inMs(await time()) })));
    expect([await heard(head, id), await sees(id)]).toEqual([1, false]);
    await until(async () => (await heard(head, id)) === 2);
    expect(await sees(id)).toBe(true);
    await another();
    await one.stop();
    await project([tallies]).caughtUp;
    await another();
    expect(await heard(head, id)).toBe(2);
  });

  it('at which a record expires is announced once, when it can be seen no more', async () => {
    await project([tallies]).caughtUp;
    const head = await feed.latest();
    const id = newRecord();
    await door(tallies).reached(tallies, await record(id, 0n, timed({ expiresAt: inMs(await time()) })));
    expect([await heard(head, id), await sees(id)]).toEqual([1, true]);
    await until(async () => (await heard(head, id)) === 2);
    expect(await sees(id)).toBe(false);
    await another();
    expect(await heard(head, id)).toBe(2);
  });

  it('that passes while no projector runs is announced by the next one, once', async () => {
    const one = project([tallies]);
    await one.caughtUp;
    const head = await feed.latest();
    const id = newRecord();
    await door(tallies).reached(tallies, await record(id, 0n, timed({ embargoUntil: inMs(await time()) })));
    await one.stop();
    expect(await heard(head, id)).toBe(1);
    await until(() => sees(id));
    expect(await heard(head, id)).toBe(1);
    const two = project([tallies]);
    await two.caughtUp;
    await until(async () => (await heard(head, id)) === 2);
    await another();
    await two.stop();
    await project([tallies]).caughtUp;
    await another();
    expect(await heard(head, id)).toBe(2);
  });

  it('that had passed before the record was written is not announced', async () => {
    await project([tallies]).caughtUp;
    const head = await feed.latest();
    const id = newRecord();
    await record(id, 0n, timed({ embargoUntil: inMs(-1), expiresAt: inMs(3_600_000) }));
    await another();
    expect(await heard(head, id)).toBe(1);
  });

  it('that passes while a new version of the view is built is announced once it is read', async () => {
    const one = project([tallies]);
    await one.caughtUp;
    const head = await feed.latest();
    const id = newRecord();
    await door(tallies).reached(tallies, await record(id, 0n, timed({ embargoUntil: inMs(await time()) })));
    await one.stop();
    await until(() => sees(id));
    await project([tally('test.tallies', 2)]).caughtUp;
    await until(async () => (await heard(head, id)) === 2);
  });
});

describe('A database', () => {
  it('whose tables were laid out in another way is filled anew from the history', async () => {
    const tallies = tally('test.tallies', 1);
    const { id } = await counting(2);
    const one = project([tallies]);
    await one.caughtUp;
    await one.stop();
    await owner.query(`ALTER TABLE lodestone."test.tallies/1" RENAME COLUMN marking TO audience`);
    await owner.query(`COMMENT ON SCHEMA lodestone IS NULL`);
    await project([tallies]).caughtUp;
    expect(await rowOf(tallies, id)).toMatchObject(exactly(2));
  });

  it('whose texts were in order by the rules of another ICU is filled anew from the history', async () => {
    const tallies = tally('test.tallies', 1);
    const { id } = await counting(2);
    const one = project([tallies]);
    await one.caughtUp;
    await one.stop();
    const { rows } = await owner.query<{ layout: string }>(
      `SELECT obj_description('lodestone'::regnamespace) AS layout`,
    );
    await owner.query(`COMMENT ON SCHEMA lodestone IS '${rows[0]!.layout.split(' ')[0]} 1.0'`);
    await owner.query(`DELETE FROM lodestone."test.tallies/1"`);
    await project([tallies]).caughtUp;
    expect(await rowOf(tallies, id)).toMatchObject(exactly(2));
    expect((await owner.query(`SELECT obj_description('lodestone'::regnamespace) AS layout`)).rows).toEqual(rows);
  });

  it('that is laid out as it should be is left as it is', async () => {
    const tallies = tally('test.tallies', 1);
    const { id } = await counting(2);
    const one = project([tallies]);
    await one.caughtUp;
    await one.stop();
    await new PostgresProjectionStore(database.url).prepare([tallies]);
    expect(await rowOf(tallies, id)).toMatchObject(exactly(2));
  });

  it('whose indexes are those of before is given the new ones, while somebody reads', async () => {
    const tallies = tally('test.tallies', 1);
    const { id } = await counting(2);
    const one = project([tallies]);
    await one.caughtUp;
    await one.stop();
    const indexes = async (): Promise<{ name: string; made: string }[]> =>
      (
        await owner.query<{ name: string; made: string }>(
          `SELECT indexname AS name, indexdef AS made FROM pg_indexes WHERE tablename = 'test.tallies/1' ORDER BY 1`,
        )
      ).rows;
    const asMade = await indexes();
    expect(asMade.length).toBeGreaterThan(2);
    for (const { name } of asMade.filter((each) => !each.name.endsWith('_pkey')))
      await owner.query(`DROP INDEX lodestone."${name}"`);
    await owner.query(`CREATE INDEX ON lodestone."test.tallies/1" (f_total, key)`);
    const before = await owner.query<{ file: number }>(
      `SELECT pg_relation_filenode('lodestone."test.tallies/1"') AS file`,
    );
    const prepared = new PostgresProjectionStore(database.url).prepare([tallies]);
    expect(await rowOf(tallies, id)).toMatchObject(exactly(2));
    await prepared;
    expect(await indexes()).toEqual(asMade);
    expect((await owner.query(`SELECT pg_relation_filenode('lodestone."test.tallies/1"') AS file`)).rows).toEqual(
      before.rows,
    );
  });
});

describe('The counts of a table from before it was counted', () => {
  it('are made at the next start, and until then its rows are counted', async () => {
    const tallies = tally('test.tallies', 1);
    const { id } = await counting(1);
    await counting(1);
    const one = project([tallies]);
    await one.caughtUp;
    await one.stop();
    await owner.query('DELETE FROM lodestone.counts');
    for (const name of ['made', 'changed', 'gone', 'emptied'])
      await owner.query(`DROP TRIGGER count_${name} ON lodestone."test.tallies/1"`);
    const total = () => door(tallies).count(tallies, japan, {});
    const before = await total();
    expect(before.rows).toBeGreaterThanOrEqual(2);
    await new PostgresProjectionStore(database.url).prepare([tallies]);
    expect(await total()).toEqual(before);
    await owner.query(`DELETE FROM lodestone."test.tallies/1" WHERE key = $1`, [id]);
    expect(await total()).toEqual({ rows: before.rows - 1, isCapped: false });
    const { rows } = await owner.query(`SELECT sum(rows)::int AS rows FROM lodestone.counts`);
    expect(rows).toEqual([{ rows: before.rows - 1 }]);
  });
});

describe('Announcements', () => {
  const since = async (number: bigint): Promise<{ numbers: bigint[]; keys: string[] }> => {
    const changes = await feed.after(number, 1_000);
    return { numbers: changes.map((each) => each.number), keys: changes.map(({ key }) => key) };
  };

  it('are not made while a view is built, for there is nobody to tell', async () => {
    await counting(2);
    await project([tally('test.tallies', 1)]).caughtUp;
    // Whoever asks from before the first number there could be is told that nothing from then is kept.
    await expect(feed.after((await feed.latest()) - 1n, 9)).rejects.toThrow(FeedExpired);
  });

  it('are made of each change after, without a gap', async () => {
    const tallies = tally('test.tallies', 1);
    await project([tallies]).caughtUp;
    const head = await feed.latest();
    const { id, position } = await counting(5);
    await door(tallies).reached(tallies, position);
    const { numbers, keys } = await since(head);
    expect(numbers).toEqual(numbers.map((_, index) => head + BigInt(index + 1)));
    expect(new Set(keys)).toEqual(new Set([id]));
  });

  it('are not made of what leaves a row as it was', async () => {
    const same = tally('test.tallies', 1, (row) => row);
    await project([same]).caughtUp;
    const id = newRecord();
    await door(same).reached(same, await record(id, 0n, opened));
    const head = await feed.latest();
    await door(same).reached(same, await record(id, 1n, counted(1)));
    expect((await since(head)).keys).toEqual([]);
  });

  it('are made of what happened while the projector was away', async () => {
    const tallies = tally('test.tallies', 1);
    const one = project([tallies]);
    await one.caughtUp;
    await one.stop();
    const head = await feed.latest();
    const { id } = await counting(2);
    await project([tallies]).caughtUp;
    expect(await rowOf(tallies, id)).toMatchObject(exactly(2));
    expect((await since(head)).keys).toContain(id);
  });

  it('that are begun anew leave no old cursor that seems to hold', async () => {
    const tallies = tally('test.tallies', 1);
    const one = project([tallies]);
    await one.caughtUp;
    const old = await feed.latest();
    await one.stop();
    await owner.query('DROP SCHEMA lodestone CASCADE');
    await project([tallies]).caughtUp;
    expect(await feed.latest()).toBeGreaterThan(old);
    await expect(feed.after(old, 9)).rejects.toThrow(FeedExpired);
  });
});
