import { useEffect, useSyncExternalStore } from 'react';
import { SUBSCRIPTIONS } from '../documents/subscriptions.documents.ts';
import { listen, type Live } from './listen.ts';
import { queries, stale, type Kind } from './use-ask.ts';

const streams = new Map<Kind, { readonly end: () => void; users: number; live: Live }>();
let overall: Live = { is: 'live', since: new Date() };
const hearers = new Set<() => void>();

const ORDER: readonly Live['is'][] = ['live', 'paused', 'reconnecting'];
const tell = (): void => {
  const all = [...streams.values()].map(({ live }) => live);
  overall = all.sort((a, b) => ORDER.indexOf(b.is) - ORDER.indexOf(a.is))[0] ?? { is: 'live', since: new Date() };
  for (const hear of hearers) hear();
};

const open = (kind: Kind, query: string): void => {
  const known = streams.get(kind);
  if (known) return void known.users++;
  const field = /\{ (\w+)\(/.exec(query)![1]!;
  const set = (is: Live['is']): void => {
    const stream = streams.get(kind);
    if (stream) stream.live = { is, since: new Date() };
    tell();
  };
  const end = listen(query, field, {
    changed: () => {
      set('live');
      stale(kind);
    },
    missed: () => void queries.invalidateQueries(),
    state: set,
  });
  streams.set(kind, { end, users: 1, live: { is: 'reconnecting', since: new Date() } });
};

const close = (kind: Kind): void => {
  const stream = streams.get(kind);
  if (!stream || --stream.users > 0) return;
  stream.end();
  streams.delete(kind);
  tell();
};

/** Keeps what is shown of these kinds up to date for as long as the page is open. */
export const useLive = (...kinds: readonly Kind[]): void => {
  const named = kinds.join(' ');
  useEffect(() => {
    const all = named.split(' ').flatMap((kind) => {
      const query = SUBSCRIPTIONS[kind as Kind];
      return query ? [[kind as Kind, query] as const] : [];
    });
    for (const [kind, query] of all) open(kind, query);
    return () => all.forEach(([kind]) => close(kind));
  }, [named]);
};

/** Whether what is shown is up to date, for the footer. */
export const useLiveState = (): Live =>
  useSyncExternalStore(
    (hear) => {
      hearers.add(hear);
      return () => hearers.delete(hear);
    },
    () => overall,
  );
