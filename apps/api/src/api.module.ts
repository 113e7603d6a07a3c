import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { OidcTokens } from '@adapters/identity-oidc';
import { OwnerKeyFiles, PostgresDataKeys } from '@adapters/key-store-postgres';
import { ChangeNotifications, PostgresChangeFeed, PostgresReadModels } from '@adapters/read-store-postgres';
import { accessRegister } from '@capabilities/access';
import { auditRegister, rejectionOf, rejectionRecordType, type AuditRegister } from '@capabilities/audit';
import { noteOf } from '@capabilities/sharing';
import type { ValuesOf } from '@foundation/configuration';
import {
  ChangeFeed,
  CommandPipeline,
  EventStore,
  kindsOf,
  ReadModels,
  Receipts,
  RejectionLog,
  Register,
  EncryptedEventStore,
  UnreadableEvents,
} from '@foundation/eventing';
import {
  Changes,
  CommandSignatures,
  Principals,
  Tokens,
  OpaqueTokens,
  ResolverSupportModule,
} from '@foundation/graphql';
import { Issuer, IssueHandler } from '@foundation/bus';
import { LoggedReadModels, Parties, ReadLog, Recalls } from '@graphql/sharing';
import { YogaDriver, type YogaDriverConfig } from '@foundation/server';
import { RecordReplays } from '@graphql/audit';
import {
  Inject,
  Logger,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { capabilities, CapabilitiesModule } from './capabilities.js';
import { SharedClock } from './clock.js';
import { RegisteredSignatures } from './command-signatures.js';
import { HealthController } from './health.controller.js';
import { ViewWatch } from './view-watch.js';
import { RegisteredPrincipals, TrustedTokens } from './identity.js';
import { RegisteredParties } from './known-parties.js';
import { IssuersFile } from './issuers-file.js';
import type { apiSettings } from './settings.js';

/** How long readings that wait to be noted may hold up a stop, in milliseconds. */
const READINGS_MS = 2_000;

/** The register of audit mandates and signing keys. */
const AUDIT_REGISTER = Symbol('audit register');
/** The file that the trusted issuers stand in, or null. */
const ISSUERS_FILE = Symbol('issuers file');

/** The API: capabilities, over the adapters that the settings name. */
@Module({})
export class ApiModule implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #logger = new Logger('API');
  readonly #running = new AbortController();

  constructor(
    private readonly changes: Changes,
    private readonly register: Register<unknown>,
    private readonly events: EventStoreDbEventStore,
    private readonly keys: PostgresDataKeys,
    private readonly reads: PostgresReadModels,
    private readonly feed: PostgresChangeFeed,
    private readonly news: ChangeNotifications,
    private readonly readLog: ReadLog,
    private readonly recalls: Recalls,
    private readonly rejections: RejectionLog,
    private readonly clock: SharedClock,
    private readonly views: ViewWatch,
    @Inject(AUDIT_REGISTER) private readonly auditRegister: Register<AuditRegister>,
    private readonly tokens: TrustedTokens,
    @Inject(ISSUERS_FILE) private readonly issuersFile: IssuersFile | null,
  ) {}

  static with(settings: ValuesOf<typeof apiSettings>): DynamicModule {
    const stored = new EventStoreDbEventStore(settings.EVENT_STORE_URL);
    const keys = new PostgresDataKeys(
      settings.KEYS_DATABASE_URL,
      new OwnerKeyFiles(settings.OWNER_KEYS_FOLDER),
      (sentence) => new Logger('keys').error(sentence),
    );
    const unreadable = new UnreadableEvents((alarm) => new Logger('history').error(alarm));
    const events = new EncryptedEventStore(stored, keys, kindsOf(capabilities), unreadable.note);
    const news = new ChangeNotifications(settings.DATABASE_READER_URL);
    const views = capabilities.flatMap((each) => each.views);
    const reads = new PostgresReadModels(settings.DATABASE_READER_URL, views, news);
    const feed = new PostgresChangeFeed(settings.DATABASE_READER_URL, news);
    const register = new Register(events, accessRegister);
    const audited = new Register(events, auditRegister);
    const tokens = new TrustedTokens(
      new OidcTokens(settings.TRUSTED_ISSUERS_FILE?.issuers ?? settings.TRUSTED_ISSUERS, {
        production: settings.NODE_ENV,
      }),
    );
    const clock = new SharedClock(
      () => reads.time(),
      (problem) => new Logger('clock').error(problem),
    );
    const { now } = clock;
    const watch = new ViewWatch({ end: () => stored.latest(), standings: () => reads.standings() }, (sentence) =>
      new Logger('views').error(sentence),
    );
    const principals = new RegisteredPrincipals(register, audited, now);
    const rejections = new RejectionLog(events, rejectionRecordType.category, rejectionOf, now, (problem) =>
      new Logger('rejections').error(problem),
    );
    const pipeline = new CommandPipeline(events, capabilities, now, (issued, code) => rejections.note(issued, code));
    const logger = new Logger('read log');
    const seal = new OpaqueTokens(settings.SEAL_KEY);

    return {
      module: ApiModule,
      imports: [
        ResolverSupportModule.over([
          { provide: EventStore, useValue: events },
          { provide: UnreadableEvents, useValue: unreadable },
          { provide: EventStoreDbEventStore, useValue: stored },
          { provide: PostgresDataKeys, useValue: keys },
          { provide: ChangeNotifications, useValue: news },
          Issuer,
          IssueHandler,
          {
            provide: ReadLog,
            useFactory: (issuer: Issuer) => new ReadLog(issuer, noteOf, now, (problem) => logger.error(problem)),
            inject: [Issuer],
          },
          {
            provide: ReadModels,
            useFactory: (readLog: ReadLog) => new LoggedReadModels(reads, readLog, now),
            inject: [ReadLog],
          },
          { provide: PostgresReadModels, useValue: reads },
          { provide: ChangeFeed, useValue: feed },
          { provide: PostgresChangeFeed, useValue: feed },
          { provide: SharedClock, useValue: clock },
          { provide: ViewWatch, useValue: watch },
          { provide: Register, useValue: register },
          { provide: Principals, useValue: principals },
          { provide: RegisteredPrincipals, useValue: principals },
          { provide: Tokens, useValue: tokens },
          { provide: TrustedTokens, useValue: tokens },
          { provide: ISSUERS_FILE, useValue: settings.TRUSTED_ISSUERS_FILE },
          { provide: OpaqueTokens, useValue: seal },
          { provide: CommandPipeline, useValue: pipeline },
          { provide: RejectionLog, useValue: rejections },
          { provide: Receipts, useValue: new Receipts(settings.RECEIPT_KEY_FILE) },
          { provide: AUDIT_REGISTER, useValue: audited },
          { provide: CommandSignatures, useValue: new RegisteredSignatures(audited, now) },
          {
            provide: RecordReplays,
            useFactory: (door: ReadModels) => new RecordReplays(events, stored, door, audited, capabilities, seal, now),
            inject: [ReadModels],
          },
          { provide: Parties, useValue: new RegisteredParties(reads) },
          {
            provide: Recalls,
            useFactory: (issuer: Issuer, readLog: ReadLog) =>
              new Recalls(events, issuer, pipeline, register, reads, feed, readLog, capabilities, now),
            inject: [Issuer, ReadLog],
          },
        ]),
        GraphQLModule.forRoot<YogaDriverConfig>({
          driver: YogaDriver,
          autoSchemaFile: true,
          tokens,
          principals,
          development: !settings.NODE_ENV,
          requestsPerSecond: settings.LODESTONE_REQUESTS_PER_SECOND ?? (settings.NODE_ENV ? 100 : 10_000),
          documents: settings.LODESTONE_TRUSTED_DOCUMENTS,
        }),
        CapabilitiesModule,
      ],
      controllers: [HealthController],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.clock.measure();
    this.clock.follow(this.#running.signal);
    this.views.follow(this.#running.signal);
    await this.keys.survey().catch((reason: unknown) => this.#logger.warn(String(reason)));
    this.changes.start(this.#running.signal);
    this.issuersFile?.follow(
      (issuers) => {
        this.tokens.trust(issuers);
        this.#logger.warn(`the trusted issuers are now ${issuers.map(({ issuer }) => issuer).join(', ')}`);
      },
      (problem) => this.#logger.error(`${problem}; the issuers of before stay`),
      this.#running.signal,
    );
    void this.register.follow(this.#running.signal, (reason) =>
      this.#logger.warn(`the event store does not answer: ${String(reason)}`),
    );
    void this.auditRegister.follow(this.#running.signal, (reason) =>
      this.#logger.warn(`the register of keys and audit mandates waits for the event store: ${String(reason)}`),
    );
    void this.recalls.follow(this.#running.signal, (reason) =>
      this.#logger.warn(`recalls wait for the event store: ${String(reason)}`),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.readLog.stop(READINGS_MS);
    await this.rejections.flush();
    this.#running.abort();
    await Promise.allSettled([
      this.news.close(),
      this.feed.close(),
      this.reads.close(),
      this.events.close(),
      this.keys.close(),
    ]);
  }
}
