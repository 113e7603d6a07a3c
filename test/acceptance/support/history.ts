import { BACKWARDS, END, EventStoreDBClient } from '@eventstore/db-client';

/** Where the whole history ends, as the event store says: equal before and after when nothing was recorded. */
export const endOfHistory = async (eventStoreUrl: string): Promise<string> => {
  const store = EventStoreDBClient.connectionString(eventStoreUrl);
  try {
    for await (const { event } of store.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 })) {
      return `${event!.position.commit} ${event!.type}`;
    }
    return 'empty';
  } finally {
    await store.dispose();
  }
};
