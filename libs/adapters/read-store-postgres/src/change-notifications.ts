import { Client } from 'pg';
import { ended, HEARTBEAT_MS, WATCHED } from './connection.js';
import { NEWS } from './tables.js';

const RETRY_MS = 500;

/**
 * Tells when the projector, or whoever else announces on a channel, has committed something. One connection per process
 * and channel, opened again when it breaks.
 */
export class ChangeNotifications {
  #next = Promise.withResolvers<void>();
  #listeners = new Set<() => void>();
  #closed = false;
  #client: Client | null = null;

  /** Whether announcements arrive. */
  isUp = false;

  constructor(
    private readonly url: string,
    private readonly channel: string = NEWS,
  ) {
    void this.#listen();
  }

  /** Resolves at the next commit. */
  next(): Promise<void> {
    return this.#next.promise;
  }

  subscribe(onNews: () => void): () => void {
    this.#listeners.add(onNews);
    return () => this.#listeners.delete(onNews);
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#client) await ended(this.#client);
  }

  /** Called by Nest where it has made the adapter, after all that uses it has ended. */
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  #tell(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers<void>();
    for (const listener of this.#listeners) listener();
  }

  async #listen(): Promise<void> {
    while (!this.#closed) {
      const broken = Promise.withResolvers<void>();
      const client = new Client({
        connectionString: this.url,
        application_name: `lodestone-news-${this.channel}`,
        connectionTimeoutMillis: 3_000,
        ...WATCHED,
        query_timeout: HEARTBEAT_MS,
      });
      this.#client = client;
      client.on('notification', () => this.#tell());
      client.on('error', () => broken.resolve());
      client.on('end', () => broken.resolve());
      try {
        await client.connect();
        await client.query(`LISTEN ${this.channel}`);
        this.isUp = true;
        // Something may have happened while nobody listened.
        this.#tell();
        // Who listens says nothing: without a sign of life nobody would know that the server is gone. And a look at the
        // feed now and then makes up for an announcement that was lost.
        while (!(await Promise.race([broken.promise.then(() => true), pause(HEARTBEAT_MS)]))) {
          await client.query('SELECT 1');
          this.#tell();
        }
      } catch {
        // The questions themselves report an outage; here it is only waited out.
      }
      this.isUp = false;
      await ended(client);
      if (!this.#closed) await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
    }
  }
}

const pause = (ms: number): Promise<false> => new Promise((resolve) => setTimeout(() => resolve(false), ms).unref());
