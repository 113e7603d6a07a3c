import {
  type AnyView,
  type Audience,
  type Instant,
  type Marked,
  type Marking,
  mayRead,
  ownerAudience,
  type Reader,
  type RecordId,
  SECRETARIAT,
  termsOf,
  wholesOf,
} from '@kernel';
import { type Client, escapeIdentifier } from 'pg';
import type { LiveClasses, LiveFault } from './live-columns.js';
import { databaseOf, readerRoleOf } from './reader-role.js';
import { tableOf } from './tables.js';
import { settingsOf } from './visibility.js';

type Rows = ReadonlyMap<AnyView, ReadonlyMap<string, Marked>>;

/** Readers that are asked for. Those for whom most is at stake come first. */
const READERS = 200;

/**
 * Asks for all rows as each of a set of readers, the way the API's login does, through row-level security, and compares
 * with what the kernel's policy says of the rows.
 *
 * @param now of the transaction
 */
export const shownOtherwise = async (
  client: Client,
  rows: Rows,
  classes: LiveClasses,
  now: Instant,
): Promise<{ fault: LiveFault | null; unasked: string | null }> => {
  const refusal = await becomeReader(client);
  if (refusal !== null) return { fault: null, unasked: refusal };
  for (const reader of readersOf(rows, classes)) {
    await client.query(settingsOf(reader));
    const isAdmitted = admission(reader, now);
    for (const view of rows.keys()) {
      const should = keysFor(view, reader, isAdmitted, rows);
      const fault = await differenceFor(client, view, reader, should);
      if (fault !== null) return { fault, unasked: null };
    }
  }
  return { fault: null, unasked: null };
};

/** Until the transaction is rolled back, and with it the right to do so. @returns why not, null: it is done */
const becomeReader = async (client: Client): Promise<string | null> => {
  const role = escapeIdentifier(readerRoleOf(await databaseOf(client)));
  for (const first of ['', `GRANT ${role} TO CURRENT_USER; `]) {
    await client.query('SAVEPOINT before');
    try {
      await client.query(`${first}SET LOCAL ROLE ${role}`);
      return null;
    } catch (error) {
      await client.query('ROLLBACK TO SAVEPOINT before');
      if (first !== '') return (error as Error).message;
    }
  }
  return null;
};

/** Nobody, everybody, and for each audience that is named anywhere: who has it alone, and who has much besides. */
const readersOf = (rows: Rows, { terms }: LiveClasses): readonly Reader[] => {
  const named = new Set<Audience>(['PUBLIC', 'MEMBERS', SECRETARIAT]);
  const markings = new Map(
    [...rows.values()].flatMap((of) => [...of.values()]).map(({ marking }) => [JSON.stringify(marking), marking]),
  );
  for (const { owner, readers, denied, needed } of [...terms.values(), ...[...markings.values()].map(termsOf)])
    for (const one of [owner, ...readers, ...denied, ...needed]) named.add(one);
  const audiences = [...named].toSorted((a, b) => Number(a.startsWith('person:')) - Number(b.startsWith('person:')));
  const countries = audiences.filter((one) => one.startsWith('country:'));
  const groups = audiences.filter((one) => one.startsWith('group:'));
  const keys = [...rows.values()].flatMap((of) => [...of.keys()].slice(0, 1)) as RecordId[];
  const nobody: Reader = { audiences: [], deniedAs: [], clearance: 'OPEN', breakGlassRecords: [] };
  const asked: Reader[] = [
    nobody,
    { ...nobody, audiences: ['PUBLIC'] },
    { ...nobody, audiences: ['PUBLIC'], breakGlassRecords: keys },
    { ...nobody, audiences: ['PUBLIC', 'MEMBERS'], deniedAs: countries, clearance: 'SECRET' },
  ];
  for (const one of countries) {
    asked.push({ ...nobody, audiences: ['PUBLIC', 'MEMBERS', one] });
    asked.push({ ...nobody, audiences: ['PUBLIC', 'MEMBERS', one, ...groups], clearance: 'SECRET' });
  }
  for (const one of audiences) asked.push({ ...nobody, audiences: [one], clearance: 'SECRET' });
  return asked.slice(0, READERS);
};

type Admission = (marking: Marking) => boolean;

/** Markings are few beside rows. */
const admission = (reader: Reader, now: Instant): Admission => {
  const known = new Map<string, boolean>();
  return (marking) => {
    const text = JSON.stringify(marking);
    const admitted = known.get(text) ?? mayRead(marking, reader, now);
    known.set(text, admitted);
    return admitted;
  };
};

const keysFor = (
  view: AnyView,
  { audiences, breakGlassRecords }: Reader,
  isAdmitted: Admission,
  rows: Rows,
): string[] => {
  const isOpened = (key: string): boolean => (breakGlassRecords as readonly string[]).includes(key);
  const isShown = (of: AnyView, key: string, row: Marked): boolean =>
    isOpened(key) || (isAdmitted(row.marking) && isWithin(of, row));
  const isWithin = (of: AnyView, row: Marked): boolean => {
    if (!of.parent || audiences.includes(ownerAudience(row.marking.owner))) return true;
    const key = String((row as unknown as Record<string, unknown>)[of.parent.field] ?? '');
    const wholes = wholesOf(of);
    return [...rows].some(([whole, each]) => {
      const found = wholes.includes(whole.name) ? each.get(key) : undefined;
      return found !== undefined && isShown(whole, key, found);
    });
  };
  return [...rows.get(view)!].filter(([key, row]) => isShown(view, key, row)).map(([key]) => key);
};

const differenceFor = async (
  client: Client,
  view: AnyView,
  reader: Reader,
  should: readonly string[],
): Promise<LiveFault | null> => {
  const table = tableOf(view.name, view.version);
  const { rows } = await client.query<{ key: string }>(`SELECT key FROM ${table} ORDER BY key COLLATE "C"`);
  const [shown, allowed] = [new Set(rows.map(({ key }) => key)), new Set(should)];
  const key = [...shown, ...allowed].find((each) => shown.has(each) !== allowed.has(each));
  if (key === undefined) return null;
  const isShown = shown.has(key);
  const who = reader.audiences.length === 0 ? 'nobody' : reader.audiences.join(', ');
  return {
    message: `A reader of ${who} with clearance ${reader.clearance} is ${isShown ? 'shown' : 'not shown'} the row ${key} of ${view.name}, and its marking says otherwise.`,
    view: view.name,
    key,
    live: { shown: isShown },
    folded: { shown: !isShown },
  };
};
