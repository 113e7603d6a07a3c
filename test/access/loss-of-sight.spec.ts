import type { CommandAccepted, LodestoneClient } from '@adapters/lodestone-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Person } from '../acceptance/support/answers.js';
import { startPlatform, type RunningPlatform } from '../acceptance/support/platform.js';
import { PATIENCE_MS } from '../support/patience.js';
import { timeFor, until } from '../support/waiting.js';

/** Japan owns what is shared; Australia reads it, goes away, and comes back. */
const JP: Person = { country: 'JP', roles: ['LIAISON', 'DELEGATE'] };
const JP_2: Person = { country: 'JP', roles: ['LIAISON', 'DELEGATE', 'APPROVER'], person: '2' };
const AU: Person = { country: 'AU', roles: ['LIAISON', 'DELEGATE'] };
const AU_2: Person = { country: 'AU', roles: ['LIAISON', 'DELEGATE'], person: '2' };
const SECRETARIAT: Person = { country: null, roles: ['SECRETARIAT'] };

let platform: RunningPlatform;
const clients = new Map<string, LodestoneClient>();
let position: string;

const client = (who: Person): LodestoneClient => {
  const name = JSON.stringify(who);
  if (!clients.has(name)) clients.set(name, platform.as(who.country, who.roles, who.person));
  return clients.get(name)!;
};
const done = async (who: Person, mutation: string, input: object): Promise<CommandAccepted> => {
  const outcome = await client(who).command(mutation, input);
  if (!outcome.accepted) throw new Error(`${mutation} was refused: ${JSON.stringify(outcome)}`);
  position = outcome.position;
  return outcome;
};

/** The kinds of records that have a subscription, with how Japan makes one and how they are listed. */
const KINDS = {
  PROJECT: { changed: 'projectChanged', one: 'project', list: 'projects' },
  PLEDGE: { changed: 'pledgeChanged', one: 'pledge', list: 'pledges' },
  STOCK_DECLARATION: { changed: 'stockDeclarationChanged', one: 'stockDeclaration', list: 'stockDeclarations' },
  BRIEF: { changed: 'briefChanged', one: 'brief', list: 'briefs' },
} as const;
type Kind = keyof typeof KINDS;
const kinds = Object.keys(KINDS) as Kind[];

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
  BRIEF: async (marking) => (await done(JP, 'writeBrief', { title: 'A brief', text: 'Words.', sources: [{ kind: 'PROJECT', id: open }], marking })).recordId, // prettier-ignore
};

/** A way to lose sight of records: the marking under which they are shared, and what takes them out of sight. */
type Way = {
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
const toGroup = (name: string) => ({ marking: () => ({ releaseTo: [groups[name]] }) });
let expiresAt: string;
const ENDING = 'comes to the end of the release';

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
    marking: () => ({ releaseTo: ['AU'] }),
    lose: (kind, id) => remark(kind, id, { releaseTo: ['AU'], denyTo: ['AU'] }),
  },
  'is not released to any more': {
    marking: () => ({ releaseTo: ['AU'] }),
    lose: (kind, id) => remark(kind, id, { releaseTo: ['US'] }),
  },
  [ENDING]: {
    marking: () => ({ releaseTo: ['AU'], expiresAt }),
    lose: () => until('the record has expired', () => new Date().toISOString() > expiresAt),
  },
  'has the content erased': {
    marking: () => ({ releaseTo: ['AU'] }),
    lose: async (kind, id) => {
      await done(JP, 'requestErasure', { kind, id, basis: 'Article 17' });
      await done(JP_2, 'approveErasure', { kind, id });
    },
  },
};
const ways = Object.keys(WAYS);
/** Of one person and not of its party, so no party is asked to give anything back. */
const isPersonal = (way: string): boolean => way === 'loses its clearance';

type Changed = { readonly changed: { cursor: string; id: string; one: { id: string } | null } };
const listen = (kind: Kind, after?: string) => {
  const { changed, one } = KINDS[kind];
  return client(AU).subscribe<Changed>(
    `subscription ($after: Cursor) { changed: ${changed}(after: $after) { cursor id one: ${one} { id } } }`,
    { after },
  );
};
const listed = async (kind: Kind): Promise<readonly string[]> => {
  const { list } = KINDS[kind];
  const { nodes } = (
    await client(AU).query<{ list: { nodes: { id: string }[] } }>(
      `query ($p: Position) { list: ${list}(first: 200, atLeast: $p) { nodes { id } } }`,
      { p: position },
    )
  ).list;
  return nodes.map(({ id }) => id);
};
type Recall = { readonly record: string; readonly cause: string };
const recalls = async (): Promise<readonly Recall[]> =>
  (await client(AU).query<{ recalls: { nodes: Recall[] } }>('{ recalls(first: 200) { nodes { record cause } } }'))
    .recalls.nodes;

const ids = new Map<string, string>();
const idOf = (way: string, kind: Kind): string => ids.get(`${way} ${kind}`)!;
/** What Australia keeps of each kind, whoever stayed and whoever was away. */
const copies = { stayed: new Map<Kind, Set<string>>(), away: new Map<Kind, Set<string>>() };
const gone = { stayed: new Map<Kind, string[]>(), away: new Map<Kind, string[]>() };
let part: { whole: string; pledge: string };

beforeAll(async () => {
  platform = await startPlatform();
  for (const country of ['JP', 'AU', 'US']) await done(SECRETARIAT, 'admitMember', { country, since: '2026-05-01' });
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

  const streams = new Map(kinds.map((kind) => [kind, listen(kind)]));
  await Promise.all([...streams.values()].map(({ opened }) => opened));
  const begun = Date.now();
  open = await make.PROJECT({ releaseTo: ['PUBLIC'], handling: 'CLEAR' });
  const makeFor = async (way: string): Promise<void> => {
    for (const kind of kinds) ids.set(`${way} ${kind}`, await make[kind](await WAYS[way]!.marking()));
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
  for (const kind of kinds) marks.set(kind, await make[kind]({ releaseTo: ['AU'] }));

  const cursors = new Map<Kind, string>();
  for (const kind of kinds) {
    const stream = streams.get(kind)!;
    while (!cursors.has(kind)) {
      const { cursor, id } = ((await stream.next()).value as Changed).changed;
      if (id === marks.get(kind)) cursors.set(kind, cursor);
    }
    const list = await listed(kind);
    copies.stayed.set(kind, new Set(list));
    copies.away.set(kind, new Set(list));
  }
  for (const way of ways) for (const kind of kinds) await WAYS[way]!.lose(kind, idOf(way, kind));
  await remark('PROJECT', part.whole, {});

  const hear = async (who: 'stayed' | 'away', kind: Kind, stream: ReturnType<typeof listen>): Promise<void> => {
    const [copy, lost] = [copies[who].get(kind)!, [] as string[]];
    gone[who].set(kind, lost);
    const listening = (async () => {
      for await (const { changed } of stream) {
        if (changed.one !== null) copy.add(changed.id);
        else {
          copy.delete(changed.id);
          lost.push(changed.id);
        }
      }
    })();
    const list = (await listed(kind)).toSorted().join();
    await until(`${who} has of ${kind} what is in the list`, () => [...copy].sort().join() === list).catch(
      // Said by the sentences below, each about its own.
      () => undefined,
    );
    stream.stop();
    await listening;
  };
  for (const kind of kinds) {
    await hear('stayed', kind, streams.get(kind)!);
    const resumed = listen(kind, cursors.get(kind));
    await resumed.opened;
    await hear('away', kind, resumed);
  }
}, 10 * PATIENCE_MS);

afterAll(() => platform?.stop());

describe('A reader that loses sight of a record', () => {
  it.each(ways.flatMap((way) => kinds.map((kind) => [way, kind] as const)))(
    'because it %s hears so once, by its stream, whether it stayed or was away: %s',
    (way, kind) => {
      const id = idOf(way, kind);
      expect(gone.stayed.get(kind)!.filter((each) => each === id)).toEqual([id]);
      expect(gone.away.get(kind)!.filter((each) => each === id)).toEqual([id]);
    },
  );

  it('loses a part with its whole', () => {
    for (const who of ['stayed', 'away'] as const) {
      expect(gone[who].get('PROJECT')).toContain(part.whole);
      expect(gone[who].get('PLEDGE')).toContain(part.pledge);
    }
  });

  it.each(kinds)('has the same copy as whoever listened, and as the list: %s', async (kind) => {
    const list = new Set(await listed(kind));
    expect(copies.stayed.get(kind)).toEqual(list);
    expect(copies.away.get(kind)).toEqual(list);
  });

  it.each(ways.filter((way) => !isPersonal(way)).flatMap((way) => kinds.map((kind) => [way, kind] as const)))(
    'because it %s is asked to give up what it has: %s',
    async (way, kind) => {
      const id = idOf(way, kind);
      const { cause } = await until(`a recall of ${id}`, async () =>
        (await recalls()).find(({ record }) => record === id),
      );
      expect(cause).toBe(way === 'has the content erased' ? 'WITHDRAWN' : 'NARROWED');
    },
  );

  it('is asked to give up a part of what it lost', async () => {
    for (const id of [part.whole, part.pledge])
      expect(await until(`a recall of ${id}`, async () => (await recalls()).find(({ record }) => record === id))).toBeDefined(); // prettier-ignore
  });

  it('is asked to give up nothing that it still sees', async () => {
    const recalled = (await recalls()).map(({ record }) => record);
    for (const kind of kinds) for (const id of await listed(kind)) expect(recalled).not.toContain(id);
  });
});
