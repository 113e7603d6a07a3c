import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { OidcTokens } from '@adapters/identity-oidc';
import { PostgresReadModels } from '@adapters/read-store-postgres';
import type { PostgresSessions } from '@adapters/session-store-postgres';
import { accessRegister, type AccessRegister } from '@capabilities/access';
import { actRecords } from '@capabilities/acts';
import { auditRegister, rejectionOf, rejectionRecordType, type AuditRegister } from '@capabilities/audit';
import { noteOf } from '@capabilities/sharing';
import { traced } from '@adapters/telemetry';
import { CommandPreparation, Issuer, IssueHandler } from '@foundation/bus';
import { AlertInbox } from '@foundation/alerting';
import type { ValuesOf } from '@foundation/configuration';
import {
  ChangeFeed,
  CommandPipeline,
  Dues,
  EventStore,
  Follower,
  Reactions,
  ReadModels,
  Receipts,
  Register,
  RejectionLog,
  type Issue,
  type Watch,
} from '@foundation/eventing';
import { CommandSignatures, OpaqueTokens, Principals, Sessions, Tokens } from '@foundation/graphql';
import { Departures } from '@graphql/access';
import { RecordReplays } from '@graphql/audit';
import { CommentAllowance } from '@graphql/comments';
import { AlertDesk, AlertFeed } from '@graphql/alerts';
import { LoggedReadModels, Parties, ReadLog, Recalls } from '@graphql/sharing';
import {
  Global,
  Module,
  type DynamicModule,
  type ExistingProvider,
  type FactoryProvider,
  type Provider,
} from '@nestjs/common';
import { AUDIT_REGISTER, ISSUERS_FILE } from './background-work.js';
import { capabilities } from './capabilities.js';
import { SharedClock } from './clock.js';
import { RegisteredSignatures } from './command-signatures.js';
import { RegisteredPrincipals, TrustedTokens } from './identity.js';
import { RegisteredParties } from './known-parties.js';
import { LogWatch } from './log-watch.js';
import { telling } from './operator-log.js';
import { Readiness } from './readiness.js';
import { KeptSessions } from './sessions.js';
import type { apiSettings } from './settings.js';
import { SESSION_STORE } from './sign-in.controller.js';
import { ViewWatch } from './view-watch.js';

/** What the adapters are used for: commands, registers, logs and what follows the history. Resolvers find all of it. */
@Global()
@Module({})
export class PlatformModule {
  static with(settings: ValuesOf<typeof apiSettings>): DynamicModule {
    const made: FactoryProvider[] = [
      {
        provide: Register,
        inject: [EventStore],
        useFactory: (events: EventStore) => new Register(events, accessRegister),
      },
      {
        provide: AUDIT_REGISTER,
        inject: [EventStore],
        useFactory: (events: EventStore) => new Register(events, auditRegister),
      },
      {
        provide: TrustedTokens,
        inject: [OidcTokens],
        useFactory: (oidc: OidcTokens) => new TrustedTokens(oidc),
      },
      {
        provide: Sessions,
        inject: [SESSION_STORE],
        useFactory: (store: PostgresSessions | null) => new KeptSessions(store),
      },
      {
        provide: RegisteredPrincipals,
        inject: [Register, AUDIT_REGISTER, SharedClock],
        useFactory: (access: Register<AccessRegister>, audit: Register<AuditRegister>, { now }: SharedClock) =>
          new RegisteredPrincipals(access, audit, now),
      },
      {
        provide: CommandSignatures,
        inject: [AUDIT_REGISTER, SharedClock],
        useFactory: (audit: Register<AuditRegister>, { now }: SharedClock) => new RegisteredSignatures(audit, now),
      },
      {
        provide: RejectionLog,
        inject: [EventStore, SharedClock],
        useFactory: (events: EventStore, { now }: SharedClock) =>
          new RejectionLog(
            events,
            rejectionRecordType.category,
            rejectionOf,
            now,
            telling('rejections', 'rejections.unnoted'),
          ),
      },
      {
        provide: CommandPipeline,
        inject: [EventStore, RejectionLog, SharedClock],
        useFactory: (events: EventStore, rejections: RejectionLog, { now }: SharedClock) =>
          traced(
            'pipeline',
            new CommandPipeline(events, capabilities, now, (issued, code) => rejections.note(issued, code), actRecords),
            ['issue'],
          ),
      },
      {
        provide: ReadLog,
        inject: [Issuer, SharedClock],
        useFactory: (issuer: Issuer, { now }: SharedClock) =>
          new ReadLog(issuer, noteOf, now, telling('read log', 'readings.unnoted')),
      },
      {
        provide: ReadModels,
        inject: [PostgresReadModels, ReadLog, SharedClock],
        useFactory: (reads: PostgresReadModels, readLog: ReadLog, { now }: SharedClock) =>
          new LoggedReadModels(reads, readLog, now),
      },
      { provide: OpaqueTokens, useFactory: () => new OpaqueTokens(...settings.SEAL_KEY) },
      { provide: Receipts, useFactory: () => new Receipts(settings.RECEIPT_KEY_FILE) },
      {
        provide: Parties,
        inject: [PostgresReadModels],
        useFactory: (reads: PostgresReadModels) => new RegisteredParties(reads),
      },
      {
        provide: AlertDesk,
        inject: [AlertInbox, ReadModels, PostgresReadModels],
        useFactory: (inbox: AlertInbox, reads: ReadModels, counts: PostgresReadModels) =>
          new AlertDesk(inbox, reads, counts, capabilities),
      },
      {
        provide: AlertFeed,
        inject: [AlertInbox, AlertDesk, OpaqueTokens, RegisteredPrincipals],
        useFactory: (inbox: AlertInbox, desk: AlertDesk, seal: OpaqueTokens, principals: RegisteredPrincipals) =>
          new AlertFeed(inbox, desk, seal, principals),
      },
      {
        provide: RecordReplays,
        inject: [EventStore, EventStoreDbEventStore, ReadModels, AUDIT_REGISTER, OpaqueTokens, SharedClock],
        useFactory: (
          events: EventStore,
          structure: EventStoreDbEventStore,
          reads: ReadModels,
          audit: Register<AuditRegister>,
          tokens: OpaqueTokens,
          { now }: SharedClock,
        ) => new RecordReplays(events, structure, reads, audit, capabilities, tokens, now),
      },
      {
        provide: Recalls,
        inject: [Issuer, CommandPipeline, Register, PostgresReadModels, ChangeFeed, ReadLog, SharedClock],
        useFactory: (
          issuer: Issuer,
          pipeline: CommandPipeline,
          access: Register<AccessRegister>,
          reads: PostgresReadModels,
          feed: ChangeFeed,
          readLog: ReadLog,
          { now }: SharedClock,
        ) => new Recalls(issuer, pipeline, access, reads, feed, readLog, capabilities, now),
      },
      {
        provide: Departures,
        inject: [Register, Issuer],
        useFactory: (access: Register<AccessRegister>, issuer: Issuer) => new Departures(access, issuer),
      },
      {
        provide: CommentAllowance,
        inject: [SharedClock],
        useFactory: ({ now }: SharedClock) => new CommentAllowance(now),
      },
      {
        provide: Follower,
        inject: [EventStore, Issuer, CommandPipeline, SharedClock, Recalls, Departures, CommentAllowance],
        useFactory: (
          events: EventStore,
          issuer: Issuer,
          pipeline: CommandPipeline,
          { now }: SharedClock,
          ...watches: readonly Watch[]
        ) => {
          const issue: Issue = (issued) => issuer.issue(issued);
          const alarm = telling('platform', 'platform.rejected');
          const reactions = new Reactions(capabilities, issue, alarm);
          return new Follower(
            events,
            [...watches, reactions, new Dues(capabilities, pipeline, issue, now, alarm)],
            now,
          );
        },
      },
      {
        provide: CommandPreparation,
        inject: [Departures, CommentAllowance],
        useFactory: (...all: readonly CommandPreparation[]): CommandPreparation => ({
          async before(issued) {
            for (const each of all) {
              const rejected = await each.before(issued);
              if (rejected) return rejected;
            }
            return null;
          },
        }),
      },
      {
        provide: ViewWatch,
        inject: [EventStoreDbEventStore, PostgresReadModels],
        useFactory: (stored: EventStoreDbEventStore, reads: PostgresReadModels) =>
          new ViewWatch(
            { end: () => stored.latest(), standings: () => reads.standings() },
            telling('views', 'view.standing'),
          ),
      },
      {
        provide: LogWatch,
        useFactory: () => new LogWatch(settings.LOG_URL, telling('verifiable log', 'log.standing')),
      },
      { provide: ISSUERS_FILE, useFactory: () => settings.TRUSTED_ISSUERS_FILE },
    ];
    const ports: ExistingProvider[] = [
      { provide: Tokens, useExisting: TrustedTokens },
      { provide: Principals, useExisting: RegisteredPrincipals },
    ];
    const providers: Provider[] = [Issuer, IssueHandler, Readiness, ...made, ...ports];
    return {
      module: PlatformModule,
      providers,
      exports: [Issuer, Readiness, ...[...made, ...ports].map(({ provide }) => provide)],
    };
  }
}
