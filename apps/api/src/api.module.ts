import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { OidcTokens } from '@adapters/identity-oidc';
import { News, PostgresChangeFeed, PostgresReadModels } from '@adapters/read-store-postgres';
import { accessRegister } from '@capabilities/access';
import type { ValuesOf } from '@foundation/configuration';
import { ChangeFeed, CommandPipeline, EventStore, ReadModels, Register } from '@foundation/eventing';
import {
  Changes,
  IssueHandler,
  Principals,
  Seal,
  Tokens,
  TransportModule,
  YogaDriver,
  type YogaDriverConfig,
} from '@foundation/transport';
import type { Instant } from '@kernel';
import {
  Logger,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { capabilities, capabilityModules } from './capabilities.js';
import { HealthController } from './health.controller.js';
import { RegisteredPrincipals, TrustedTokens } from './identity.js';
import type { apiSettings } from './settings.js';

/** The API: capabilities, over the adapters that the settings name. */
@Module({})
export class ApiModule implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #logger = new Logger('API');
  readonly #running = new AbortController();

  constructor(
    private readonly changes: Changes,
    private readonly register: Register<unknown>,
    private readonly events: EventStoreDbEventStore,
    private readonly reads: PostgresReadModels,
    private readonly feed: PostgresChangeFeed,
    private readonly news: News,
  ) {}

  static with(settings: ValuesOf<typeof apiSettings>): DynamicModule {
    const events = new EventStoreDbEventStore(settings.EVENT_STORE_URL);
    const news = new News(settings.DATABASE_READER_URL);
    const views = capabilities.flatMap((each) => each.views);
    const streams = capabilities.flatMap((each) => each.streams);
    const reads = new PostgresReadModels(settings.DATABASE_READER_URL, views, news);
    const feed = new PostgresChangeFeed(settings.DATABASE_READER_URL, news);
    const register = new Register(events, accessRegister);
    const principals = new RegisteredPrincipals(register);
    const tokens = new TrustedTokens(new OidcTokens(settings.TRUSTED_ISSUERS, { production: settings.NODE_ENV }));
    const now = (): Instant => new Date().toISOString() as Instant;

    return {
      module: ApiModule,
      imports: [
        TransportModule.over([
          { provide: EventStore, useValue: events },
          { provide: EventStoreDbEventStore, useValue: events },
          { provide: News, useValue: news },
          { provide: ReadModels, useValue: reads },
          { provide: PostgresReadModels, useValue: reads },
          { provide: ChangeFeed, useValue: feed },
          { provide: PostgresChangeFeed, useValue: feed },
          { provide: Register, useValue: register },
          { provide: Principals, useValue: principals },
          { provide: RegisteredPrincipals, useValue: principals },
          { provide: Tokens, useValue: tokens },
          { provide: Seal, useValue: new Seal(settings.SEAL_KEY) },
          { provide: CommandPipeline, useValue: new CommandPipeline(events, streams, now) },
          IssueHandler,
        ]),
        GraphQLModule.forRoot<YogaDriverConfig>({
          driver: YogaDriver,
          autoSchemaFile: true,
          tokens,
          principals,
          development: !settings.NODE_ENV,
        }),
        ...capabilityModules,
      ],
      controllers: [HealthController],
    };
  }

  onApplicationBootstrap(): void {
    this.changes.start(this.#running.signal);
    void this.register.follow(this.#running.signal, (reason) =>
      this.#logger.warn(`the event store does not answer: ${String(reason)}`),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    this.#running.abort();
    await Promise.allSettled([this.news.close(), this.feed.close(), this.reads.close(), this.events.close()]);
  }
}
