import type { PostgresSessions } from '@adapters/session-store-postgres';
import { Sessions, type Identity } from '@foundation/graphql';
import { LRUCache } from 'lru-cache';

/** How long a session that was found counts without being looked up again (milliseconds); its end is told at once. */
const REMEMBERED = { max: 10_000, ttl: 1_000 };

/** The sessions of browsers, as the GraphQL server asks for them. */
export class KeptSessions extends Sessions {
  readonly #found = new LRUCache<string, Identity>(REMEMBERED);

  constructor(private readonly store: PostgresSessions | null) {
    super();
    store?.onEnd((ended) => {
      for (const [cookie, { session }] of this.#found.entries()) if (session === ended) this.#found.delete(cookie);
    });
  }

  async identityOf(cookie: string): Promise<Identity | null> {
    const known = this.#found.get(cookie);
    if (known) return known;
    const session = await this.store?.find(cookie).catch((error: unknown) => {
      throw Object.assign(error as Error, { isOutage: true });
    });
    if (!session) return null;
    const { person, country, roles, endsAt, id } = session;
    const identity: Identity = { person, country, roles, expiresAt: endsAt, session: id };
    this.#found.set(cookie, identity);
    return identity;
  }

  override onEnd(listener: (session: string) => void): void {
    this.store?.onEnd(listener);
  }
}
