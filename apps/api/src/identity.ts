import { IssuerUnreachable, type OidcTokens, type TrustedIssuer } from '@adapters/identity-oidc';
import { accessRegister, mandatedPrincipalOf, principalOf, type AccessRegister } from '@capabilities/access';
import { auditRegister, type AuditRegister } from '@capabilities/audit';
import { EventStoreUnavailable, type Register } from '@foundation/eventing';
import { notMandated, Principals, Tokens, type Identity } from '@foundation/graphql';
import type { Instant, Principal } from '@kernel';
import { LRUCache } from 'lru-cache';

/** How long a command on the registers waits until this node has seen it, in milliseconds. */
const PATIENCE_MS = 1_000;

/** How many checked tokens are remembered, and for how long (milliseconds): a key that its issuer withdraws is trusted no longer. */
const REMEMBERED = { max: 10_000, ttl: 30_000 };

/** Bearer tokens of the trusted issuers. */
export class TrustedTokens extends Tokens {
  /** A signature is checked once, not at every request; whether a token has expired is asked each time. */
  #checked = new LRUCache<string, Identity>(REMEMBERED);

  constructor(private readonly oidc: OidcTokens) {
    super();
  }

  /**
   * Trusts these issuers from now on, and no others.
   * @throws Error that names every wrong key; then nothing changes.
   */
  trust(issuers: readonly TrustedIssuer[]): void {
    this.oidc.trust(issuers);
    // A check under way remembers its token in the map of before.
    this.#checked = new LRUCache(REMEMBERED);
  }

  async verify(token: string, remark: (text: string) => void): Promise<Identity> {
    const checked = this.#checked;
    const known = checked.get(token);
    if (known && known.expiresAt.getTime() > Date.now()) return known;
    try {
      const identity = await this.oidc.verify(token, remark);
      checked.set(token, identity);
      return identity;
    } catch (error) {
      if (error instanceof IssuerUnreachable) throw Object.assign(error, { isOutage: true });
      throw error;
    }
  }
}

/** Principals by the register of members, groups, roles and mandates, which this node keeps in memory from the history. */
export class RegisteredPrincipals extends Principals {
  #isReady = false;

  constructor(
    private readonly register: Register<AccessRegister>,
    private readonly audited: Register<AuditRegister>,
    override readonly now: () => Instant,
  ) {
    super();
    void register.ready.then(() => (this.#isReady = true));
  }

  /** Whether rights that are given or taken on other nodes are seen at once. */
  get isCurrent(): boolean {
    return this.register.isCurrent && this.audited.isCurrent;
  }

  of(identity: Identity): Principal {
    // Rights that are not known yet are not guessed.
    if (!this.#isReady) throw new EventStoreUnavailable('the register of members, groups and roles is not read yet');
    const { state } = this.register;
    const now = this.now();
    if (identity.actingFor === undefined) return principalOf(identity, state, now);
    const who = mandatedPrincipalOf(identity, identity.actingFor, state, now);
    if (who === null) throw notMandated();
    return who;
  }

  async reached(category: string, position: bigint): Promise<void> {
    if (accessRegister.categories.includes(category)) await this.register.reached(position, PATIENCE_MS);
    if (auditRegister.categories.includes(category)) await this.audited.reached(position, PATIENCE_MS);
  }

  override onChange(listener: () => void): void {
    const next = (): void =>
      void this.register.moved.then(() => {
        next();
        listener();
      });
    next();
  }
}
