import type { Claims } from './claims.js';
import { READERS, released, type Money, type Reader, type VisibilityFilter } from './sight.js';
import type { Stage } from './stage.js';
import type { Story } from './story.js';
import type { Supply } from './supply.js';

export type Played = {
  readonly imported: readonly string[];
  readonly stage: Stage;
  readonly story: Story;
  readonly seen: ReadonlyMap<Reader, VisibilityFilter>;
  readonly heard: readonly string[];
  /** Null where the figures were not imported. */
  readonly supply: readonly Supply[] | null;
  readonly claims: Claims;
  readonly seconds: number;
};

const WIDTH = 108;

/** What a person reads at the end. */
export const report = (played: Played): string =>
  [
    'LODESTONE: FIVE COUNTRIES SHARE, AND WHO SEES WHAT\nProjects, pledges and stock levels below are fictional. The imported facts are real and public (infra/reference).',
    section('What was imported', played.imported.join('\n\n')),
    section('What was played, through the GraphQL API', chapters(played.stage)),
    section('Who sees what in the end', matrix(played)),
    section('Funding of the gallium project, as each sees it (pledged / confirmed / drawn)', funding(played.seen)),
    section('What was refused, and why', refusals(played.stage)),
    section('What was heard live', played.heard.join('\n')),
    section('World production (USGS Mineral Commodity Summaries 2026)', supplyTable(played.supply)),
    section('Checks', checks(played)),
  ].join('\n\n');

const section = (title: string, body: string): string => `${title}\n${'─'.repeat(title.length)}\n${body}`;

const chapters = ({ chapters }: Stage): string =>
  chapters
    .map(({ title, scenes }) =>
      [title, ...scenes.map(({ who, what, refusal }) => `  ${refusal ? '✗' : '✓'} ${who.padEnd(21)} ${what}`)].join(
        '\n',
      ),
    )
    .join('\n');

const matrix = ({ seen, story }: Played): string => {
  const rows = [
    ...released(story).map(({ record, id }) => [
      record,
      ...READERS.map((reader) => (seen.get(reader)!.records.has(id) ? '●' : '·')),
    ]),
    ...(['projects', 'pledges', 'groups', 'members'] as const).map((what) => [
      `how many ${what} a list counts`,
      ...READERS.map((reader) => String(seen.get(reader)![what])),
    ]),
  ];
  return table(['', ...READERS.map(inShort)], rows);
};

const funding = (seen: ReadonlyMap<Reader, VisibilityFilter>): string =>
  [...seen]
    .map(
      ([reader, { funding }]) =>
        `${inShort(reader).padEnd(12)} ${funding.length === 0 ? '·' : funding.map(sums).join('     ')}`,
    )
    .join('\n');

const sums = ({ currency, pledged, confirmed, drawn }: Money): string =>
  `${currency} ${[pledged, confirmed, drawn].map(millions).join(' / ')} m`;

/** Whole millions, from exact decimals. */
const millions = (amount: string): string => (BigInt(amount) / 1_000_000n).toLocaleString('en');

const refusals = ({ chapters }: Stage): string =>
  chapters
    .flatMap(({ scenes }) => scenes)
    .flatMap(({ who, what, refusal }) =>
      refusal ? [`${who} ${what}\n${wrapped(`${refusal.code}: ${refusal.message}`)}`] : [],
    )
    .join('\n');

const supplyTable = (supply: readonly Supply[] | null): string => {
  if (supply === null)
    return 'Skipped: the USGS file is not there. Name it with LODESTONE_USGS_FILE, or put it at ../shared/data/usgs_mcs2026_world.csv.';
  const rows = supply.map(({ material, stage, year, form, total, largestSupplier, hhiWithin }) => [
    `${material}, ${form ?? stage.toLowerCase()}`,
    String(year),
    total ? `${grouped(total)} t` : '·',
    largestSupplier?.share ? `${largestSupplier.country} ${grouped(largestSupplier.share)} %` : '·',
    hhiWithin ? interval(hhiWithin) : '·',
  ]);
  return `${table(['', 'year', 'in all', 'largest', 'HHI'], rows)}\nHHI: Herfindahl–Hirschman index, 10,000 for a single supplier. Shares are of the world total that is stated.`;
};

const interval = ({ atLeast, atMost }: { readonly atLeast: string; readonly atMost: string }): string =>
  atLeast === atMost ? grouped(atLeast) : `${grouped(atLeast)}–${grouped(atMost)}`;

const checks = ({ claims, seconds }: Played): string => {
  const { made, wrong } = claims;
  const verdict =
    wrong.length === 0
      ? `All ${made} hold: everybody saw what was released to them, and nothing else.`
      : `${wrong.length} of ${made} do not hold:`;
  return [verdict, ...wrong.map((claim) => `  ✗ ${claim}`), `The whole took ${seconds.toFixed(1)} s.`].join('\n');
};

const table = (header: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]!.length)));
  return [header, ...rows]
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]! + 3)))
        .join(''),
    )
    .join('\n');
};

const wrapped = (sentence: string): string => {
  const lines = [''];
  for (const word of sentence.split(' ')) {
    if (lines.at(-1)!.length + word.length + 5 > WIDTH) lines.push('');
    lines[lines.length - 1] += `${lines.at(-1) === '' ? '' : ' '}${word}`;
  }
  return lines.map((line) => `    ${line}`).join('\n');
};

/** `EU LIAISON` → `EU` */
const inShort = (reader: Reader): string =>
  reader
    .replace(' LIAISON', '')
    .toLowerCase()
    .replace(/^(..)$/, (code) => code.toUpperCase());

/** `12345.678` → `12,345.7` */
const grouped = (amount: string): string => Number(amount).toLocaleString('en', { maximumFractionDigits: 1 });
