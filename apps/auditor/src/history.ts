import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { eventStoreUrl, WrongUsage } from '@foundation/configuration';

/**
 * The history behind a connection string. Nothing is connected yet.
 *
 * @param said how the string was given, `--event-store` or a variable of the environment
 * @throws WrongUsage where it is no connection string
 */
export const openHistory = (said: string, url: string): EventStoreDbEventStore => {
  try {
    return new EventStoreDbEventStore(eventStoreUrl(url));
  } catch (error) {
    throw new WrongUsage(`${said} is "${url}", which cannot be used: ${(error as Error).message}.`, { cause: error });
  }
};
