import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { rateLimited } from '@foundation/graphql';

/** How long a person's requests are counted together, so that a burst is no offence (seconds). */
const WINDOW_S = 10;
/** Whoever does not prove who they are shares one allowance with all others who do not. */
const STRANGERS = '';

/** What each person may ask of this node in a while; counted here in memory, so that nothing stored shows in it. */
export class Allowance {
  readonly #limiter: RateLimiterMemory;

  /** @param perSecond requests per second and person, averaged over ten seconds */
  constructor(perSecond: number) {
    this.#limiter = new RateLimiterMemory({ points: perSecond * WINDOW_S, duration: WINDOW_S });
  }

  /**
   * Takes one request of a person, or of a stranger.
   * @throws GraphQLError RATE_LIMITED when there is none left for now
   */
  async take(person: string | null): Promise<void> {
    try {
      await this.#limiter.consume(person ?? STRANGERS);
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      throw rateLimited(Math.ceil(refused.msBeforeNext / 1000));
    }
  }
}
