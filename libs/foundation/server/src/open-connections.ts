import type { GraphQLError } from 'graphql';
import type { Identity, Principals } from '@foundation/graphql';
import { LIMITS } from './limits.js';

/** Longest time that a timer can wait; a token that holds for longer is looked at again then. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** Why a socket or a stream is ended from this side. */
export type Ending = 'expired' | 'revoked' | 'replaced';

type Listener = {
  readonly identity: Identity;
  readonly end: (why: Ending) => void;
  /** From when on it gives way to another one, by the monotonic clock. */
  readonly givesWayAt: number;
  /** What of the person's rights it would be ended without. */
  standing: Standing;
};

type Standing = { readonly hasRole: boolean; readonly isMember: boolean };

/**
 * Who has a socket or a stream of server-sent events open at this node. Each is ended when its token is, when the last
 * role of its person is taken back, or when the person's country is no member any more.
 */
export class OpenConnections {
  readonly #open = new Set<Listener>();

  /** @param keptMs how long a stream that gives no sign of life is kept for its reader alone, in milliseconds */
  constructor(
    private readonly principals: Principals,
    private readonly keptMs: number = LIMITS.streamMs,
  ) {
    principals.onChange(() => this.#look());
  }

  /**
   * @param end called once, when it has to be closed; not after it was left
   * @param givesSigns whether it is known that its reader is there. Of a stream it is not: the oldest gives way to the one
   * that would be too many, once it has been open for a while
   * @returns what to call when it closes by itself, or null where the person has as many open as one may
   */
  enter(identity: Identity, end: (why: Ending) => void, givesSigns: boolean): (() => void) | null {
    const ofPerson = [...this.#open].filter((each) => each.identity.person === identity.person);
    if (ofPerson.length >= LIMITS.connections) {
      const oldest = ofPerson.find(({ givesWayAt }) => givesWayAt <= performance.now());
      if (oldest === undefined) return null;
      oldest.end('replaced');
    }
    const listener: Listener = {
      identity,
      givesWayAt: givesSigns ? Infinity : performance.now() + this.keptMs,
      standing: this.#standing(identity) ?? { hasRole: false, isMember: false },
      end: (why) => {
        leave();
        end(why);
      },
    };
    const stopTimer = at(identity.expiresAt.getTime(), () => listener.end('expired'));
    const leave = (): void => {
      stopTimer();
      this.#open.delete(listener);
    };
    this.#open.add(listener);
    return leave;
  }

  /** Ends what is open in a browser's session that is over. */
  endOf(session: string): void {
    for (const listener of [...this.#open]) if (listener.identity.session === session) listener.end('expired');
  }

  #look(): void {
    for (const listener of [...this.#open]) {
      const { standing } = listener;
      const now = this.#standing(listener.identity);
      if (now === null) continue;
      if ((standing.hasRole && !now.hasRole) || (standing.isMember && !now.isMember)) listener.end('revoked');
      else listener.standing = now;
    }
  }

  /** Null while rights are not known: nobody is put out for an outage of ours. A mandate that is over gives none. */
  #standing(identity: Identity): Standing | null {
    try {
      const { roles, isMember } = this.principals.of(identity);
      return { hasRole: roles.length > 0, isMember };
    } catch (error) {
      const isOver = (error as GraphQLError).extensions?.['code'] === 'NOT_MANDATED';
      return isOver ? { hasRole: false, isMember: false } : null;
    }
  }
}

/** Does something at a time, however far that is. */
const at = (time: number, act: () => void): (() => void) => {
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const left = time - Date.now();
    timer = left > LONGEST_TIMER_MS ? setTimeout(wait, LONGEST_TIMER_MS) : setTimeout(act, Math.max(left, 0));
  };
  wait();
  return () => clearTimeout(timer);
};

/** A stream that can be ended from outside, whatever its source still has or waits for. */
export class EndableStream<T> implements AsyncIterableIterator<T> {
  #isOver = false;
  #last: T | null = null;
  /** Answers the reader that waits. */
  #answer: ((item: IteratorResult<T>) => void) | null = null;

  /** @param onEnd called once, however it ends */
  constructor(
    private readonly source: AsyncIterator<T>,
    private readonly onEnd: () => void,
  ) {}

  /** Ends it with a last item. */
  endWith(last: T): void {
    if (this.#isOver) return;
    this.#end();
    if (this.#answer) this.#answer({ done: false, value: last });
    else this.#last = last;
  }

  next(): Promise<IteratorResult<T>> {
    return new Promise((resolve, reject) => {
      if (this.#isOver) {
        const last = this.#last;
        this.#last = null;
        return resolve(last === null ? { done: true, value: undefined } : { done: false, value: last });
      }
      this.#answer = resolve;
      this.source.next().then(
        (item) => {
          if (item.done) this.#end();
          this.#answer = null;
          resolve(item);
        },
        (error: unknown) => {
          this.#end();
          reject(error);
        },
      );
    });
  }

  return(): Promise<IteratorResult<T>> {
    this.#end();
    this.#answer?.({ done: true, value: undefined });
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.onEnd();
    // Not waited for: a source that waits for news may answer late, or never.
    void Promise.resolve(this.source.return?.()).catch(() => undefined);
  }
}
