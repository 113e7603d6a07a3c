import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { OwnerKeyFiles, PostgresDataKeys, prepareKeys } from '@adapters/key-store-postgres';
import { PostgresProjectionStore } from '@adapters/read-store-postgres';
import { capabilities } from '@compositions/capabilities';
import { databaseUrl, eventStoreUrl, folder, orExplain, readSettings } from '@foundation/configuration';
import { kindsOf, Projector, EncryptedEventStore, UnreadableEvents } from '@foundation/eventing';

/** Environment of the projector. */
const settings = {
  /** The history. */
  EVENT_STORE_URL: { parse: eventStoreUrl },
  /** The read models, as the owner of the database, who may create roles. */
  DATABASE_URL: { parse: databaseUrl },
  /** The keys of the contents, as the login that keeps them. */
  KEYS_DATABASE_URL: { parse: databaseUrl },
  /** Folder with the keys of the owners, which wrap those of their contents. */
  OWNER_KEYS_FOLDER: { parse: folder },
};

const views = capabilities.flatMap((capability) => capability.views);

await orExplain(async () => {
  const { EVENT_STORE_URL, DATABASE_URL, KEYS_DATABASE_URL, OWNER_KEYS_FOLDER } = readSettings(settings, process.env);
  await prepareKeys(DATABASE_URL);
  const stored = new EventStoreDbEventStore(EVENT_STORE_URL);
  const keys = new PostgresDataKeys(KEYS_DATABASE_URL, new OwnerKeyFiles(OWNER_KEYS_FOLDER), (sentence) =>
    console.error(sentence),
  );
  await keys.survey().catch((reason: unknown) => console.error(String(reason)));
  const kinds = kindsOf(capabilities);
  const unreadable = new UnreadableEvents((sentence) => console.error(sentence));
  const events = new EncryptedEventStore(stored, keys, kinds, unreadable.note);
  const running = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(signal, () => running.abort());

  const waiting = new Set(views.map((view) => view.name));
  const projector = new Projector(
    events,
    new PostgresProjectionStore(DATABASE_URL),
    views,
    {
      caughtUp: (caughtUp) => {
        const wasWaiting = waiting.size > 0;
        for (const view of caughtUp) waiting.delete(view.name);
        if (wasWaiting && waiting.size === 0) console.log(JSON.stringify({ ready: true, views: views.length }));
      },
      viewStopped: (view, reason) => {
        waiting.delete(view.name);
        console.error(
          `ALARM the view ${view.name} does not follow the history; it is tried again, and the others go on:`,
          reason,
        );
      },
      interrupted: (reason) =>
        console.error('a store does not answer, trying again:', reason instanceof Error ? reason.message : reason),
    },
    kinds.isRecord,
  );
  await projector.run(running.signal);
  await Promise.all([stored.close(), keys.close()]);
  process.exit(0);
});
