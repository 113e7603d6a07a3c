import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { OwnerKeyFiles, PostgresDataKeys, prepareKeys } from '@adapters/key-store-postgres';
import { admitSessionKeeper } from '@adapters/session-store-postgres';
import { PostgresProjectionStore } from '@adapters/read-store-postgres';
import { Log, startTraces, traced, Watch, watchSettings } from '@adapters/telemetry';
import { capabilities } from '@compositions/capabilities';
import {
  answerHelp,
  databaseUrl,
  eventStoreUrl,
  folder,
  helpOn,
  orExplain,
  readSettings,
} from '@foundation/configuration';
import { kindsOf, Projector, EncryptedEventStore, UnreadableEvents } from '@foundation/eventing';
import { Standing } from './standing.js';

/** Environment of the projector. */
const settings = {
  /** The history. */
  EVENT_STORE_URL: { parse: eventStoreUrl, secret: true },
  /** The read models, as the owner of the database, who may create roles. */
  DATABASE_URL: { parse: databaseUrl, secret: true },
  /** The keys of the contents, as the login that keeps them. */
  KEYS_DATABASE_URL: { parse: databaseUrl, secret: true },
  /** Folder with the keys of the owners, which wrap those of their contents. */
  OWNER_KEYS_FOLDER: { parse: folder },
  ...watchSettings,
};

const views = capabilities.flatMap((capability) => capability.views);

answerHelp(helpOn('The projector follows the history and keeps the read models.', settings));
await orExplain(async () => {
  const values = readSettings(settings, process.env);
  const log = Log.of('projector', { json: values.NODE_ENV }).ofProcess();
  const stopTraces = await startTraces('projector', values.LODESTONE_TRACES_URL);
  await prepareKeys(values.DATABASE_URL);
  await admitSessionKeeper(values.DATABASE_URL);
  const stored = new EventStoreDbEventStore(values.EVENT_STORE_URL);
  const keys = new PostgresDataKeys(values.KEYS_DATABASE_URL, new OwnerKeyFiles(values.OWNER_KEYS_FOLDER), (sentence) =>
    log.error('keys.mismatched', sentence),
  );
  await keys
    .survey()
    .catch((why: unknown) => log.warn('keys.unknown', 'the keys of owners were not compared', { why }));
  const kinds = kindsOf(capabilities);
  const unreadable = new UnreadableEvents((sentence) => log.error('history.unreadable', sentence));
  const events = new EncryptedEventStore(stored, keys, kinds, unreadable.note);
  const running = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(signal, () => running.abort());

  const standing = new Standing(
    views.map(({ name }) => name),
    unreadable,
    () => keys.allFit(),
  );
  const watch = new Watch({ log, condition: () => standing.condition() });
  watch.tell('lodestone_view_failed', () => standing.failures());
  const metrics = await watch.serve(values.LODESTONE_METRICS_HOST, values.LODESTONE_METRICS_PORT);

  const projector = new Projector(
    events,
    traced('readStore', new PostgresProjectionStore(values.DATABASE_URL), ['prepare', 'hold']),
    views,
    {
      caughtUp: (caughtUp) => {
        if (standing.caughtUp(caughtUp.map(({ name }) => name)))
          console.log(JSON.stringify({ ready: true, views: views.length, ...(metrics && { metrics }) }));
      },
      viewStopped: (view, why) => {
        standing.stopped(view.name);
        log.error(
          'view.stopped',
          `ALARM the view ${view.name} does not follow the history; it is tried again, and the others go on`,
          { why },
        );
      },
      interrupted: (reason) => {
        standing.interrupted(reason);
        log.warn('store.silent', 'a store does not answer, trying again', {
          why: reason instanceof Error ? reason.message : reason,
        });
      },
    },
    kinds.isRecord,
  );
  await projector.run(running.signal);
  await Promise.all([stored.close(), keys.close(), stopTraces()]);
  process.exit(0);
});
