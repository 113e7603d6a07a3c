import { ALERT_NEWS, PostgresAlertInbox } from '@adapters/alert-store-postgres';
import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { OidcSignIn, OidcTokens } from '@adapters/identity-oidc';
import { OwnerKeyFiles, PostgresDataKeys } from '@adapters/key-store-postgres';
import { ChangeNotifications, PostgresChangeFeed, PostgresReadModels } from '@adapters/read-store-postgres';
import { PostgresSessions } from '@adapters/session-store-postgres';
import { traced } from '@adapters/telemetry';
import { AlertInbox } from '@foundation/alerting';
import type { ValuesOf } from '@foundation/configuration';
import { ChangeFeed, EncryptedEventStore, EventStore, kindsOf, UnreadableEvents } from '@foundation/eventing';
import { Global, Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import { capabilities } from './capabilities.js';
import { SharedClock } from './clock.js';
import { telling } from './operator-log.js';
import type { apiSettings } from './settings.js';
import { CONSOLE_ORIGIN, SESSION_STORE } from './sign-in.controller.js';

/**
 * What stands behind the ports, made by Nest from the settings and closed by Nest, each by its own hook. As the first of
 * the global modules it is the first to begin and the last to end: nothing that uses an adapter outlives it.
 */
@Global()
@Module({})
export class AdaptersModule {
  static with(settings: ValuesOf<typeof apiSettings>): DynamicModule {
    const views = capabilities.flatMap((each) => each.views);
    const providers: FactoryProvider[] = [
      {
        provide: EventStoreDbEventStore,
        useFactory: () =>
          traced('eventStore', new EventStoreDbEventStore(settings.EVENT_STORE_URL), ['append', 'last']),
      },
      {
        provide: PostgresDataKeys,
        useFactory: () =>
          new PostgresDataKeys(
            settings.KEYS_DATABASE_URL,
            new OwnerKeyFiles(settings.OWNER_KEYS_FOLDER),
            telling('keys', 'keys.mismatched'),
          ),
      },
      {
        provide: UnreadableEvents,
        useFactory: () => new UnreadableEvents(telling('history', 'history.unreadable')),
      },
      {
        provide: EventStore,
        inject: [EventStoreDbEventStore, PostgresDataKeys, UnreadableEvents],
        useFactory: (stored: EventStoreDbEventStore, keys: PostgresDataKeys, unreadable: UnreadableEvents) =>
          new EncryptedEventStore(stored, keys, kindsOf(capabilities), unreadable.note),
      },
      {
        provide: ChangeNotifications,
        useFactory: () => new ChangeNotifications(settings.DATABASE_READER_URL),
      },
      {
        provide: ALERT_NEWS,
        useFactory: () => new ChangeNotifications(settings.DATABASE_READER_URL, ALERT_NEWS),
      },
      {
        provide: PostgresReadModels,
        inject: [ChangeNotifications],
        useFactory: (notifications: ChangeNotifications) =>
          traced('readStore', new PostgresReadModels(settings.DATABASE_READER_URL, views, notifications), [
            'page',
            'find',
          ]),
      },
      {
        provide: ChangeFeed,
        inject: [ChangeNotifications],
        useFactory: (notifications: ChangeNotifications) =>
          new PostgresChangeFeed(settings.DATABASE_READER_URL, notifications),
      },
      {
        provide: AlertInbox,
        inject: [ALERT_NEWS],
        useFactory: (news: ChangeNotifications) => new PostgresAlertInbox(settings.DATABASE_READER_URL, news),
      },
      {
        provide: OidcTokens,
        useFactory: () =>
          new OidcTokens(settings.TRUSTED_ISSUERS_FILE?.issuers ?? settings.TRUSTED_ISSUERS, {
            production: settings.NODE_ENV,
          }),
      },
      {
        provide: OidcSignIn,
        useFactory: () => new OidcSignIn(settings.TRUSTED_ISSUERS_FILE?.issuers ?? settings.TRUSTED_ISSUERS),
      },
      {
        provide: SESSION_STORE,
        useFactory: () => {
          const url = settings.SESSIONS_DATABASE_URL;
          // In production nobody knows by the host that was asked which origin is the console's.
          const isServed = settings.LODESTONE_ORIGIN !== null || !settings.NODE_ENV;
          return url !== null && isServed ? new PostgresSessions(url) : null;
        },
      },
      { provide: CONSOLE_ORIGIN, useFactory: () => settings.LODESTONE_ORIGIN },
      {
        provide: SharedClock,
        inject: [PostgresReadModels],
        useFactory: (reads: PostgresReadModels) =>
          new SharedClock(() => reads.time(), telling('clock', 'clock.compared')),
      },
    ];
    return { module: AdaptersModule, providers, exports: providers.map(({ provide }) => provide) };
  }
}
