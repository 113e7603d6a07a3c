import type { Claims } from './claims.js';
import type { People } from './people.js';
import type { Story } from './story.js';

/** Those who look at the end of the story. */
export const READERS = [
  'EU LIAISON',
  'US LIAISON',
  'JP LIAISON',
  'AU LIAISON',
  'KZ LIAISON',
  'SECRETARIAT',
  'OBSERVER',
] as const;
export type Reader = (typeof READERS)[number];

export type Money = {
  readonly currency: string;
  readonly pledged: string;
  readonly confirmed: string;
  readonly drawn: string;
  readonly count: number;
};
type ProjectSeen = { readonly funding: readonly Money[]; readonly pledges: readonly { readonly id: string }[] } | null;
type Answer = {
  readonly members: { readonly totalCount: number };
  readonly groups: { readonly totalCount: number };
  readonly projects: { readonly totalCount: number };
  readonly pledges: { readonly totalCount: number };
  readonly gallium: ProjectSeen;
  readonly rareEarths: { readonly title: string } | null;
  readonly stockDeclarations: { readonly nodes: readonly { readonly id: string; readonly quantity: string | null }[] };
};

/** What one reader sees. */
export type VisibilityFilter = {
  readonly members: number;
  readonly groups: number;
  readonly projects: number;
  readonly pledges: number;
  /** Ids of the records of the story that are shown. */
  readonly records: ReadonlySet<string>;
  readonly funding: readonly Money[];
};

const QUESTION = `query ($gallium: ID!, $rareEarths: ID!, $atLeast: Position) {
  members(atLeast: $atLeast) { totalCount }
  groups(atLeast: $atLeast) { totalCount }
  projects(atLeast: $atLeast) { totalCount }
  pledges(atLeast: $atLeast) { totalCount }
  gallium: project(id: $gallium, atLeast: $atLeast) { funding { currency pledged confirmed drawn count } pledges { id } }
  rareEarths: project(id: $rareEarths, atLeast: $atLeast) { title }
  stockDeclarations(atLeast: $atLeast) { nodes { id quantity } }
}`;

/** What every reader sees of the story once it has been played to that position. */
export const sights = async (
  people: People,
  story: Story,
  atLeast: string,
): Promise<ReadonlyMap<Reader, VisibilityFilter>> => {
  const { gallium, rareEarths } = story;
  const seen = new Map<Reader, VisibilityFilter>();
  for (const reader of READERS) {
    const answer = await people.as(reader).query<Answer>(QUESTION, { gallium, rareEarths, atLeast });
    const { funding, pledges } = answer.gallium ?? { funding: [], pledges: [] };
    const records = [
      ...(answer.gallium ? [gallium] : []),
      ...(answer.rareEarths ? [rareEarths] : []),
      ...pledges.map(({ id }) => id),
      ...answer.stockDeclarations.nodes.map(({ id }) => id),
    ];
    seen.set(reader, {
      members: answer.members.totalCount,
      groups: answer.groups.totalCount,
      projects: answer.projects.totalCount,
      pledges: answer.pledges.totalCount,
      records: new Set(records),
      funding: funding.toSorted((a, b) => (a.currency < b.currency ? -1 : 1)),
    });
  }
  return seen;
};

/** The records of the story, and to whom they were released: what the markings say, written down a second time. */
export const released = (
  story: Story,
): readonly { readonly record: string; readonly id: string; readonly to: readonly Reader[] }[] => {
  const partners: readonly Reader[] = ['EU LIAISON', 'US LIAISON', 'JP LIAISON'];
  const members: readonly Reader[] = [...partners, 'AU LIAISON', 'SECRETARIAT'];
  return [
    { record: 'gallium project of EU in KZ', id: story.gallium, to: [...partners, 'KZ LIAISON'] },
    { record: '  grant of EU, 40 million EUR', id: story.grant, to: [...partners, 'KZ LIAISON'] },
    { record: '  guarantee of US, 25 million USD', id: story.guarantee, to: partners },
    { record: '  loan of JP, 6 billion JPY', id: story.loan, to: ['EU LIAISON', 'JP LIAISON'] },
    { record: 'gallium stock of JP, 12.5 t', id: story.stock, to: partners },
    { record: 'rare earth stock of AU, refused', id: story.refusedStock, to: members },
    { record: 'rare earth project of AU', id: story.rareEarths, to: members },
  ];
};

/** Each reader sees what was released to it, and sums and counts over nothing else. */
export const checkSights = (
  seen: ReadonlyMap<Reader, VisibilityFilter>,
  story: Story,
  publicProjects: number,
  claims: Claims,
): void => {
  const all = released(story);
  const eur: Money = { currency: 'EUR', pledged: '40000000', confirmed: '40000000', drawn: '15000000', count: 1 };
  const usd: Money = { currency: 'USD', pledged: '25000000', confirmed: '0', drawn: '0', count: 1 };
  const jpy: Money = { currency: 'JPY', pledged: '6000000000', confirmed: '6000000000', drawn: '0', count: 1 };
  const money = new Map([
    [story.grant, eur],
    [story.loan, jpy],
    [story.guarantee, usd],
  ]);
  for (const [reader, sight] of seen) {
    const expected = all.filter(({ to }) => to.includes(reader)).map(({ id }) => id);
    const named = (shown: (id: string) => boolean): readonly string[] =>
      all.filter(({ id }) => shown(id)).map(({ record }) => record.trim());
    claims.hold(
      `${reader} sees exactly what was released to it`,
      named((id) => sight.records.has(id)),
      named((id) => expected.includes(id)),
    );
    claims.hold(`${reader} sees no other record`, sight.records.size, expected.length);
    const projects = [story.gallium, story.rareEarths].filter((id) => expected.includes(id)).length;
    claims.hold(`${reader} counts only the projects that it sees`, sight.projects, publicProjects + projects);
    const pledges = [...money].filter(([id]) => expected.includes(id));
    claims.hold(`${reader} counts only the pledges that it sees`, sight.pledges, pledges.length);
    claims.hold(
      `${reader} sees sums over those pledges alone`,
      sight.funding,
      pledges.map(([, sum]) => sum),
    );
    claims.hold(`${reader} reads the public roster`, sight.members, 4);
    claims.hold(
      `${reader} sees the group only if it is in it`,
      sight.groups,
      ['EU LIAISON', 'US LIAISON', 'JP LIAISON'].includes(reader) ? 1 : 0,
    );
  }
};
