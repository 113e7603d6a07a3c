import type { Instant } from '@kernel';
import type { StoredEvent, Unreadable } from './event-store.js';

/** Where in the history: a time, or a position. */
export type Moment = { readonly time: Instant } | { readonly position: bigint };

/**
 * The events of a record up to a moment, which is included. Always a prefix of its stream: where the clock of a node was
 * behind and a stamp is earlier than the one before it, the event still comes after that one.
 * @param events all events of one record, in order
 */
export const eventsUntil = <T extends StoredEvent | Unreadable>(events: readonly T[], moment: Moment): readonly T[] => {
  const later = events.findIndex(({ recordedAt, position }) =>
    'time' in moment ? recordedAt > moment.time : position > moment.position,
  );
  return later === -1 ? events : events.slice(0, later);
};
