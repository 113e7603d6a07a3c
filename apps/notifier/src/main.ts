import { PostgresAlertLedger, PostgresMailQueue } from '@adapters/alert-store-postgres';
import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { OwnerKeyFiles, PostgresDataKeys } from '@adapters/key-store-postgres';
import { ChangeNotifications, PostgresReadModels } from '@adapters/read-store-postgres';
import { Log, Watch, watchSettings } from '@adapters/telemetry';
import { accessRegister } from '@capabilities/access';
import { capabilities } from '@compositions/capabilities';
import {
  answerHelp,
  databaseUrl,
  eventStoreUrl,
  folder,
  helpOn,
  httpUrl,
  orExplain,
  readSettings,
} from '@foundation/configuration';
import { EncryptedEventStore, kindsOf, Register, UnreadableEvents } from '@foundation/eventing';
import type { Instant } from '@kernel';
import { Mailer } from './mailer.js';
import { addresseeIn } from './mailing.js';
import { intoFolder, smtp } from './mail-transport.js';
import { Notifier } from './notifier.js';
import { Sight } from './sight.js';
import { Standing } from './standing.js';

/** Environment of the notifier. */
const settings = {
  /** The history. */
  EVENT_STORE_URL: { parse: eventStoreUrl, secret: true },
  /** The alerts, as the owner of the database. */
  DATABASE_URL: { parse: databaseUrl, secret: true },
  /** The read models, as the login that may read and no more. */
  DATABASE_READER_URL: { parse: databaseUrl, secret: true },
  /** The keys of the contents, as the login that keeps them. */
  KEYS_DATABASE_URL: { parse: databaseUrl, secret: true },
  /** Folder with the keys of the owners, which wrap those of their contents. */
  OWNER_KEYS_FOLDER: { parse: folder },
  /** The mail server, such as smtps://user:password@mail.example:465; no e-mail is sent where left out. */
  LODESTONE_MAIL_URL: { parse: mailUrl, secret: true, otherwise: () => null },
  /** Folder in which e-mails are put instead, a file each: to try out. */
  LODESTONE_MAIL_FOLDER: { parse: folder, otherwise: () => null },
  /** Address from which e-mail comes. */
  LODESTONE_MAIL_FROM: { parse: (text: string) => text, otherwise: () => 'alerts@lodestone.invalid' },
  /** Address of the console, to which links in e-mails lead. */
  LODESTONE_CONSOLE_URL: { parse: httpUrl, otherwise: () => 'http://127.0.0.1:4000' },
  ...watchSettings,
};

/** Address of a mail server; it may hold a password, so no message repeats it. */
function mailUrl(text: string): string {
  if (!/^smtps?:\/\/\S+$/.test(text)) throw new Error('does not start with smtp:// or smtps://');
  return text;
}

answerHelp(helpOn('The notifier tells people what they want to be told of.', settings));
await orExplain(async () => {
  const values = readSettings(settings, process.env);
  const log = Log.of('notifier', { json: values.NODE_ENV }).ofProcess();
  const stored = new EventStoreDbEventStore(values.EVENT_STORE_URL);
  const keys = new PostgresDataKeys(values.KEYS_DATABASE_URL, new OwnerKeyFiles(values.OWNER_KEYS_FOLDER), (sentence) =>
    log.error('keys.mismatched', sentence),
  );
  const unreadable = new UnreadableEvents((sentence) => log.error('history.unreadable', sentence));
  const events = new EncryptedEventStore(stored, keys, kindsOf(capabilities), unreadable.note);
  const news = new ChangeNotifications(values.DATABASE_READER_URL);
  const reads = new PostgresReadModels(
    values.DATABASE_READER_URL,
    capabilities.flatMap(({ views }) => views),
    news,
  );
  const register = new Register(events, accessRegister);
  const running = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(signal, () => running.abort());

  const standing = new Standing(unreadable);
  const watch = new Watch({ log, condition: () => standing.condition() });
  const metrics = await watch.serve(values.LODESTONE_METRICS_HOST, values.LODESTONE_METRICS_PORT);
  const interrupted = (reason: unknown): void => {
    standing.interrupted();
    log.warn('store.silent', 'a store does not answer, trying again', {
      why: reason instanceof Error ? reason.message : reason,
    });
  };
  const now = (): Instant => new Date().toISOString() as Instant;
  const following = register.follow(running.signal, interrupted);
  await register.ready;
  console.log(JSON.stringify({ ready: true, ...(metrics && { metrics }) }));

  const sight = new Sight(register, reads, now);
  const notifier = new Notifier(capabilities, events, reads, new PostgresAlertLedger(values.DATABASE_URL), sight, now, {
    caughtUp: () => standing.caughtUp(),
    interrupted,
  });
  const transport = values.LODESTONE_MAIL_URL
    ? smtp(values.LODESTONE_MAIL_URL, values.LODESTONE_MAIL_FROM)
    : values.LODESTONE_MAIL_FOLDER
      ? intoFolder(values.LODESTONE_MAIL_FOLDER, values.LODESTONE_MAIL_FROM)
      : null;
  const queue = new PostgresMailQueue(values.DATABASE_URL);
  const kinds = new Map(capabilities.flatMap(({ alerts = [] }) => alerts).map((each) => [each.kind, each]));
  const mailer =
    transport &&
    new Mailer(
      capabilities,
      queue,
      () =>
        notifier.rules && {
          addressee: addresseeIn(notifier.rules, sight),
          sayable: (who, alerts) => sight.sayable(kinds, who, alerts),
        },
      transport,
      values.LODESTONE_CONSOLE_URL.replace(/\/$/, ''),
      now,
      interrupted,
    );
  await Promise.all([notifier.run(running.signal), mailer?.run(running.signal)]);
  await Promise.all([queue.close(), following, stored.close(), keys.close(), reads.close(), news.close()]);
  process.exit(0);
});
