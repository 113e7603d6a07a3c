import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import {
  ChangeFeed,
  digestsOf,
  isSeen,
  ReadModels,
  type Change,
  type FeedRange,
  type RowState,
} from '@foundation/eventing';
import { JP, markedFor, NOW, person, US } from '@kernel/testing';
import {
  instant,
  readerFor,
  view,
  type AnyView,
  type Audience,
  type DomainEvent,
  type GroupAudience,
  type Instant,
  type Level,
  type Marked,
  type Marking,
  type Principal,
} from '@kernel';
import fc from 'fast-check';
import { Caller, Principals, type Identity } from './caller.js';
import { Changes, type Delivered } from './changes.js';
import { mapAsync } from './map-async.js';
import { shownMarking } from './marking.graphql.js';
import { BadToken, OpaqueTokens } from './opaque-tokens.js';

type Row = Marked & { readonly title: string; readonly whole?: string };
const wholes: AnyView = view<DomainEvent, Row>({
  name: 'test.wholes',
  version: 1,
  events: [],
  fields: {},
  project: () => null,
});
const parts: AnyView = view<DomainEvent, Row>({
  name: 'test.parts',
  version: 1,
  events: [],
  fields: {},
  parent: { view: 'test.wholes', field: 'whole' },
  project: () => null,
});
const things: AnyView = { ...wholes, name: 'test.things' };

/** Rows and their announcements in memory, as the stores keep them: what is at stake here is who is told, and of what. */
class World extends ChangeFeed {
  readonly rows = new Map<string, Map<string, Row>>();
  #now = instant('2026-06-01T00:00:00.000Z');
  readonly #changes: Change[] = [];
  #news: () => void = () => undefined;

  stateOf(of: AnyView, key: string, at = this.#now): RowState | null {
    const row = this.rows.get(of.name)?.get(key);
    if (!row) return null;
    const { marking, whole } = row;
    const within = { key: whole!, marking: this.rows.get(wholes.name)?.get(whole!)?.marking ?? null };
    return { marking, ...(of.parent && { within }), ...digestsOf(of, row), at };
  }
  sees(of: AnyView, key: string, who: Principal): boolean {
    const state = this.stateOf(of, key);
    return state !== null && isSeen(key, state, readerFor(who, 'test'));
  }
  /** Writes a row, or takes it away, and announces it, with its parts. */
  write(of: AnyView, key: string, row: Row | null): void {
    const concerned = [[of, key] as const, ...(of === wholes ? this.#partsOf(key) : [])];
    const before = concerned.map(([each, one]) => this.stateOf(each, one));
    const rows = this.rows.get(of.name) ?? new Map<string, Row>();
    this.rows.set(of.name, rows);
    if (row) rows.set(key, row);
    else rows.delete(key);
    concerned.forEach(([each, one], index) => this.#announce(each, one, before[index]!, this.stateOf(each, one)));
    this.#news();
  }
  /** Has all that the work writes announced in one go. */
  atOnce(work: () => void): void {
    const news = this.#news;
    this.#news = () => undefined;
    work();
    this.#news = news;
    news();
  }
  /** Lets the time come to an instant. */
  pass(to: Instant): void {
    const then = this.#now;
    this.#now = to;
    for (const each of [wholes, parts, things])
      for (const key of this.rows.get(each.name)?.keys() ?? [])
        this.#announce(each, key, this.stateOf(each, key, then), this.stateOf(each, key));
    this.#news();
  }
  after(number: bigint, limit: number): Promise<readonly Change[]> {
    return Promise.resolve(this.#changes.filter((change) => change.number > number).slice(0, limit));
  }
  firstOfEach(name: string, { number, to, from, readers }: FeedRange, limit: number): Promise<readonly Change[]> {
    const concerning = this.#changes.filter(
      (each) =>
        each.view === name &&
        each.number > number &&
        each.number <= to &&
        [each.before, each.after].some(
          (state) => state !== null && readers.some((reader) => isSeen(each.key, state, reader)),
        ),
    );
    const firsts = concerning.filter(({ key }, index) => concerning.findIndex((each) => each.key === key) === index);
    return Promise.resolve(firsts.filter((each) => each.number > from).slice(0, limit));
  }
  latest(): Promise<bigint> {
    return Promise.resolve(BigInt(this.#changes.length));
  }
  listen(onNews: () => void): void {
    this.#news = onNews;
  }
  #partsOf(whole: string): (readonly [AnyView, string])[] {
    return [...(this.rows.get(parts.name) ?? [])]
      .filter(([, row]) => row.whole === whole)
      .map(([key]) => [parts, key] as const);
  }
  #announce(of: AnyView, key: string, before: RowState | null, after: RowState | null): void {
    this.#changes.push({ number: BigInt(this.#changes.length + 1), view: of.name, key, before, after });
  }
}

class Rows extends ReadModels {
  /** How many keys were asked for. */
  asked = 0;

  constructor(private readonly world: World) {
    super();
  }
  find<R extends Marked>(of: AnyView, who: Principal, keys: readonly string[]): Promise<ReadonlyMap<string, R>> {
    this.asked += keys.length;
    const readable = keys.filter((key) => this.world.sees(of, key, who));
    return Promise.resolve(new Map(readable.map((key) => [key, this.world.rows.get(of.name)!.get(key)!])) as never);
  }
  onlyFor(of: AnyView, one: Principal, other: Principal): Promise<readonly string[]> {
    const keys = [...(this.world.rows.get(of.name)?.keys() ?? [])];
    return Promise.resolve(keys.filter((key) => this.world.sees(of, key, one) && !this.world.sees(of, key, other)));
  }
  page = notAsked;
  count = notAsked;
  list = notAsked;
  sums = notAsked;
  reached = notAsked;
}
const notAsked = (): Promise<never> => Promise.reject(new Error('not asked here'));

class Rights extends Principals {
  now(): Instant {
    return NOW;
  }
  audiences: readonly Audience[] = person(JP, 'DELEGATE').audiences;
  clearance: Level = 'SECRET';
  #changed: (() => void)[] = [];

  become(audiences: readonly Audience[], clearance: Level = 'SECRET'): void {
    [this.audiences, this.clearance] = [audiences, clearance];
    for (const each of this.#changed) each();
  }
  override onChange(listener: () => void): void {
    this.#changed.push(listener);
  }
  of(): Principal {
    return { ...person(JP, 'DELEGATE'), audiences: this.audiences, clearance: this.clearance };
  }
  reached(): Promise<void> {
    return Promise.resolve();
  }
}

const identity = (milliseconds = 60_000, name = 'p'): Identity => ({
  person: name,
  country: 'JP',
  roles: ['DELEGATE'],
  expiresAt: new Date(Date.now() + milliseconds),
});

const fanOut = async () => {
  const world = new World();
  const rows = new Rows(world);
  const rights = new Rights();
  const changes = new Changes(world, rows, new OpaqueTokens(randomBytes(32)), rights);
  changes.start(new AbortController().signal);
  const subscribed = async (after?: string, of = things, who = identity()) => {
    // What was announced before is read by now.
    await settled();
    const delivered = await changes.of<Row>(of, new Caller(who, rights, 'id'), after);
    return listening(delivered);
  };
  const exporting = (after: string) =>
    changes.of<Row>(things, new Caller(identity(), rights, 'id', { exports: true }), after);
  const write = (key: string, title: string | null, marking: Marking = markedFor(JP), of = things) =>
    world.write(of, key, title === null ? null : { title, marking });
  return { world, rows, rights, subscribed, exporting, write };
};

/** A reader that has begun to listen, as every client has, and takes what comes at its own pace. */
const listening = async (delivered: AsyncGenerator<Delivered<Row>>): Promise<AsyncGenerator<Delivered<Row>>> => {
  let first: Promise<IteratorResult<Delivered<Row>>> | null = delivered.next();
  first.catch(() => undefined);
  await settled();
  const go = delivered.next.bind(delivered);
  delivered.next = () => {
    const next = first ?? go();
    first = null;
    return next;
  };
  return delivered;
};

/** Longer than anything here takes to arrive. */
const quiet = () => pause(20);
const isSilent = async (delivered: AsyncGenerator<Delivered<Row>>): Promise<void> => {
  const next = delivered.next();
  await quiet();
  await delivered.return(undefined);
  expect(await next).toMatchObject({ done: true });
};
const next = async (delivered: AsyncGenerator<Delivered<Row>>): Promise<Delivered<Row>> =>
  (await delivered.next()).value as Delivered<Row>;

const america = markedFor(US, `country:${JP}`);
const hidden = markedFor(US);
const group: GroupAudience = 'group:00000000-0000-5000-8000-000000000009' as GroupAudience;
const own: readonly Audience[] = ['PUBLIC', `country:${JP}`];

describe('A subscription', () => {
  it('ends at once for a reader that leaves while nothing happens', async () => {
    const { subscribed } = await fanOut();
    const titles = mapAsync(await subscribed(), ({ row }) => row?.title);
    const waiting = titles.next();
    await titles.return!();
    expect(await waiting).toMatchObject({ done: true });
  });

  it('ends when the token does, though nothing happens', async () => {
    const { subscribed } = await fanOut();
    const delivered = await subscribed(undefined, things, identity(30));
    await expect(delivered.next()).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
  });

  it('tells of what changes for its reader', async () => {
    const { subscribed, write } = await fanOut();
    const delivered = await subscribed();
    write('a', 'one', america);
    expect(await next(delivered)).toMatchObject({ key: 'a', row: { title: 'one' } });
    write('a', 'two', america);
    expect(await next(delivered)).toMatchObject({ key: 'a', row: { title: 'two' } });
    write('a', null);
    expect(await next(delivered)).toMatchObject({ key: 'a', row: null });
  });

  it.each<[string, Partial<Marking>]>([
    ['let in', { releaseTo: [`country:${JP}`, 'country:KZ' as Audience] }],
    ['shown it', { displayOnlyTo: ['country:KZ' as Audience] }],
    ['shut out', { denyTo: ['country:KZ' as Audience] }],
    ['let in until later', { expiresAt: instant('2030-01-01T00:00:00.000Z') }],
    ['let in since earlier', { embargoUntil: instant('2020-01-01T00:00:00.000Z') }],
  ])('is silent when a third party is %s, as it comes and when it resumes, and asks nothing', async (_, more) => {
    const { rows, subscribed, write } = await fanOut();
    write('a', 'one', america);
    const delivered = await subscribed();
    write('b', 'mark', america);
    const { cursor } = await next(delivered);
    const { asked } = rows;
    write('a', 'one', { ...america, ...more });
    await quiet();
    expect(rows.asked).toBe(asked);
    write('c', 'after', america);
    expect(await next(delivered)).toMatchObject({ key: 'c' });
    expect(await next(await subscribed(cursor))).toMatchObject({ key: 'c' });
  });

  it('tells of a marking that reads otherwise, and its owner of each', async () => {
    const { subscribed, write } = await fanOut();
    write('theirs', 'one', america);
    write('ours', 'one');
    const delivered = await subscribed();
    write('theirs', 'one', { ...america, handling: 'RED' });
    expect(await next(delivered)).toMatchObject({ key: 'theirs', row: { marking: { handling: 'RED' } } });
    write('ours', 'one', markedFor(JP, 'country:KZ' as Audience));
    expect(await next(delivered)).toMatchObject({ key: 'ours' });
    write('theirs', 'one', { ...america, handling: 'RED', displayOnlyTo: america.releaseTo, releaseTo: [] });
    expect(await next(delivered)).toMatchObject({ key: 'theirs' });
  });

  it('asks the store nothing for what is hidden before and after', async () => {
    const { rows, subscribed, write } = await fanOut();
    const delivered = await subscribed();
    for (let each = 0; each < 50; each++) write(`hidden ${each % 7}`, `title ${each}`, hidden);
    await quiet();
    expect(rows.asked).toBe(0);
    await isSilent(delivered);
  });

  it('asks for the rights again at each delivery, also within what came at once', async () => {
    const { world, rights, subscribed, write } = await fanOut();
    const delivered = await subscribed();
    // Both have come before the first is taken.
    world.atOnce(() => {
      for (const key of ['a', 'b']) write(key, key, america);
    });
    await quiet();
    expect(await next(delivered)).toMatchObject({ key: 'a' });
    rights.audiences = ['PUBLIC'];
    expect(await next(delivered)).toMatchObject({ key: 'a', row: null });
    write('b', 'more', america);
    await isSilent(delivered);
  });

  it('attack case 33: tells that records are gone when the right to them goes, not when they change next', async () => {
    const { rights, subscribed, write } = await fanOut();
    write('read in a list', 'a', america);
    const delivered = await subscribed();
    write('told', 'b', america);
    expect(await next(delivered)).toMatchObject({ key: 'told' });
    rights.become(['PUBLIC']);
    const gone = [await next(delivered), await next(delivered)];
    expect(gone.map(({ key, row }) => [key, row]).sort()).toEqual([
      ['read in a list', null],
      ['told', null],
    ]);
    for (const key of ['told', 'read in a list', 'new']) write(key, 'x', america);
    await isSilent(delivered);
  });

  it('tells what comes into sight with a right', async () => {
    const { rights, subscribed, write } = await fanOut();
    write('of the group', 'a', markedFor(US, group));
    const delivered = await subscribed();
    rights.become([...own, group]);
    expect(await next(delivered)).toMatchObject({ key: 'of the group', row: { title: 'a' } });
  });

  it('never names what its reader could not see while it had the right, and had lost it when it came', async () => {
    const { rights, subscribed, write } = await fanOut();
    rights.become([...own, group]);
    const delivered = await subscribed();
    write('mark', 'm', america);
    const { cursor } = await next(delivered);
    await delivered.return(undefined);
    rights.become(own);
    write('later', 'x', markedFor(US, group));
    write('later', 'y', markedFor(US, group));
    write('released later', 'x', hidden);
    write('released later', 'x', markedFor(US, group));
    await isSilent(await subscribed(cursor));
  });

  it('delivers each record once, in its latest state, when changes come faster than they are read', async () => {
    const { subscribed, write } = await fanOut();
    const delivered = await subscribed();
    for (const [key, title] of [
      ['a', 'first'],
      ['b', 'first'],
      ['a', 'last'],
    ] as const)
      write(key, title, america);
    await quiet();
    expect(await next(delivered)).toMatchObject({ key: 'a', row: { title: 'last' } });
    expect(await next(delivered)).toMatchObject({ key: 'b' });
    await isSilent(delivered);
  });

  it('is silent about what was given and taken before it was told', async () => {
    const { subscribed, write } = await fanOut();
    const delivered = await subscribed();
    write('a', 'a', america);
    write('a', 'a', hidden);
    await isSilent(delivered);
  });

  it('tells once that a record is gone', async () => {
    const { subscribed, write } = await fanOut();
    const delivered = await subscribed();
    write('a', 'a', america);
    expect(await next(delivered)).toMatchObject({ key: 'a', row: { title: 'a' } });
    write('a', 'a', hidden);
    expect(await next(delivered)).toMatchObject({ key: 'a', row: null });
    write('a', 'b', hidden);
    write('a', null);
    await isSilent(delivered);
  });

  it('tells that a record opens and expires with time', async () => {
    const { world, subscribed, write } = await fanOut();
    const delivered = await subscribed();
    const timed = {
      ...america,
      embargoUntil: instant('2026-06-02T00:00:00.000Z'),
      expiresAt: instant('2026-06-03T00:00:00.000Z'),
    };
    write('a', 'a', timed);
    world.pass(instant('2026-06-02T00:00:00.000Z'));
    expect(await next(delivered)).toMatchObject({ key: 'a', row: { title: 'a' } });
    world.pass(instant('2026-06-03T00:00:00.000Z'));
    expect(await next(delivered)).toMatchObject({ key: 'a', row: null });
  });

  it('has a part go and come with its whole', async () => {
    const { world, subscribed, write } = await fanOut();
    write('w', 'whole', america, wholes);
    world.write(parts, 'p', { title: 'part', whole: 'w', marking: america });
    world.write(parts, 'own', { title: 'own part', whole: 'w', marking: markedFor(JP) });
    const delivered = await subscribed(undefined, parts);
    write('w', 'whole', hidden, wholes);
    expect(await next(delivered)).toMatchObject({ key: 'p', row: null });
    write('w', 'whole', america, wholes);
    expect(await next(delivered)).toMatchObject({ key: 'p', row: { title: 'part' } });
    write('w', 'other words', america, wholes);
    write('w', null, hidden, wholes);
    expect(await next(delivered)).toMatchObject({ key: 'p', row: null });
    await isSilent(delivered);
  });

  it('goes on in the feed where too much waits for it, and tells nothing of how much was hidden', async () => {
    const { subscribed, write } = await fanOut();
    const delivered = await subscribed();
    write('a', 'a', america);
    expect(await next(delivered)).toMatchObject({ key: 'a' });
    for (let each = 0; each < 2_500; each++) write(`hidden ${each}`, 'x', hidden);
    write('b', 'b', america);
    await quiet();
    expect(await next(delivered)).toMatchObject({ key: 'b' });
    write('c', 'c', america);
    expect(await next(delivered)).toMatchObject({ key: 'c' });
    await isSilent(delivered);
  });

  it('hears of its own view alone, as things come and when it resumes', async () => {
    const { subscribed, write } = await fanOut();
    const delivered = await subscribed();
    write('a', 'a', america);
    const { cursor } = await next(delivered);
    write('b', 'b', america, wholes);
    write('c', 'c', america);
    expect(await next(delivered)).toMatchObject({ key: 'c' });
    expect(await next(await subscribed(cursor))).toMatchObject({ key: 'c' });
  });

  it('resumes after no cursor but one of its own view and person, and is for nobody who is not signed in', async () => {
    const { subscribed, exporting, write, rights } = await fanOut();
    const delivered = await subscribed();
    write('a', 'a', america);
    const { cursor } = await next(delivered);
    await expect(subscribed(cursor, wholes)).rejects.toThrow(BadToken);
    await expect(subscribed(cursor, things, identity(60_000, 'q'))).rejects.toThrow(BadToken);
    await expect(subscribed(cursor, things, { ...identity(), actingFor: 'FR' })).rejects.toThrow(BadToken);
    await (await subscribed(cursor)).return(undefined);
    const changes = new Changes(new World(), new Rows(new World()), new OpaqueTokens(randomBytes(32)), rights);
    changes.start(new AbortController().signal);
    await expect(changes.of(things, new Caller(identity(), rights, 'id'), cursor)).rejects.toThrow(BadToken);
    await expect(changes.of(things, new Caller(null, rights, 'id'), undefined)).rejects.toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
    });
    await expect(exporting(cursor)).rejects.toThrow(BadToken);
  });

  it('resumes after a cursor, tells each record once, and goes on with what comes', async () => {
    const { subscribed, write } = await fanOut();
    const delivered = await subscribed();
    for (const key of ['a', 'b', 'c']) write(key, key, america);
    const { cursor } = await next(delivered);
    const again = await subscribed(cursor);
    for (const key of ['b', 'c']) expect(await next(again)).toMatchObject({ key });
    write('a', 'new', america);
    expect(await next(again)).toMatchObject({ key: 'a' });
    await isSilent(again);
  });
});

describe('What a reader is told', () => {
  type Step =
    | { readonly do: 'write'; readonly of: 'wholes' | 'parts' | 'things'; readonly key: string; readonly title: string | null; readonly marking: Marking } // prettier-ignore
    | { readonly do: 'rights'; readonly audiences: readonly Audience[]; readonly clearance: Level }
    | { readonly do: 'pass' }
    | { readonly do: 'resume' };
  const VIEWS = { wholes, parts, things };
  const AUDIENCES: readonly Audience[] = ['PUBLIC', 'MEMBERS', `country:${JP}`, `country:${US}`, group];
  const some = fc.uniqueArray(fc.constantFrom(...AUDIENCES), { maxLength: 2 });
  const instants = fc.integer({ min: 1, max: 6 }).map((day) => instant(`2026-06-0${day}T00:00:00.000Z`));
  const markings = fc.record(
    {
      owner: fc.constantFrom(JP, US),
      releaseTo: some,
      handling: fc.constantFrom('AMBER' as const, 'GREEN' as const),
      displayOnlyTo: some,
      denyTo: some,
      needToKnow: fc.constantFrom([], [group]),
      level: fc.constantFrom('OPEN' as const, 'SECRET' as const),
      embargoUntil: instants,
      expiresAt: instants,
    },
    { requiredKeys: ['owner', 'releaseTo', 'handling'], noNullPrototype: true },
  ) as fc.Arbitrary<Marking>;
  const steps: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('write' as const),
        of: fc.constantFrom('wholes' as const, 'parts' as const, 'things' as const),
        key: fc.constantFrom('a', 'b'),
        title: fc.constantFrom('one', 'two', null),
        marking: markings,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('rights' as const),
        audiences: some,
        clearance: fc.constantFrom('OPEN' as const, 'SECRET' as const),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ do: 'pass' as const }) },
    { weight: 1, arbitrary: fc.constant({ do: 'resume' as const }) },
  );

  it('is each state of what it can see, once, and nothing else, whatever happens to records, audiences, rights and time', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(steps, { maxLength: 14 }),
        fc.constantFrom(things, parts, wholes),
        async (history, of) => {
          const { world, rights, subscribed } = await fanOut();
          const who = (): Principal => rights.of();
          const shownOf = ({ title, marking }: Row): string => {
            const { embargoUntil: _, expiresAt: __, ...untimed } = marking;
            const { mayExport } = shownMarking(untimed, who(), NOW);
            return JSON.stringify([title, { ...shownMarking(marking, who(), NOW), mayExport }]);
          };
          /** What the reader is shown of each record that it can see. */
          const sight = (): Map<string, Row> =>
            new Map([...(world.rows.get(of.name) ?? [])].filter(([key]) => world.sees(of, key, who())));
          const shownIn = (sighted: ReadonlyMap<string, Row>, key: string): string | null =>
            sighted.has(key) ? shownOf(sighted.get(key)!) : null;
          let delivered = await subscribed(undefined, of);
          let cursor: string | undefined;
          const heard: string[] = [];
          const listen = async (from: AsyncGenerator<Delivered<Row>>): Promise<void> => {
            for await (const each of from) {
              cursor = each.cursor;
              heard.push(`${each.key} ${each.row && shownOf(each.row)}`);
            }
          };
          let listening = listen(delivered);
          let day = 1;
          for (const step of history) {
            const before = sight();
            if (step.do === 'write') {
              const row = step.title && { title: step.title, whole: 'a', marking: step.marking };
              world.write(VIEWS[step.of], step.key, row || null);
            } else if (step.do === 'rights') rights.become(step.audiences, step.clearance);
            else if (step.do === 'pass') world.pass(instant(`2026-06-0${Math.min(++day, 9)}T00:00:00.000Z`));
            else if (cursor !== undefined) {
              await delivered.return(undefined);
              await listening;
              delivered = await subscribed(cursor, of);
              listening = listen(delivered);
            }
            await settled();
            const after = sight();
            const expected = [...new Set([...before.keys(), ...after.keys()])].filter(
              // By the rights of now: what they alone let a reader do with a record is no change of it.
              (key) => shownIn(before, key) !== shownIn(after, key),
            );
            const now = heard.splice(0);
            // What is told on resuming has been told before, or not: the same sight either way.
            if (step.do !== 'resume')
              expect(now.toSorted()).toEqual(expected.map((key) => `${key} ${shownIn(after, key)}`).toSorted());
            else for (const each of now) expect(each).toBe(`${each[0]!} ${shownIn(after, each[0]!)}`);
          }
          await delivered.return(undefined);
          await listening;
        },
      ),
      { numRuns: 150 },
    ));

  it('leaves whoever was away with the same copy as whoever listened', () =>
    fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 16 }), fc.constantFrom(things, parts), async (history, of) => {
        const { world, rights, subscribed, write } = await fanOut();
        const titleOf = (row: Row): string => `${row.title} ${row.marking.handling}`;
        rights.become([...own, 'MEMBERS', group]);
        write('a', 'whole', america, wholes);
        world.write(of, 'a', { title: 'a', whole: 'a', marking: america });
        const first = await subscribed(undefined, of);
        world.write(of, 'mark', { title: 'mark', whole: 'a', marking: markedFor(US, 'PUBLIC') });
        const { cursor } = await next(first);
        await first.return(undefined);
        const copy = new Map(
          [...world.rows.get(of.name)!]
            .filter(([key]) => world.sees(of, key, rights.of()))
            .map(([key, row]) => [key, titleOf(row)]),
        );
        let day = 1;
        for (const step of history) {
          if (step.do === 'write')
            world.write(
              VIEWS[step.of],
              step.key,
              step.title === null ? null : { title: step.title, whole: 'a', marking: step.marking },
            );
          else if (step.do === 'rights') rights.become(step.audiences, step.clearance);
          else if (step.do === 'pass') world.pass(instant(`2026-06-0${Math.min(++day, 9)}T00:00:00.000Z`));
        }
        const known = new Set(copy.keys());
        const resumed = await subscribed(cursor, of);
        const listening = (async () => {
          for await (const { key, row } of resumed) {
            // Only what it could see then, or can see now, is named.
            expect(row !== null || known.has(key)).toBe(true);
            if (row === null) copy.delete(key);
            else copy.set(key, titleOf(row));
          }
        })();
        await settled();
        await resumed.return(undefined);
        await listening;
        expect(copy).toEqual(
          new Map(
            [...world.rows.get(of.name)!]
              .filter(([key]) => world.sees(of, key, rights.of()))
              .map(([key, row]) => [key, titleOf(row)]),
          ),
        );
      }),
      { numRuns: 300 },
    ));
});

/** Everything here is in memory, so a few turns of the event loop bring it to rest. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve));
};
