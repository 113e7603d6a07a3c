import { FeedExpired } from '@foundation/eventing';

const RETRY_MS = 500;
/** How often a subscription asks before it gives up. */
const PATIENCE = 20;

/** A subscription outlives a short outage of the read store. */
export const retryOutage = async <T>(ask: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === PATIENCE || error instanceof FeedExpired) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
};
