import { BACKWARDS, END, EventStoreDBClient } from '@eventstore/db-client';

/** More than one test has refused. */
const LOOKED_AT = 1_000;

/**
 * Where the whole history ends, as the event store says, but for what is recorded of rejections: equal before and after
 * when nothing else was recorded.
 */
export const endOfHistory = async (eventStoreUrl: string): Promise<string> => {
  const store = EventStoreDBClient.connectionString(eventStoreUrl);
  let end = 'empty';
  try {
    // Read to its end: a call that is left half read keeps the connection from closing.
    for await (const { event } of store.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: LOOKED_AT })) {
      if (end === 'empty' && event && event.type !== 'audit.CommandRefused.v1')
        end = `${event.position.commit} ${event.type}`;
    }
    return end;
  } finally {
    await store.dispose();
  }
};
