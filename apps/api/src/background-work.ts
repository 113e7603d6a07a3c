import { OidcSignIn } from '@adapters/identity-oidc';
import { PostgresDataKeys } from '@adapters/key-store-postgres';
import type { PostgresSessions } from '@adapters/session-store-postgres';
import type { AccessRegister } from '@capabilities/access';
import type { AuditRegister } from '@capabilities/audit';
import { Follower, Register, RejectionLog } from '@foundation/eventing';
import { Changes } from '@foundation/graphql';
import { AlertFeed } from '@graphql/alerts';
import { ReadLog } from '@graphql/sharing';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { SharedClock } from './clock.js';
import { TrustedTokens } from './identity.js';
import type { IssuersFile } from './issuers-file.js';
import { LogWatch } from './log-watch.js';
import { SESSION_STORE } from './sign-in.controller.js';
import { ViewWatch } from './view-watch.js';

/** The register of audit mandates and signing keys. */
export const AUDIT_REGISTER = Symbol('audit register');
/** The file that the trusted issuers stand in, or null. */
export const ISSUERS_FILE = Symbol('issuers file');

/** How long readings that wait to be noted may hold up a stop, in milliseconds. */
const READINGS_MS = 2_000;

/**
 * Starts what follows the history, the read models, the clock and the issuers. At the end, when no request is served any
 * more, what waits to be recorded is recorded; then nothing is followed any more; then the adapters close.
 */
@Injectable()
export class BackgroundWork implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #logger = new Logger('API');
  readonly #running = new AbortController();

  constructor(
    private readonly changes: Changes,
    private readonly alerts: AlertFeed,
    private readonly access: Register<AccessRegister>,
    @Inject(AUDIT_REGISTER) private readonly audit: Register<AuditRegister>,
    private readonly keys: PostgresDataKeys,
    private readonly follower: Follower,
    private readonly readLog: ReadLog,
    private readonly rejections: RejectionLog,
    private readonly clock: SharedClock,
    private readonly views: ViewWatch,
    private readonly log: LogWatch,
    private readonly tokens: TrustedTokens,
    private readonly signIn: OidcSignIn,
    @Inject(SESSION_STORE) private readonly sessions: PostgresSessions | null,
    @Inject(ISSUERS_FILE) private readonly issuersFile: IssuersFile | null,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { signal } = this.#running;
    await this.clock.measure();
    this.clock.follow(signal);
    this.views.follow(signal);
    this.log.follow(signal);
    void this.log.look();
    const without = (event: string, msg: string) => (why: unknown) =>
      this.#logger.warn({ event, msg, why: why instanceof Error ? why.message : why });
    await this.keys.survey().catch(without('keys.unknown', 'the keys of owners were not compared'));
    this.changes.start(signal);
    this.alerts.start(signal);
    this.issuersFile?.follow(
      (issuers) => {
        this.tokens.trust(issuers);
        this.signIn.trust(issuers);
        const names = issuers.map(({ issuer }) => issuer).join(', ');
        this.#logger.warn({ event: 'issuers.read', msg: `the trusted issuers are now ${names}` });
      },
      (problem) => this.#logger.error({ event: 'issuers.wrong', msg: `${problem}; the issuers of before stay` }),
      signal,
    );
    void this.sessions?.follow(signal, without('store.silent', 'the sessions of browsers cannot be reached'));
    void this.access.follow(signal, without('store.silent', 'the event store does not answer'));
    void this.audit.follow(
      signal,
      without('store.silent', 'the register of keys and audit mandates waits for the event store'),
    );
    void this.follower.follow(signal, without('store.silent', 'what the platform does by itself waits for its stores'));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.readLog.stop(READINGS_MS);
    await this.rejections.flush();
    this.#running.abort();
  }
}
