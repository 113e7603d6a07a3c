import { EventStoreDbEventStore } from '@adapters/event-store-db';
import {
  admitReader,
  ChangeNotifications,
  PostgresProjectionStore,
  PostgresReadModels,
} from '@adapters/read-store-postgres';
import { capabilities } from '@compositions/capabilities';
import {
  CommandPipeline,
  EventStore,
  newId,
  NotCaughtUp,
  Projector,
  Register,
  type CommandAccepted,
} from '@foundation/eventing';
import { OpaqueTokens } from '@foundation/graphql';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AnyRecordType, Command, Principal, RecordId } from '@kernel';
import { JP, NOW, person, secretariat, US } from '@kernel/testing';
import { randomBytes } from 'node:crypto';
import { startDatabase, type StartedDatabase } from '../../../../../../test/support/database.js';
import { startEventStore, type StartedEventStore } from '../../../../../../test/support/event-store.js';
import { auditRegister } from '../register/audit.register.js';
import { RecordReplays } from './record-replays.query.js';

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
const recordTypeOf = (category: string): AnyRecordType =>
  capabilities.flatMap(({ recordTypes }) => recordTypes).find((each) => each.category === category)!;
const [japan, america] = [person(JP, ['DELEGATE', 'LIAISON']), person(US, 'DELEGATE')];

describe('A replay of a record', () => {
  let server: StartedEventStore;
  let database: StartedDatabase;
  let store: EventStoreDbEventStore;
  let news: ChangeNotifications;
  let reads: PostgresReadModels;
  let counted: Counted;
  let replays: RecordReplays;
  let running: AbortController;
  let projecting: Promise<void>;
  const seal = new OpaqueTokens(randomBytes(32));
  let done: (who: Principal, category: string, command: object) => Promise<CommandAccepted>;
  let propose: () => Promise<CommandAccepted>;
  let hidden: { readonly short: RecordId; readonly long: RecordId };

  beforeAll(async () => {
    [server, database] = await Promise.all([startEventStore(), startDatabase()]);
    store = new EventStoreDbEventStore(server.url);
    const pipeline = new CommandPipeline(store, capabilities, () => NOW);
    done = async (who, category, command) => {
      const recordType = recordTypeOf(category);
      const issued = { recordType, command: command as Command, who, commandId: newId(), correlationId: 'c' };
      const outcome = await pipeline.issue(issued);
      if (outcome.accepted !== true) throw new Error(JSON.stringify(outcome));
      return outcome;
    };
    const material = { code: 'gallium', name: 'Gallium', group: 'minor', hsCodes: [] };
    await done(secretariat, 'material', { type: 'RegisterMaterial', ...material, marking: { releaseTo: ['PUBLIC'] } });
    const terms = { title: 'A', materials: ['gallium'], stages: ['REFINING'], hostCountry: JP };
    propose = () => done(japan, 'project', { type: 'ProposeProject', ...terms });
    hidden = { short: (await propose()).recordId, long: (await propose()).recordId };
    for (let times = 0; times < 30; times++)
      await done(japan, 'project', { type: 'ReviseProject', id: hidden.long, title: `Revision ${times}` });

    await project();
    const readerUrl = await admitReader(database.url, 'secret');
    news = new ChangeNotifications(readerUrl);
    reads = new PostgresReadModels(readerUrl, views, news);
    counted = new Counted(store);
    const register = new Register(store, auditRegister);
    replays = new RecordReplays(counted, counted, reads, register, capabilities, seal, () => NOW);
  });
  /** Starts a projector, and waits until it has come to the end of the history. */
  const project = async (): Promise<void> => {
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
    running = new AbortController();
    projecting = projector.run(running.signal);
    await caughtUp.promise;
  };
  const stopProjecting = async (): Promise<void> => {
    running?.abort();
    await projecting;
  };
  afterAll(async () => {
    await stopProjecting();
    await Promise.all([reads?.close(), news?.close(), store?.close()]);
    await Promise.all([server?.stop(), database?.stop()]);
  });

  type Ask = (id: RecordId, who: Principal, atLeast?: string) => Promise<unknown>;
  const questions: readonly [string, Ask][] = [
    ['history', (id, who, atLeast) => replays.history(id, who, atLeast)],
    ['recordAt', (id, who, atLeast) => replays.recordAt(id, { time: NOW }, who, atLeast)],
  ];
  /** As clients do where the read models are behind for longer than a request waits. */
  const askAgain = async (ask: () => Promise<unknown>): Promise<unknown> => {
    for (;;) {
      const answered = await ask().catch((error: unknown) => {
        if (!(error instanceof NotCaughtUp)) throw error;
        return undefined;
      });
      if (answered !== undefined) return answered;
    }
  };
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
      const kinds = capabilities.flatMap(({ recordTypes }) => recordTypes.map(({ category }) => category));
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

  it.each(questions)('waits until the read models have come to the position asked for: %s', async (_, ask) => {
    await stopProjecting();
    const { recordId, position } = await propose();
    // Who may read it is said by the read models, and they do not know it yet.
    expect(await ask(recordId, japan)).toBeNull();
    const [answered] = await Promise.all([
      askAgain(() => ask(recordId, japan, seal.close('position', [position.toString()]))),
      project(),
    ]);
    expect(answered).toMatchObject({ id: recordId, kind: 'project' });
  });

  it('takes no filter of decisions by what is no command, whoever asks, and names the field', async () => {
    for (const who of [japan, person(null, 'AUDITOR')])
      for (const command of ['proposeProject', 'ProposeProjects', ''])
        await expect(
          replays.decisions({ filter: { command: ['ProposeProject', command] }, first: 1, after: undefined }, who),
        ).rejects.toMatchObject({ extensions: { code: 'BAD_INPUT', field: 'command' } });
    for (const command of ['ProposeProject', 'ChangeMarking', 'IssueRecall'])
      await expect(
        replays.decisions({ filter: { command: [command] }, first: 1, after: undefined }, person(null, 'AUDITOR')),
      ).resolves.toBeDefined();
  });
});
