import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ChangeFeed, ReadModels, type Change } from '@foundation/eventing';
import { markedFor, person, JP } from '@kernel/testing';
import { view, type AnyView, type DomainEvent, type Marked, type Principal } from '@kernel';
import { Caller, Principals, type Identity } from './caller.js';
import { Changes } from './changes.js';
import { mapped } from './mapped.js';
import { Seal } from './seal.js';

type Row = Marked & { title: string };
const things: AnyView = view<DomainEvent, Row>({
  name: 'test.things',
  version: 1,
  events: [],
  fields: {},
  project: () => null,
});

/** A feed in memory: what is at stake here is the fan-out, not the store. */
class Announcements extends ChangeFeed {
  readonly #changes: Change[] = [];
  #news: () => void = () => undefined;

  announce(key: string): void {
    this.#changes.push({ number: BigInt(this.#changes.length + 1), view: things.name, key });
    this.#news();
  }
  after(number: bigint, limit: number): Promise<readonly Change[]> {
    return Promise.resolve(this.#changes.filter((change) => change.number > number).slice(0, limit));
  }
  latest(): Promise<bigint> {
    return Promise.resolve(BigInt(this.#changes.length));
  }
  listen(onNews: () => void): void {
    this.#news = onNews;
  }
}

class Rows extends ReadModels {
  constructor(private readonly rows: ReadonlyMap<string, Row>) {
    super();
  }
  find<R extends Marked>(_: unknown, who: Principal, keys: readonly string[]): Promise<ReadonlyMap<string, R>> {
    const readable = keys.filter((key) => who.audiences.includes(`country:${JP}`) && this.rows.has(key));
    return Promise.resolve(new Map(readable.map((key) => [key, this.rows.get(key)!])) as never);
  }
  page = notAsked;
  count = notAsked;
  list = notAsked;
  sums = notAsked;
  reached = notAsked;
}
const notAsked = (): Promise<never> => Promise.reject(new Error('not asked here'));

class Rights extends Principals {
  audiences = person(JP, 'DELEGATE').audiences;
  of(): Principal {
    return { ...person(JP, 'DELEGATE'), audiences: this.audiences };
  }
  reached(): Promise<void> {
    return Promise.resolve();
  }
}

const identity = (milliseconds: number): Identity => ({
  person: 'p',
  country: 'JP',
  roles: ['DELEGATE'],
  expiresAt: new Date(Date.now() + milliseconds),
});

const fanOut = async ({ signedInFor = 60_000 } = {}) => {
  const feed = new Announcements();
  const row = (title: string): Row => ({ title, marking: markedFor(JP) });
  const rights = new Rights();
  const changes = new Changes(
    feed,
    new Rows(new Map(['a', 'b', 'c'].map((key) => [key, row(key)]))),
    new Seal(randomBytes(32)),
  );
  changes.start(new AbortController().signal);
  const delivered = await changes.of<Row>(things, new Caller(identity(signedInFor), rights, 'id'), undefined);
  return { feed, rights, delivered };
};

describe('A subscription', () => {
  it('ends at once for a reader that leaves while nothing happens', async () => {
    const { delivered } = await fanOut();
    const titles = mapped(delivered, ({ row }) => row.title);
    const waiting = titles.next();
    await titles.return!();
    expect(await waiting).toMatchObject({ done: true });
  });

  it('ends when the token does, though nothing happens', async () => {
    const { delivered } = await fanOut({ signedInFor: 30 });
    await expect(delivered.next()).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
  });

  it('asks for the rights again at each delivery, also within what came at once', async () => {
    const { feed, rights, delivered } = await fanOut();
    for (const key of ['a', 'b']) feed.announce(key);
    expect((await delivered.next()).value).toMatchObject({ key: 'a' });
    rights.audiences = ['PUBLIC'];
    const second = delivered.next();
    feed.announce('c');
    await new Promise((resolve) => setTimeout(resolve, 20));
    await delivered.return(undefined);
    expect(await second).toMatchObject({ done: true });
  });

  it('delivers each record once, in its latest state, when changes come faster than they are read', async () => {
    const { feed, delivered } = await fanOut();
    for (const key of ['a', 'b', 'a']) feed.announce(key);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await delivered.next()).value).toMatchObject({ key: 'b' });
    expect((await delivered.next()).value).toMatchObject({ key: 'a' });
  });
});
