import { useSyncExternalStore } from 'react';

let actingFor: string | null = null;
const listeners = new Set<(country: string | null) => void>();

/** The country that this page acts for under a mandate; null for the person's own. */
export const capacity = (): string | null => actingFor;

/** Acts for another country from now on, or for the own one again. What was read in the capacity before is dropped. */
export const actFor = (country: string | null): void => {
  actingFor = country;
  for (const listener of listeners) listener(country);
};

/** Hears of each change of capacity before anything is drawn in the new one. */
export const onCapacity = (listener: (country: string | null) => void): void => void listeners.add(listener);

/** The capacity; whoever uses it is drawn anew when it changes. */
export const useCapacity = (): string | null =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, capacity);
