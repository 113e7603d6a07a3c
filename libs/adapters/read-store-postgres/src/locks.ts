import { ReadStoreUnavailable } from '@foundation/eventing';
import type { AnyView } from '@kernel';
import type { Client } from 'pg';

const LOCK_PAUSE_MS = 500;
/** The space of the advisory locks by which each view has one writer. */
export const LOCK_SPACE = 0x10de;

/**
 * Takes views for this session alone. All or none: whoever waits for one view holds up no other.
 * @throws ReadStoreUnavailable when the signal aborts before
 */
export const lock = async (client: Client, views: readonly AnyView[], signal: AbortSignal): Promise<void> => {
  for (;;) {
    const taken: AnyView[] = [];
    for (const view of views) {
      const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1, hashtext($2)) AS held', [
        LOCK_SPACE,
        view.name,
      ]);
      if (!rows[0]!.held) break;
      taken.push(view);
    }
    if (taken.length === views.length) return;
    await unlock(client, taken);
    if (signal.aborted) throw new ReadStoreUnavailable('stopped while waiting for another projector');
    await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS));
  }
};

export const unlock = async (client: Client, views: readonly AnyView[]): Promise<void> => {
  await client.query('SELECT pg_advisory_unlock($1, hashtext(name)) FROM unnest($2::text[]) AS held(name)', [
    LOCK_SPACE,
    views.map(({ name }) => name),
  ]);
};
