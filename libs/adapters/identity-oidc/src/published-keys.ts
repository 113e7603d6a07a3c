import { createRemoteJWKSet, type CompactJWSHeaderParameters, errors, type FlattenedJWSInput } from 'jose';

/** The issuer's keys could not be read, so nothing can be said about the token: 503, and the client may try again. */
export class IssuerUnreachable extends Error {
  override readonly name = 'IssuerUnreachable';
  constructor(
    readonly issuer: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super('The identity provider cannot be reached.', options);
  }
}

export type KeyTimes = {
  /** Milliseconds to wait for an issuer's keys. Default 5,000. */
  readonly keyTimeout?: number;
  /** Milliseconds between the starts of two fetches at least, whatever tokens name. Default 1,000. */
  readonly keyCooldown?: number;
  /** Milliseconds for which keys count without being asked for again. Default 20,000. */
  readonly keyFresh?: number;
  /** Milliseconds for which keys count while their issuer does not answer. Default 600,000. */
  readonly keyStale?: number;
};

type Key = Awaited<ReturnType<ReturnType<typeof createRemoteJWKSet>>>;

/**
 * The keys that an issuer publishes. A key that is withdrawn counts no longer once the keys are not fresh; while the
 * issuer does not answer, the keys it had count for longer.
 */
export class PublishedKeys {
  readonly #published: ReturnType<typeof createRemoteJWKSet>;
  readonly #cooldown: number;
  readonly #fresh: number;
  readonly #stale: number;
  /** When the fetch began that gave the keys at hand, and when the latest one began. */
  #from = Number.NEGATIVE_INFINITY;
  #begun = Number.NEGATIVE_INFINITY;
  #isFailing = false;
  #fetching: Promise<void> | null = null;

  constructor(
    private readonly issuer: string,
    private readonly jwksUri: string,
    { keyTimeout = 5_000, keyCooldown = 1_000, keyFresh = 20_000, keyStale = 600_000 }: KeyTimes,
  ) {
    // When to fetch is decided here: the library answers "no such key" for a while after each fetch.
    this.#published = createRemoteJWKSet(new URL(jwksUri), {
      timeoutDuration: keyTimeout,
      cooldownDuration: Number.POSITIVE_INFINITY,
      cacheMaxAge: Number.POSITIVE_INFINITY,
    });
    [this.#cooldown, this.#fresh, this.#stale] = [keyCooldown, keyFresh, keyStale];
  }

  /**
   * The key of a token, from keys that are fresh, or that are the last word of an issuer that does not answer.
   * @throws IssuerUnreachable; an error of jose where no key fits
   */
  readonly keyOf = async (header: CompactJWSHeaderParameters, token: FlattenedJWSInput): Promise<Key> => {
    const age = performance.now() - this.#from;
    if (age > this.#fresh) {
      const fetched = this.#fetch();
      // Who waits for an issuer that does not answer waits once, not at every request.
      if (this.#isFailing && age <= this.#stale) fetched.catch(() => {});
      else await fetched.catch((unreachable: unknown) => this.#unlessKnown(unreachable));
    }
    return this.#published(header, token);
  };

  /**
   * Fetches the keys anew unless they were asked for after this call began: what a token lacks may have been published
   * since.
   * @throws IssuerUnreachable
   */
  async renew(): Promise<void> {
    const since = performance.now();
    while (this.#from < since) await this.#fetch();
  }

  #unlessKnown(unreachable: unknown): void {
    if (performance.now() - this.#from > this.#stale) throw unreachable;
  }

  /** One fetch at a time for all who wait, and none sooner after another than the cooldown. */
  #fetch(): Promise<void> {
    return (this.#fetching ??= this.#fetchOnce().finally(() => (this.#fetching = null)));
  }

  async #fetchOnce(): Promise<void> {
    const wait = this.#begun + this.#cooldown - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait).unref());
    const begun = (this.#begun = performance.now());
    try {
      await this.#published.reload();
      [this.#from, this.#isFailing] = [begun, false];
    } catch (cause) {
      this.#isFailing = true;
      throw new IssuerUnreachable(this.issuer, `no keys from ${this.jwksUri}: ${reasonOf(cause as Error)}`, { cause });
    }
  }
}

/** What `fetch` says lies in its cause: of the name, the connection or the certificate. */
const reasonOf = ({ message, cause }: Error): string => {
  const { code } = (cause ?? {}) as { code?: unknown };
  return typeof code === 'string' ? `${message} (${code})` : message;
};

/** Whether other keys than those at hand might have let the token hold. */
export const isForLackOfKey = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys ||
  error instanceof errors.JWSSignatureVerificationFailed;
