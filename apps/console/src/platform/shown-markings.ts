import { useSyncExternalStore } from 'react';
import { markingsIn, together, type Shown } from './markings.ts';
import { queries } from './use-ask.ts';

let shown = together([]);
const look = (): boolean => {
  const active = queries.getQueryCache().findAll({ type: 'active' });
  const now = together(active.flatMap(({ state }) => markingsIn(state.data)));
  const isSame = JSON.stringify(now) === JSON.stringify(shown);
  if (!isSame) shown = now;
  return !isSame;
};

/** What the banner says: of the answers that the page shows now, and of nothing that it has shown before. */
export const useShownMarkings = (): Shown =>
  useSyncExternalStore(
    (changed) => queries.getQueryCache().subscribe(() => queueMicrotask(() => look() && changed())),
    () => shown,
  );
