import { LodestoneClient, type CommandAccepted } from '@adapters/lodestone-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Person } from '../acceptance/support/answers.js';
import { startPlatform, type RunningPlatform } from '../acceptance/support/platform.js';
import { PATIENCE_MS } from '../support/patience.js';
import { timeFor, until } from '../support/waiting.js';

/** Japan owns what is shared; others read it, go away, and come back: most often Australia. */
const JP: Person = { country: 'JP', roles: ['LIAISON', 'DELEGATE'] };
const JP_2: Person = { country: 'JP', roles: ['LIAISON', 'DELEGATE', 'APPROVER'], person: '2' };
const AU: Person = { country: 'AU', roles: ['LIAISON', 'DELEGATE'] };
const AU_2: Person = { country: 'AU', roles: ['LIAISON', 'DELEGATE'], person: '2' };
const KR: Person = { country: 'KR', roles: ['LIAISON', 'DELEGATE'] };
const FR: Person = { country: 'FR', roles: ['LIAISON', 'DELEGATE'] };
const US: Person = { country: 'US', roles: ['LIAISON', 'DELEGATE'] };
const SECRETARIAT: Person = { country: null, roles: ['SECRETARIAT'] };
/** Who reads: a person, in the own country's name or another's. */
const READERS = {
  AU: { who: AU, actingFor: undefined },
  'a member': { who: KR, actingFor: undefined },
  'a delegate': { who: AU_2, actingFor: 'FR' },
  'a delegate for materials': { who: AU_2, actingFor: 'US' },
} as const;
type Reader = keyof typeof READERS;
const readers = Object.keys(READERS) as Reader[];

let platform: RunningPlatform;
const clients = new Map<string, LodestoneClient>();
let position: string;

const client = (who: Person, actingFor?: string): LodestoneClient => {
  const name = JSON.stringify([who, actingFor]);
  const made =
    clients.get(name) ?? new LodestoneClient({ url: platform.graphql, token: platform.tokenOf(who), actingFor });
  clients.set(name, made);
  return made;
};
const asReader = (reader: Reader): LodestoneClient => client(READERS[reader].who, READERS[reader].actingFor);
const done = async (who: Person, mutation: string, input: object): Promise<CommandAccepted> => {
  const outcome = await client(who).command(mutation, input);
  if (!outcome.accepted) throw new Error(`${mutation} was refused: ${JSON.stringify(outcome)}`);
  position = outcome.position;
  return outcome;
};

/** The kinds of records that are shared, with how they are asked for. */
const KINDS = {
  PROJECT: { changed: 'projectChanged', one: 'project', list: 'projects' },
  PLEDGE: { changed: 'pledgeChanged', one: 'pledge', list: 'pledges' },
  STOCK_DECLARATION: {
    ...{ changed: 'stockDeclarationChanged', one: 'stockDeclaration', list: 'stockDeclarations' },
  },
  BRIEF: { changed: 'briefChanged', one: 'brief', list: 'briefs' },
  GROUP: { changed: 'groupChanged', one: 'group', list: 'groups' },
  MATERIAL: { changed: 'materialChanged', one: 'material', list: 'materials' },
} as const;
type Kind = keyof typeof KINDS;
const kinds = Object.keys(KINDS) as Kind[];
/** Kinds whose marking is fixed once and for all, and who is not shown them in any case. */
const FIXED: readonly Kind[] = ['GROUP', 'MATERIAL'];
const remarkable = kinds.filter((kind) => !FIXED.includes(kind));
const kindsOf = (reader: Reader): readonly Kind[] =>
  reader === 'a delegate' ? remarkable : reader === 'a delegate for materials' ? ['MATERIAL'] : kinds;

let open: string;
const make: Record<Kind, (marking: object) => Promise<string>> = {
  PROJECT: async (marking) =>
    (
      await done(JP, 'proposeProject', {
        ...{ title: 'A refinery', materials: ['gallium'], stages: ['REFINING'], hostCountry: 'JP', marking },
      })
    ).recordId,
  PLEDGE: async (marking) =>
    (
      await done(JP, 'pledgeInvestment', {
        ...{ projectId: open, kind: 'GRANT', amount: '1000', currency: 'JPY', marking },
      })
    ).recordId,
  STOCK_DECLARATION: async (marking) => {
    const { recordId: id } = await done(JP, 'declareStock', {
      ...{ material: 'gallium', form: 'metal', purity: '99', quantity: '7', asOf: '2026-01-31', marking },
    });
    await done(JP_2, 'approveDeclaration', { id });
    return id;
  },
  GROUP: async (marking) => (await done(JP, 'foundGroup', { name: 'A group', members: [], marking })).recordId,
  MATERIAL: async (marking) => {
    const code = `ore-${ids.size}`;
    await done(SECRETARIAT, 'registerMaterial', { code, name: code, group: 'ores', hsCodes: [], marking });
    return `Material:${code}`;
  },
  BRIEF: async (marking) => (await done(JP, 'writeBrief', { title: 'A brief', text: 'Words.', sources: [{ kind: 'PROJECT', id: open }], marking })).recordId, // prettier-ignore
};

/** A way to lose sight of records: the marking under which they are shared, and what takes them out of sight. */
type Way = {
  /** Who loses sight; Australia where nobody is named. */
  readonly reader?: Reader;
  /** Of which kinds; of all where left out. */
  readonly kinds?: readonly Kind[];
  readonly marking: () => object | Promise<object>;
  readonly lose: (kind: Kind, id: string) => Promise<unknown>;
};
const once = (work: () => Promise<unknown>): (() => Promise<unknown>) => {
  let was: Promise<unknown> | null = null;
  return () => (was ??= work());
};
const remark = (kind: Kind, id: string, marking: object) =>
  done(JP, 'changeMarking', { kind, id, marking, reason: 'x' });
const groups: Record<string, string> = {};
const found = async (name: string, members: readonly string[]): Promise<string> =>
  (groups[name] = (await done(JP, 'foundGroup', { name, members })).recordId);
/** The secretariat, which registers materials, releases none to a group of Japan. */
const toGroup = (name: string) => ({
  kinds: kinds.filter((kind) => kind !== 'MATERIAL'),
  marking: () => ({ releaseTo: [groups[name]] }),
});
let expiresAt: string;
const ENDING = 'comes to the end of the release';
/** France lets Australia's people act for it, in these subjects. */
const mandate = (subjects: readonly string[], by = FR) =>
  done(by, 'grantMandate', { delegate: 'AU', subjects, until: '2099-01-01T00:00:00.000Z' });

const WAYS: Record<string, Way> = {
  'is taken out of the group': {
    ...toGroup('plain'),
    lose: once(() => done(JP, 'removeFromGroup', { id: groups['plain'], country: 'AU' })),
  },
  'has its group taken out of the group': {
    ...toGroup('outer'),
    lose: once(() => done(JP, 'removeSubgroup', { id: groups['outer'], group: groups['inner'] })),
  },
  'has its group taken out of the group in the group': {
    ...toGroup('outermost'),
    lose: once(() => done(JP, 'removeSubgroup', { id: groups['middle'], group: groups['innermost'] })),
  },
  'loses its clearance': {
    marking: () => ({ releaseTo: ['AU'], level: 'SECRET' }),
    lose: once(async () => {
      const { me } = await client(AU).query<{ me: { person: string } }>('{ me { person } }');
      await done(AU_2, 'revokeClearance', { person: me.person, reason: 'has run out' });
    }),
  },
  'is denied the record': {
    kinds: remarkable,
    marking: () => ({ releaseTo: ['AU'] }),
    lose: (kind, id) => remark(kind, id, { releaseTo: ['AU'], denyTo: ['AU'] }),
  },
  'is not released to any more': {
    kinds: remarkable,
    marking: () => ({ releaseTo: ['AU'] }),
    lose: (kind, id) => remark(kind, id, { releaseTo: ['US'] }),
  },
  [ENDING]: {
    marking: () => ({ releaseTo: ['AU'], expiresAt }),
    lose: () => until('the record has expired', () => new Date().toISOString() > expiresAt),
  },
  'belongs to a country that leaves the alliance': {
    reader: 'a member',
    marking: () => ({ releaseTo: ['MEMBERS'], handling: 'GREEN' }),
    lose: once(() => done(SECRETARIAT, 'withdrawMember', { country: 'KR' })),
  },
  'acts under a mandate that does not cover it any more': {
    reader: 'a delegate',
    kinds: remarkable,
    marking: () => ({ releaseTo: ['FR'] }),
    lose: once(() => mandate(['MATERIALS'])),
  },
  'acts under a mandate that does not cover materials any more': {
    reader: 'a delegate for materials',
    kinds: ['MATERIAL'],
    marking: () => ({ releaseTo: ['US'] }),
    lose: once(() => mandate(['PROJECTS'], US)),
  },
  'has the content erased': {
    kinds: remarkable,
    marking: () => ({ releaseTo: ['AU'] }),
    lose: async (kind, id) => {
      await done(JP, 'requestErasure', { kind, id, basis: 'Article 17' });
      await done(JP_2, 'approveErasure', { kind, id });
    },
  },
};
const ways = Object.keys(WAYS);
/** Each way, with each kind of which one can lose sight so. */
const losses = ways.flatMap((way) => (WAYS[way]!.kinds ?? kinds).map((kind) => [way, kind] as const));
const readerOf = (way: string): Reader => WAYS[way]!.reader ?? 'AU';
/** Of one person and not of its party, so no party is asked to give anything back. */
const isPersonal = (way: string): boolean => way === 'loses its clearance' || way.startsWith('acts under a mandate');

type Changed = { readonly changed: { cursor: string; id: string; one: { id: string } | null } };
const listen = (reader: Reader, kind: Kind, after?: string) => {
  const { changed, one } = KINDS[kind];
  return asReader(reader).subscribe<Changed>(
    `subscription ($after: Cursor) { changed: ${changed}(after: $after) { cursor id one: ${one} { id } } }`,
    { after },
  );
};
const listed = async (reader: Reader, kind: Kind): Promise<readonly string[]> => {
  const { list } = KINDS[kind];
  const { nodes } = (
    await asReader(reader).query<{ list: { nodes: { id: string }[] } }>(
      `query ($p: Position) { list: ${list}(first: 200, atLeast: $p) { nodes { id } } }`,
      { p: position },
    )
  ).list;
  return nodes.map(({ id }) => id);
};
type Recall = { readonly record: string; readonly cause: string };
const recalls = async (reader: Reader): Promise<readonly Recall[]> =>
  (await asReader(reader).query<{ recalls: { nodes: Recall[] } }>('{ recalls(first: 200) { nodes { record cause } } }'))
    .recalls.nodes;

/** A group and a material, which whoever had read them is asked to give up by a notice besides. */
const readMore = async (): Promise<void> => {
  await found('with a member', ['KR']);
  const restricted = { releaseTo: ['MEMBERS'], handling: 'GREEN' };
  await done(SECRETARIAT, 'registerMaterial', { code: 'ore-x', name: 'Ore', group: 'ores', hsCodes: [], marking: restricted }); // prettier-ignore
  for (const reader of ['AU', 'a member'] as const)
    await asReader(reader).query(
      'query ($p: Position) { groups(first: 200, atLeast: $p) { nodes { id } } materials(first: 200, atLeast: $p) { nodes { code } } }',
      { p: position },
    );
};
type Noticed = {
  readonly recallChanged: { readonly cursor: string; readonly recall: { readonly record: string } | null };
};
const NOTICED = 'subscription ($after: Cursor) { recallChanged(after: $after) { cursor recall { record } } }';
let noticed: Noticed['recallChanged'];

type MandateTold = { readonly mandateChanged: { cursor: string; id: string; mandate: { revokedAt: string | null } } };
/** Of what the delegate's country may do for others, and no more. */
const toldOfMandates = (after?: string) =>
  client(AU).subscribe<MandateTold>(
    'subscription ($after: Cursor) { mandateChanged(after: $after) { cursor id mandate { revokedAt } } }',
    { after },
  );

const ids = new Map<string, string>();
const idOf = (way: string, kind: Kind): string => ids.get(`${way} ${kind}`)!;
/** What each reader keeps of each kind, and what it was told is gone, whoever stayed and whoever was away. */
const copies = { stayed: new Map<string, Set<string>>(), away: new Map<string, Set<string>>() };
const gone = { stayed: new Map<string, string[]>(), away: new Map<string, string[]>() };
const nameOf = (reader: Reader, kind: Kind): string => `${reader} ${kind}`;
const each = readers.flatMap((reader) => kindsOf(reader).map((kind) => [reader, kind] as const));
let part: { whole: string; pledge: string };

beforeAll(async () => {
  platform = await startPlatform();
  for (const country of ['JP', 'AU', 'US', 'KR', 'FR'])
    await done(SECRETARIAT, 'admitMember', { country, since: '2026-05-01' });
  await done(SECRETARIAT, 'registerMaterial', {
    ...{ code: 'gallium', name: 'Gallium', group: 'minor metals', hsCodes: ['811292'] },
  });
  for (const [who, by] of [
    [JP, JP_2],
    [JP_2, JP],
    [AU, AU_2],
  ] as const) {
    // prettier-ignore
    const { me } = await client(who).query<{ me: { person: string } }>('{ me { person } }');
    await done(by, 'grantClearance', { person: me.person, level: 'SECRET' });
  }
  await found('plain', ['AU']);
  await found('inner', ['AU']);
  await found('innermost', ['AU']);
  for (const name of ['outer', 'middle', 'outermost']) await found(name, []);
  await done(JP, 'admitSubgroup', { id: groups['outer'], group: groups['inner'] });
  await done(JP, 'admitSubgroup', { id: groups['middle'], group: groups['innermost'] });
  await done(JP, 'admitSubgroup', { id: groups['outermost'], group: groups['middle'] });

  await mandate(['PROJECTS', 'STOCKPILES', 'BRIEFS']);
  await mandate(['PROJECTS', 'MATERIALS'], US);

  const streams = new Map(each.map((of) => [nameOf(...of), listen(...of)]));
  await Promise.all([...streams.values()].map(({ opened }) => opened));
  const begun = Date.now();
  open = await make.PROJECT({ releaseTo: ['PUBLIC'], handling: 'CLEAR' });
  const makeFor = async (way: string): Promise<void> => {
    for (const kind of WAYS[way]!.kinds ?? kinds)
      ids.set(`${way} ${kind}`, await make[kind](await WAYS[way]!.marking()));
  };
  for (const way of ways) if (way !== ENDING) await makeFor(way);
  // Long enough for what is still to be made, told and listed, as this machine goes.
  expiresAt = new Date(Date.now() + timeFor(begun)).toISOString();
  await makeFor(ENDING);
  const whole = await make.PROJECT({ releaseTo: ['AU'] });
  part = {
    whole,
    pledge: (
      await done(JP, 'pledgeInvestment', {
        ...{ projectId: whole, kind: 'GRANT', amount: '5', currency: 'JPY', marking: { releaseTo: ['AU'] } },
      })
    ).recordId,
  };
  /** The last of each kind, by which the end of what was told is known. */
  const marks = new Map<Kind, string>();
  for (const kind of kinds) {
    marks.set(kind, await make[kind]({ releaseTo: ['AU', 'KR', 'FR', 'US'] }));
    ids.set(`the mark of ${kind}`, marks.get(kind)!);
  }

  const cursors = new Map<string, string>();
  for (const [reader, kind] of each) {
    const name = nameOf(reader, kind);
    const stream = streams.get(name)!;
    while (!cursors.has(name)) {
      const { cursor, id } = ((await stream.next()).value as Changed).changed;
      if (id === marks.get(kind)) cursors.set(name, cursor);
    }
    const list = await listed(reader, kind);
    copies.stayed.set(name, new Set(list));
    copies.away.set(name, new Set(list));
  }
  await readMore();
  const notices = client(AU).subscribe<Noticed>(NOTICED, {});
  await notices.opened;
  for (const [way, kind] of losses) await WAYS[way]!.lose(kind, idOf(way, kind));
  await remark('PROJECT', part.whole, {});
  // Whoever follows the notices alone goes away after the first, and goes on there.
  noticed = ((await notices.next()).value as Noticed).recallChanged;
  notices.stop();

  const hear = async (
    who: 'stayed' | 'away',
    reader: Reader,
    kind: Kind,
    opened: ReturnType<typeof listen>,
  ): Promise<void> => {
    const name = nameOf(reader, kind);
    const [copy, lost] = [copies[who].get(name)!, [] as string[]];
    gone[who].set(name, lost);
    let [stream, cursor, isOver] = [opened, cursors.get(name)!, false];
    const listening = (async () => {
      while (!isOver) {
        try {
          for await (const { changed } of stream) {
            cursor = changed.cursor;
            if (changed.one !== null) copy.add(changed.id);
            else {
              copy.delete(changed.id);
              lost.push(changed.id);
            }
          }
        } catch {
          // The stream of a country that leaves is ended: whoever comes again goes on after the last cursor.
        }
        if (!isOver) stream = listen(reader, kind, cursor);
      }
    })();
    const list = (await listed(reader, kind)).toSorted().join();
    await until(`${who} has of ${name} what is in the list`, () => [...copy].sort().join() === list).catch(
      // Said by the sentences below, each about its own.
      () => undefined,
    );
    isOver = true;
    stream.stop();
    await listening;
  };
  for (const [reader, kind] of each) {
    await hear('stayed', reader, kind, streams.get(nameOf(reader, kind))!);
    const resumed = listen(reader, kind, cursors.get(nameOf(reader, kind)));
    await resumed.opened;
    await hear('away', reader, kind, resumed);
  }
}, 10 * PATIENCE_MS);

afterAll(async () => {
  await Promise.all([...clients.values()].map((one) => one.close()));
  await platform?.stop();
});

describe('A reader that loses sight of a record', () => {
  it.each(losses)('because it %s hears so once, by its stream, whether it stayed or was away: %s', (way, kind) => {
    const id = idOf(way, kind);
    const name = nameOf(readerOf(way), kind);
    for (const who of ['stayed', 'away'] as const)
      expect([who, gone[who].get(name)!.filter((one) => one === id)]).toEqual([who, [id]]);
  });

  it('loses a part with its whole', () => {
    for (const who of ['stayed', 'away'] as const) {
      expect(gone[who].get(nameOf('AU', 'PROJECT'))).toContain(part.whole);
      expect(gone[who].get(nameOf('AU', 'PLEDGE'))).toContain(part.pledge);
    }
  });

  it.each(each)('has the same copy as whoever listened, and as the list: %s, %s', async (reader, kind) => {
    const list = new Set(await listed(reader, kind));
    expect(copies.stayed.get(nameOf(reader, kind))).toEqual(list);
    expect(copies.away.get(nameOf(reader, kind))).toEqual(list);
  });

  it('is refused the capacity itself once the mandate is revoked, and hears that it may not act for the other', async () => {
    const query = '{ mandates(first: 1) { nodes { id } } }';
    const [{ id }] = (await client(FR).query<{ mandates: { nodes: [{ id: string }] } }>(query)).mandates.nodes;
    const stayed = toldOfMandates();
    await stayed.opened;
    await mandate(['MATERIALS', 'BRIEFS']);
    const { value } = await stayed.next();
    expect((value as MandateTold).mandateChanged).toMatchObject({ id, mandate: { revokedAt: null } });
    await done(FR, 'revokeMandate', { id, reason: 'is over' });
    const away = toldOfMandates((value as MandateTold).mandateChanged.cursor);
    for (const each of [stayed, away])
      expect(((await each.next()).value as MandateTold).mandateChanged).toMatchObject({
        ...{ id, mandate: { revokedAt: expect.any(String) } },
      });
    for (const each of [stayed, away]) each.stop();
    await expect(asReader('a delegate').query('{ me { person } }')).rejects.toMatchObject({ code: 'NOT_MANDATED' });
  });

  it.each(losses.filter(([way, kind]) => !isPersonal(way) && remarkable.includes(kind)))(
    'because it %s is asked to give up what it has: %s',
    async (way, kind) => {
      const id = idOf(way, kind);
      const { cause } = await until(`a recall of ${id}`, async () =>
        (await recalls(readerOf(way))).find(({ record }) => record === id),
      );
      expect(cause).toBe(way === 'has the content erased' ? 'WITHDRAWN' : 'NARROWED');
    },
  );

  it('is asked to give up, besides, a group and a material that its country leaves behind', async () => {
    for (const record of [groups['with a member'], 'ore-x'])
      await until(`a recall of ${record}`, async () =>
        (await recalls('a member')).some((one) => one.record === record),
      );
  });

  it('hears so when it goes on after its last notice', async () => {
    const resumed = client(AU).subscribe<Noticed>(NOTICED, { after: noticed.cursor });
    const heard = new Set([noticed.recall?.record]);
    for (const wanted of [groups['plain'], groups['outer'], groups['outermost']])
      while (!heard.has(wanted)) heard.add(((await resumed.next()).value as Noticed).recallChanged.recall?.record);
    resumed.stop();
  });

  it('is asked to give up a part of what it lost', async () => {
    for (const id of [part.whole, part.pledge])
      expect(await until(`a recall of ${id}`, async () => (await recalls('AU')).find(({ record }) => record === id))).toBeDefined(); // prettier-ignore
  });

  it('is asked to give up nothing that it still sees', async () => {
    const recalled = (await recalls('AU')).map(({ record }) => record);
    for (const kind of kinds) for (const id of await listed('AU', kind)) expect(recalled).not.toContain(id);
  });
});
