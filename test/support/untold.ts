import { EventStore, isUnreadable } from '@foundation/eventing';

/** The history as it was before the standing of records was noted: what may be known of one, the whole of it must tell. */
export class Untold extends EventStore {
  constructor(private readonly store: EventStore) {
    super();
  }
  async last(...of: Parameters<EventStore['last']>): ReturnType<EventStore['last']> {
    const last = await this.store.last(...of);
    if (last === null || isUnreadable(last)) return last;
    const { standing: _, ...metadata } = last.metadata;
    // Of its first event alone, the marking in it would tell.
    return { ...last, metadata, revision: last.revision + 1n };
  }
  read: EventStore['read'] = (...of) => this.store.read(...of);
  append: EventStore['append'] = (...of) => this.store.append(...of);
  follow: EventStore['follow'] = (...of) => this.store.follow(...of);
}
