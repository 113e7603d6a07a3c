import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { PostgresProjectionStore } from '@adapters/read-store-postgres';
import { access } from '@capabilities/access';
import { materials } from '@capabilities/materials';
import { projects } from '@capabilities/projects';
import { stockpiles } from '@capabilities/stockpiles';
import { databaseUrl, eventStoreUrl, orExplain, readSettings } from '@foundation/configuration';
import { Projector } from '@foundation/eventing';

/** Environment of the projector. */
const settings = {
  /** The history. */
  EVENT_STORE_URL: { parse: eventStoreUrl },
  /** The read models, as the owner of the database, who may create roles. */
  DATABASE_URL: { parse: databaseUrl },
};

const views = [access, materials, projects, stockpiles].flatMap((capability) => capability.views);

await orExplain(async () => {
  const { EVENT_STORE_URL, DATABASE_URL } = readSettings(settings, process.env);
  const events = new EventStoreDbEventStore(EVENT_STORE_URL);
  const running = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(signal, () => running.abort());

  const waiting = new Set(views.map((view) => view.name));
  const projector = new Projector(events, new PostgresProjectionStore(DATABASE_URL), views, {
    caughtUp: (caughtUp) => {
      const wasWaiting = waiting.size > 0;
      for (const view of caughtUp) waiting.delete(view.name);
      if (wasWaiting && waiting.size === 0) console.log(JSON.stringify({ ready: true, views: views.length }));
    },
    viewStopped: (view, reason) => {
      waiting.delete(view.name);
      console.error(
        `ALARM the view ${view.name} has stopped and will not follow the history until it is mended:`,
        reason,
      );
    },
    interrupted: (reason) =>
      console.error('a store does not answer, trying again:', reason instanceof Error ? reason.message : reason),
  });
  await projector.run(running.signal);
  await events.close();
  process.exit(0);
});
