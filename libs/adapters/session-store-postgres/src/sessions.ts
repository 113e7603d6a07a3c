import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Pool } from 'pg';
import { SESSIONS } from './preparation.js';

/** Who has signed in, as the issuer said it. No name and no address: nothing here is of use elsewhere. */
export type SignedIn = {
  readonly person: string;
  readonly issuer: string;
  /** The provider's id of its own session, kept as a hash; it names the session when the provider ends it. */
  readonly sid: string | null;
  readonly country: string | null;
  readonly roles: readonly string[];
};

export type Session = Omit<SignedIn, 'sid'> & {
  /** SHA-256 of the cookie's value, in hex: it opens nothing. */
  readonly id: string;
  readonly endsAt: Date;
};

export type Lifetimes = {
  /** Seconds without a request after which a session is over. */
  readonly idleSeconds: number;
  /** Seconds after which it is over in any case. */
  readonly longestSeconds: number;
};

/** How long a browser may be away, and how long it may stay. */
export const LIFETIMES: Lifetimes = { idleSeconds: 30 * 60, longestSeconds: 10 * 3_600 };

/** A use is noted no more often than that, so that reading a page writes next to nothing. */
const NOTED_EVERY_SECONDS = 30;
/** How often what is over is taken away and told to all nodes (milliseconds). */
const SWEEP_MS = 20_000;
const CHANNEL = 'lodestone_sessions_ended';
const RECONNECT_MS = 1_000;

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The sessions of browsers, for all nodes. Times are the database's, so that no node's clock lengthens a session. */
export class PostgresSessions {
  readonly #pool: Pool;
  readonly #listeners = new Set<(id: string) => void>();

  constructor(
    private readonly url: string,
    private readonly lifetimes: Lifetimes = LIFETIMES,
  ) {
    this.#pool = new Pool({
      connectionString: url,
      max: 4,
      connectionTimeoutMillis: 3_000,
      query_timeout: 6_000,
      application_name: 'lodestone-sessions',
    });
    // A connection that breaks while idle must not end the process; the next question opens another.
    this.#pool.on('error', () => undefined);
  }

  /** Begins a session. @returns the value of its cookie: 32 random bytes, which nobody else has */
  async begin({ person, issuer, sid, country, roles }: SignedIn): Promise<string> {
    const cookie = randomBytes(32).toString('base64url');
    await this.#pool.query(
      `INSERT INTO ${SESSIONS} (id, person, issuer, sid, country, roles, ends_at)
       VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))`,
      [hashOf(cookie), person, issuer, sid && hashOf(sid), country, roles, this.lifetimes.longestSeconds],
    );
    return cookie;
  }

  /** The session of a cookie, which is thereby used; null where there is none, or none any more. */
  async find(cookie: string): Promise<Session | null> {
    const { rows } = await this.#pool.query<Omit<Session, 'id' | 'endsAt'> & { ends_at: Date }>(
      `WITH found AS (
         SELECT * FROM ${SESSIONS} WHERE id = $1 AND ends_at > now() AND used_at > now() - make_interval(secs => $2)),
       noted AS (
         UPDATE ${SESSIONS} s SET used_at = now() FROM found
          WHERE s.id = found.id AND found.used_at < now() - make_interval(secs => $3))
       SELECT person, issuer, country, roles, ends_at FROM found`,
      [hashOf(cookie), this.lifetimes.idleSeconds, NOTED_EVERY_SECONDS],
    );
    const [row] = rows;
    if (!row) return null;
    const { ends_at: endsAt, ...signedIn } = row;
    return { ...signedIn, endsAt, id: hashOf(cookie).toString('hex') };
  }

  /** Ends the session of a cookie, on every node. */
  async end(cookie: string): Promise<void> {
    await this.#delete('id = $1', [hashOf(cookie)]);
  }

  /** Ends what an issuer's session gave rise to, on every node. */
  async endOf(issuer: string, sid: string): Promise<void> {
    await this.#delete('issuer = $1 AND sid = $2', [issuer, hashOf(sid)]);
  }

  /** Hears the id of each session that ends anywhere, once it is followed. */
  onEnd(listener: (id: string) => void): void {
    this.#listeners.add(listener);
  }

  /** Hears what ends on other nodes, and takes away what is over, until the signal. */
  async follow(signal: AbortSignal, failed: (why: unknown) => void): Promise<void> {
    void this.#sweep(signal);
    while (!signal.aborted) {
      await this.#listen(signal).catch(failed);
      await pause(RECONNECT_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#pool.end();
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const client = new Client({ connectionString: this.url, connectionTimeoutMillis: 3_000 });
    const ended = new Promise<void>((resolve) => {
      client.on('error', () => resolve());
      client.on('end', () => resolve());
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    client.on('notification', ({ payload = '' }) => this.#listeners.forEach((listener) => listener(payload)));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      await ended;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  async #sweep(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // Where the database is away, nothing is found in it either.
      await this.#delete('ends_at <= now() OR used_at <= now() - make_interval(secs => $1)', [
        this.lifetimes.idleSeconds,
      ]).catch(() => undefined);
      await pause(SWEEP_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #delete(where: string, values: readonly unknown[]): Promise<void> {
    await this.#pool.query(
      `WITH ended AS (DELETE FROM ${SESSIONS} WHERE ${where} RETURNING id)
       SELECT pg_notify('${CHANNEL}', encode(id, 'hex')) FROM ended`,
      [...values],
    );
  }
}
