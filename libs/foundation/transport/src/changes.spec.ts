import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ChangeFeed, ReadModels, type Change } from '@foundation/eventing';
import { markedFor, person, JP } from '@kernel/testing';
import { view, type AnyView, type DomainEvent, type Marked, type Principal } from '@kernel';
import { Caller, Principals, type Identity } from './caller.js';
import { Changes } from './changes.js';
import { mapped } from './mapped.js';
import { BadToken, Seal } from './seal.js';

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

  announce(key: string, view = things.name): void {
    this.#changes.push({ number: BigInt(this.#changes.length + 1), view, key });
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
  #changed: () => void = () => undefined;

  take(): void {
    this.audiences = ['PUBLIC'];
    this.#changed();
  }
  override onChange(listener: () => void): void {
    this.#changed = listener;
  }
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
  const rows = new Map(['a', 'b', 'c'].map((title): [string, Row] => [title, { title, marking: markedFor(JP) }]));
  const rights = new Rights();
  const changes = new Changes(feed, new Rows(rows), new Seal(randomBytes(32)), rights);
  changes.start(new AbortController().signal);
  const delivered = await changes.of<Row>(things, new Caller(identity(signedInFor), rights, 'id'), undefined);
  const resumed = (after: string) => changes.of<Row>(things, new Caller(identity(signedInFor), rights, 'id'), after);
  return { feed, rows, rights, delivered, resumed };
};

describe('A subscription', () => {
  it('ends at once for a reader that leaves while nothing happens', async () => {
    const { delivered } = await fanOut();
    const titles = mapped(delivered, ({ row }) => row?.title);
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
    // Both have come before the first is taken.
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await delivered.next()).value).toMatchObject({ key: 'a' });
    rights.audiences = ['PUBLIC'];
    const second = delivered.next();
    feed.announce('c');
    expect((await second).value).toMatchObject({ key: 'a', row: null });
    const third = delivered.next();
    feed.announce('b');
    await new Promise((resolve) => setTimeout(resolve, 20));
    await delivered.return(undefined);
    expect(await third).toMatchObject({ done: true });
  });

  it('attack case 33: tells that records are gone when the right to them goes, not when they change next', async () => {
    const { feed, rights, delivered } = await fanOut();
    feed.announce('a');
    const { value: first } = await delivered.next();
    rights.take();
    expect((await delivered.next()).value).toMatchObject({ cursor: expect.any(String), key: 'a', row: null });
    const second = delivered.next();
    for (const key of ['a', 'b']) feed.announce(key);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await delivered.return(undefined);
    expect([first, await second]).toMatchObject([{ key: 'a', row: { title: 'a' } }, { done: true }]);
  });

  it('delivers each record once, in its latest state, when changes come faster than they are read', async () => {
    const { feed, delivered } = await fanOut();
    for (const key of ['a', 'b', 'a']) feed.announce(key);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await delivered.next()).value).toMatchObject({ key: 'b' });
    expect((await delivered.next()).value).toMatchObject({ key: 'a' });
  });

  it('attack case 33: tells once that a record is gone, and only of one that it has told of', async () => {
    const { feed, rows, delivered } = await fanOut();
    feed.announce('a');
    expect((await delivered.next()).value).toMatchObject({ key: 'a', row: { title: 'a' } });
    rows.delete('a');
    rows.delete('b');
    for (const key of ['b', 'a']) feed.announce(key);
    expect((await delivered.next()).value).toMatchObject({ key: 'a', row: null });
    for (const key of ['a', 'b', 'c']) feed.announce(key);
    expect((await delivered.next()).value).toMatchObject({ key: 'c', row: { title: 'c' } });
  });

  it('goes on in the feed where too much waits for it, and tells nothing of how much was hidden', async () => {
    const { feed, delivered } = await fanOut();
    feed.announce('a');
    expect((await delivered.next()).value).toMatchObject({ key: 'a' });
    for (let hidden = 0; hidden < 2_500; hidden++) feed.announce(`hidden ${hidden}`);
    feed.announce('b');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await delivered.next()).value).toMatchObject({ key: 'b' });
    feed.announce('c');
    expect((await delivered.next()).value).toMatchObject({ key: 'c' });
    const nothing = delivered.next();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await delivered.return(undefined);
    expect(await nothing).toMatchObject({ done: true });
  });

  it('hears of its own view alone, as things come and when it resumes', async () => {
    const { feed, delivered, resumed } = await fanOut();
    feed.announce('a');
    const { cursor } = (await delivered.next()).value as { cursor: string };
    feed.announce('b', 'test.others');
    feed.announce('c');
    expect((await delivered.next()).value).toMatchObject({ key: 'c' });
    expect((await (await resumed(cursor)).next()).value).toMatchObject({ key: 'c' });
  });

  it('resumes after no cursor but one of its own view, and is for nobody who is not signed in', async () => {
    const feed = new Announcements();
    const seal = new Seal(Buffer.alloc(32, 1));
    const changes = new Changes(feed, new Rows(new Map()), seal, new Rights());
    changes.start(new AbortController().signal);
    const of = (caller: Caller, after?: string) => changes.of<Row>(things, caller, after);
    const japan = new Caller(identity(60_000), new Rights(), 'id');
    await expect(of(japan, seal.close('change', ['test.others', '0']))).rejects.toThrow(BadToken);
    await expect(of(japan, seal.close('place', [things.name, '0']))).rejects.toThrow(BadToken);
    await (await of(japan, seal.close('change', [things.name, '0']))).return(undefined);
    await expect(of(new Caller(null, new Rights(), 'id'))).rejects.toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
    });
  });

  it('resumes after a cursor, tells each record once, and goes on with what comes', async () => {
    const { feed, delivered, resumed } = await fanOut();
    for (const key of ['a', 'b', 'c']) feed.announce(key);
    const { cursor } = (await delivered.next()).value as { cursor: string };
    const again = await resumed(cursor);
    for (const key of ['b', 'c']) expect((await again.next()).value).toMatchObject({ key });
    feed.announce('a');
    expect((await again.next()).value).toMatchObject({ key: 'a' });
  });
});
