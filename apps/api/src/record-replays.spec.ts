import { EventStoreDbEventStore } from '@adapters/event-store-db';
import {
  admitReader,
  ChangeNotifications,
  PostgresProjectionStore,
  PostgresReadModels,
} from '@adapters/read-store-postgres';
import { auditRegister } from '@capabilities/audit';
import { CommandPipeline, EventStore, newId, Projector, Register } from '@foundation/eventing';
import { OpaqueTokens } from '@foundation/transport';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { AnyStream, Command, Principal, RecordId } from '@kernel';
import { JP, NOW, person, secretariat, US } from '@kernel/testing';
import { randomBytes } from 'node:crypto';
import { startDatabase, type StartedDatabase } from '../../../test/support/database.js';
import { startEventStore, type StartedEventStore } from '../../../test/support/event-store.js';
import { capabilities } from './capabilities.js';
import { RecordReplays } from './record-replays.js';

jest.setTimeout(60_000);

/** The history, with a note of how much of it is read. */
class Counted extends EventStore {
  reads: string[] = [];
  events = 0;
  constructor(private readonly store: EventStore) {
    super();
  }
  async *read(...of: Parameters<EventStore['read']>): ReturnType<EventStore['read']> {
    this.reads.push(`all of a ${of[0]}`);
    for await (const event of this.store.read(...of)) {
      this.events++;
      yield event;
    }
  }
  last: EventStore['last'] = (...of) => {
    this.reads.push(`the last of a ${of[0]}`);
    return this.store.last(...of);
  };
  append: EventStore['append'] = (...of) => this.store.append(...of);
  follow: EventStore['follow'] = (...of) => this.store.follow(...of);
}

const views = capabilities.flatMap((each) => each.views);
const streamOf = (category: string): AnyStream =>
  capabilities.flatMap(({ streams }) => streams).find((each) => each.category === category)!;
const [japan, america] = [person(JP, ['DELEGATE', 'LIAISON']), person(US, 'DELEGATE')];

describe('A replay of a record', () => {
  let server: StartedEventStore;
  let database: StartedDatabase;
  let store: EventStoreDbEventStore;
  let news: ChangeNotifications;
  let reads: PostgresReadModels;
  let counted: Counted;
  let replays: RecordReplays;
  const running = new AbortController();
  let projecting: Promise<void>;
  let hidden: { readonly short: RecordId; readonly long: RecordId };

  beforeAll(async () => {
    [server, database] = await Promise.all([startEventStore(), startDatabase()]);
    store = new EventStoreDbEventStore(server.url);
    const pipeline = new CommandPipeline(store, capabilities, () => NOW);
    const done = async (who: Principal, category: string, command: object): Promise<RecordId> => {
      const stream = streamOf(category);
      const issued = { stream, command: command as Command, who, commandId: newId(), correlationId: 'c' };
      const outcome = await pipeline.issue(issued);
      if (!outcome.accepted) throw new Error(outcome.message);
      return outcome.recordId;
    };
    const material = { code: 'gallium', name: 'Gallium', group: 'minor', hsCodes: [] };
    await done(secretariat, 'material', { type: 'RegisterMaterial', ...material, marking: { releaseTo: ['PUBLIC'] } });
    const terms = { title: 'A', materials: ['gallium'], stages: ['REFINING'], hostCountry: JP };
    const propose = () => done(japan, 'project', { type: 'ProposeProject', ...terms });
    hidden = { short: await propose(), long: await propose() };
    for (let times = 0; times < 30; times++)
      await done(japan, 'project', { type: 'ReviseProject', id: hidden.long, title: `Revision ${times}` });

    const caughtUp = Promise.withResolvers<void>();
    const waiting = new Set(views.map(({ name }) => name));
    const projection = new PostgresProjectionStore(database.url);
    const projector = new Projector(store, projection, views, {
      caughtUp: (some) => {
        for (const { name } of some) waiting.delete(name);
        if (waiting.size === 0) caughtUp.resolve();
      },
      viewStopped: ({ name }, reason) => caughtUp.reject(new Error(name, { cause: reason })),
      interrupted: (reason) => caughtUp.reject(reason),
    });
    projecting = projector.run(running.signal);
    await caughtUp.promise;
    const readerUrl = await admitReader(database.url, 'secret');
    news = new ChangeNotifications(readerUrl);
    reads = new PostgresReadModels(readerUrl, views, news);
    counted = new Counted(store);
    const register = new Register(store, auditRegister);
    replays = new RecordReplays(
      counted,
      counted,
      reads,
      register,
      capabilities,
      new OpaqueTokens(randomBytes(32)),
      () => NOW,
    );
  });
  afterAll(async () => {
    running.abort();
    await projecting;
    await Promise.all([reads?.close(), news?.close(), store?.close()]);
    await Promise.all([server?.stop(), database?.stop()]);
  });

  const questions: readonly [string, (id: RecordId, who: Principal) => Promise<unknown>][] = [
    ['history', (id, who) => replays.history(id, who)],
    ['recordAt', (id, who) => replays.recordAt(id, { time: NOW }, who)],
  ];
  const readFor = async (ask: () => Promise<unknown>) => {
    counted.reads = [];
    counted.events = 0;
    const answer = await ask();
    return { answer, reads: counted.reads.toSorted(), events: counted.events };
  };

  it.each(questions)(
    'reads as little of what is hidden as of what is absent, however long it is: %s',
    async (_, ask) => {
      const ofAbsent = await readFor(() => ask(newId() as RecordId, america));
      const kinds = capabilities.flatMap(({ streams }) => streams.map(({ category }) => category));
      expect(ofAbsent).toEqual({
        answer: null,
        reads: kinds.map((category) => `the last of a ${category}`).toSorted(),
        events: 0,
      });
      for (const id of Object.values(hidden)) expect(await readFor(() => ask(id, america))).toEqual(ofAbsent);
    },
  );

  it.each(questions)('reads the whole of it for whoever may read it: %s', async (_, ask) => {
    const { answer, events } = await readFor(() => ask(hidden.long, japan));
    expect(answer).toMatchObject({ id: hidden.long, kind: 'project' });
    expect(events).toBe(31);
  });
});
