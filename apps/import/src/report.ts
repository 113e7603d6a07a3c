import type { Rejection, Tally } from './tally.js';

const REJECTIONS_SHOWN = 50;

/** What a person reads at the end. */
export const report = (tallies: readonly Tally[], seconds: number): string =>
  [counts(tallies), reasons(tallies), rejections(tallies), summary(tallies, seconds)]
    .filter((part) => part !== '')
    .join('\n\n');

/** The whole report, with every rejected row, for `--report FILE`. */
export const reportFile = (tallies: readonly Tally[]): string =>
  JSON.stringify(
    tallies.map(({ source, read, recorded, alreadyThere, skipped, rejected, left }) => ({
      source,
      read,
      recorded,
      alreadyThere,
      skipped: Object.fromEntries(skipped),
      rejected,
      left,
    })),
    null,
    2,
  );

const counts = (tallies: readonly Tally[]): string => {
  const header = ['', 'rows read', 'recorded', 'already there', 'skipped', 'rejected'];
  const rows = tallies.map((each) => [
    each.source,
    ...[each.read, each.recorded, each.alreadyThere, each.skippedInAll, each.rejected.length].map(figure),
  ]);
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]!.length)));
  return [header, ...rows]
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]! + 3)))
        .join(''),
    )
    .join('\n');
};

const reasons = (tallies: readonly Tally[]): string => {
  const all = tallies.flatMap(({ skipped }) => [...skipped]).toSorted(([, a], [, b]) => b - a);
  return all.length === 0
    ? ''
    : ['Skipped:', ...all.map(([reason, count]) => `${figure(count).padStart(8)}  ${reason}`)].join('\n');
};

const rejections = (tallies: readonly Tally[]): string =>
  tallies
    .filter(({ rejected }) => rejected.length > 0)
    .map(({ source, rejected }) => {
      const more = rejected.length - REJECTIONS_SHOWN;
      return [
        `Rejected of ${source}:`,
        ...rejected.slice(0, REJECTIONS_SHOWN).map(sentence),
        ...(more > 0 ? [`  … and ${figure(more)} more; --report FILE writes them all.`] : []),
      ].join('\n');
    })
    .join('\n\n');

const sentence = ({ line, subject, reason }: Rejection): string =>
  `  line ${line}: ${subject ? `${subject}: ` : ''}${reason}`;

const summary = (tallies: readonly Tally[], seconds: number): string => {
  const sum = (of: (tally: Tally) => number): number => tallies.reduce((total, tally) => total + of(tally), 0);
  const recorded = sum((tally) => tally.recorded);
  const left = sum((tally) => tally.left);
  const outcome =
    recorded === 0
      ? 'Nothing was recorded'
      : `${figure(recorded)} ${recorded === 1 ? 'fact was' : 'facts were'} recorded`;
  const why =
    recorded === 0 &&
    left === 0 &&
    sum((tally) => tally.rejected.length) === 0 &&
    sum((tally) => tally.alreadyThere) > 0
      ? ': everything is there already'
      : '';
  const rest = left > 0 ? ` ${figure(left)} rows were not reached: run the import again to go on.` : '';
  return `${outcome}${why}, in ${seconds.toFixed(1)} s.${rest}`;
};

const figure = (count: number): string => count.toLocaleString('en');
