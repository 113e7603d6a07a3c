import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';
import type { Instant, Principal } from '@kernel';
import DataLoader from 'dataloader';
import { tooMuchNested, unauthenticated } from './errors.js';

/** Records that the nested fields of one request may give. */
const MAX_NESTED = 20_000;

/** Who the bearer token says is asking; what that person may do comes from the platform's own registers. */
export type Identity = {
  readonly person: string;
  readonly country: string | null;
  readonly roles: readonly string[];
  readonly expiresAt: Date;
  /** The country that the request says it is made for, as it says it; absent where the person acts for its own. */
  readonly actingFor?: string;
  /** The browser's session that the request is made in; absent where it carries a token. */
  readonly session?: string;
};

/**
 * The identity in the capacity that a request asks for. Whether there is such a mandate is asked at each use, and not
 * here. Two different capacities are none: a request is made in one.
 * @param said every country that the request names, of whatever type
 */
export const inCapacity = (identity: Identity, ...said: readonly unknown[]): Identity => {
  const named = [...new Set(said.filter((each) => each !== undefined && each !== null).map(String))];
  return named.length === 0 ? identity : { ...identity, actingFor: named.join(', ') };
};

/** Turns bearer tokens into identities. */
export abstract class Tokens {
  /**
   * @param remark hears what the operator should know of a token that holds
   * @throws when the token is not to be trusted; an error with `isOutage` true when that cannot be told now. Its `reason`,
   * one line without anything secret, is for the operator alone.
   */
  abstract verify(token: string, remark: (text: string) => void): Promise<Identity>;
}

/** Turns identities into principals by the registers as they stand now. */
export abstract class Principals {
  /** The time by the clock that all nodes share. */
  abstract now(): Instant;
  /** @throws GraphQLError NOT_MANDATED where the identity names a country that the person may not act for now */
  abstract of(identity: Identity): Principal;
  /** Resolves when the registers have seen an event of that stream category at that position, or soon after in any case. */
  abstract reached(category: string, position: bigint): Promise<void>;
  /** Calls back whenever somebody's rights may have changed; where the registers do not change, never. */
  onChange(_listener: () => void): void {}
}

/** What a request says of itself, beside its operation and its capacity. */
export type Said = {
  /** Whether what it reads is to leave the platform. */
  readonly exports?: boolean;
  /** The position that everything it reads must show. */
  readonly atLeast?: string | undefined;
  /** The cursor after which a subscription that names none is to go on. */
  readonly after?: string | undefined;
};

/** One request, or one connection, and who is behind it. */
export class Caller {
  readonly #loaders = new Map<unknown, DataLoader<string, unknown>>();
  #spent = 0;

  constructor(
    readonly identity: Identity | null,
    private readonly principals: Principals,
    readonly correlationId: string,
    readonly said: Said = {},
  ) {}

  /** The principal as the registers see it now: on a long connection, rights come and go. */
  get who(): Principal {
    if (this.identity === null || this.identity.expiresAt.getTime() <= Date.now()) throw unauthenticated();
    const who = this.principals.of(this.identity);
    return this.said.exports ? { ...who, exports: true } : who;
  }

  /** The time by the clock that all nodes share: rights and days are judged by it, whatever the clock of this machine says. */
  get now(): Instant {
    return this.principals.now();
  }

  /** When the token ends, in milliseconds since 1970; what runs on must ask again for the principal then. */
  get expiresAt(): number {
    return this.identity?.expiresAt.getTime() ?? 0;
  }

  /** Whether the request asks to act for another country than the person's own. */
  get isActingForOthers(): boolean {
    return this.identity?.actingFor !== undefined;
  }

  get isSignedIn(): boolean {
    return this.identity !== null;
  }

  /** Counts what nested fields give anew: one delivery of a subscription is as good as one request. */
  renewBudget(): void {
    this.#spent = 0;
  }

  /**
   * Counts records that nested fields give, or are computed from: what lists within lists within lists would multiply to
   * is refused before it is built.
   * @throws GraphQLError where one request has asked for too many
   */
  spend(records: number): void {
    this.#spent += records;
    if (this.#spent > MAX_NESTED) throw tooMuchNested(MAX_NESTED);
  }

  /**
   * One question for all the keys that resolvers ask for at the same time, instead of one each.
   * @param topic tells questions apart; an object that lives as long as the resolver
   */
  batched<V>(
    topic: unknown,
    key: string,
    answer: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>,
  ): Promise<V | null> {
    let loader = this.#loaders.get(topic);
    if (!loader) {
      loader = new DataLoader<string, unknown>(
        async (keys) => {
          const found = await answer([...new Set(keys)]);
          return keys.map((each) => found.get(each) ?? null);
        },
        { cache: false },
      );
      this.#loaders.set(topic, loader);
    }
    return (loader.load(key) as Promise<V | null>).then((found) => {
      this.spend(Array.isArray(found) ? found.length : 1);
      return found;
    });
  }
}

/** What the GraphQL server hands to every resolver. */
export type RequestContext = {
  readonly caller: Caller;
  /** Whether the operation came over a WebSocket. */
  readonly isSocket?: boolean;
};

/** The caller, as a resolver's parameter. */
export const FromCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext) => GqlExecutionContext.create(context).getContext<RequestContext>().caller,
);
