import { describe, expect, it } from '@jest/globals';
import { EventStoreUnavailable, ReadModels, type Issued, type Outcome, type PageRequest } from '@foundation/eventing';
import {
  view,
  type AnyRecordType,
  type AnyView,
  type DomainEvent,
  type Instant,
  type Marked,
  type Principal,
} from '@kernel';
import { JP, markedFor, NOW, person, RECORD, US } from '@kernel/testing';
import { LoggedReadModels, ReadLog } from './read-log.process.js';

type Row = Marked & { title: string };
const things: AnyView = view<DomainEvent, Row>({
  name: 'test.things',
  version: 1,
  events: [],
  fields: {},
  project: () => null,
});
const forAmerica = markedFor(JP, `country:${US}`);
const america = person(US, 'LIAISON');
const opened: Principal = { ...america, breakGlassRecords: [RECORD] };
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** What stands behind the log, as far as the log knows it: something that takes notes, or is away. */
class Notebook {
  readonly notes: string[] = [];
  isAway = false;
  accepts = true;
  asked = 0;

  issue({ command }: Issued): Promise<Outcome> {
    this.asked++;
    if (this.isAway) return Promise.reject(new EventStoreUnavailable('away'));
    if (!this.accepts)
      return Promise.resolve({ accepted: false, code: 'TEST.REFUSED', message: '', details: {} } as Outcome);
    this.notes.push((command as unknown as { says: string }).says);
    return Promise.resolve({ accepted: true } as Outcome);
  }
}

const logOver = (notebook: Notebook) => {
  const reports: string[] = [];
  let now: Instant = NOW;
  const log = new ReadLog(
    notebook,
    ({ key, who }) => {
      if (key.startsWith('public')) return null;
      const how = who.breakGlassRecords.length > 0 ? 'EMERGENCY' : who.exports ? 'EXPORT' : 'READ';
      return {
        recordType: {} as AnyRecordType,
        who: america,
        command: { type: 'Note', says: `${how} ${key}`, how } as never,
      };
    },
    () => now,
    (problem) => reports.push(problem),
  );
  return {
    log,
    reports,
    at: (instant: string) => (now = instant as Instant),
    serving: (who: Principal, ...keys: string[]) =>
      log.serving(
        things,
        who,
        keys.map((key) => ({ key, row: { marking: forAmerica } })),
      ),
  };
};

describe('The read log', () => {
  it('says each thing once a day, and again on the next', async () => {
    const notebook = new Notebook();
    const { serving, at, log } = logOver(notebook);
    await serving(america, 'a', 'public', 'b');
    await serving(america, 'b', 'a');
    await log.stop(1_000);
    expect(notebook.notes.sort()).toEqual(['READ a', 'READ b']);

    const tomorrow = logOver(notebook);
    await tomorrow.serving(america, 'a');
    tomorrow.at('2026-06-02T00:00:00.000Z');
    await tomorrow.serving(america, 'a');
    await tomorrow.log.stop(1_000);
    expect(notebook.notes.filter((note) => note === 'READ a')).toHaveLength(3);
    at(NOW);
  });

  it('says again what it was made to forget', async () => {
    const notebook = new Notebook();
    const { serving, log } = logOver(notebook);
    await serving(america, 'a');
    while (notebook.notes.length === 0) await turn();
    log.forget();
    await serving(america, 'a');
    await log.stop(1_000);
    expect(notebook.notes).toEqual(['READ a', 'READ a']);
  });

  it('lets no reader wait, and keeps what it could not say until it can', async () => {
    const notebook = new Notebook();
    notebook.isAway = true;
    const { serving, log, reports } = logOver(notebook);
    await serving(america, 'a', 'b');
    expect(notebook.asked).toBe(0);
    while (notebook.asked < 2) await turn();
    notebook.isAway = false;
    await serving(america, 'c');
    await log.stop(10_000);
    expect(notebook.notes.sort()).toEqual(['READ a', 'READ b', 'READ c']);
    expect(reports).toEqual([]);
  });

  it('tells the operator what it could not keep', async () => {
    const notebook = new Notebook();
    notebook.isAway = true;
    const { serving, log, reports } = logOver(notebook);
    await serving(america, ...Array.from({ length: 50_011 }, (_, index) => String(index)));
    expect(reports).toEqual(['1 readings could not be kept to be noted', '10 readings could not be kept to be noted']);
    await log.stop(0);
    expect(reports.at(-1)).toBe('50000 readings were not noted before the end');
  });

  it('reports a note that is refused, and goes on', async () => {
    const notebook = new Notebook();
    notebook.accepts = false;
    const { serving, log, reports } = logOver(notebook);
    await serving(america, 'a');
    await log.stop(1_000);
    expect(reports).toEqual([expect.stringContaining('TEST.REFUSED')]);
  });

  it('notes an emergency before it is served, and lets none be served that it cannot note', async () => {
    const notebook = new Notebook();
    const { serving, log } = logOver(notebook);
    await serving(opened, 'a');
    expect(notebook.notes).toEqual(['EMERGENCY a']);
    notebook.isAway = true;
    await serving(opened, 'a');
    await expect(serving(opened, 'b')).rejects.toThrow(EventStoreUnavailable);
    await log.stop(0);
  });
});

/** Rows in memory: what is at stake here is what becomes of them on their way out. */
class Rows extends ReadModels {
  pages = 0;
  readonly #rows: readonly { key: string; row: Row }[];
  constructor(...markings: Marked['marking'][]) {
    super();
    this.#rows = markings.map((marking, index) => ({ key: String(index), row: { title: String(index), marking } }));
  }
  page<R extends Marked>(_: unknown, __: Principal, { first, after }: PageRequest) {
    this.pages++;
    const from = after ? Number(after.key) + 1 : 0;
    const items = this.#rows
      .slice(from, from + first)
      .map((each) => ({ ...each, place: { value: null, key: each.key } }));
    return Promise.resolve({ items: items as never, hasNext: from + first < this.#rows.length }) as Promise<{
      items: readonly { key: string; row: R; place: { value: null; key: string } }[];
      hasNext: boolean;
    }>;
  }
  find<R extends Marked>(_: unknown, __: Principal, keys: readonly string[]): Promise<ReadonlyMap<string, R>> {
    return Promise.resolve(
      new Map(this.#rows.filter(({ key }) => keys.includes(key)).map((e) => [e.key, e.row])) as never,
    );
  }
  list<R extends Marked>(): Promise<readonly { key: string; row: R }[]> {
    return Promise.resolve(this.#rows as never);
  }
  onlyFor = () => Promise.resolve([]);
  count = () => Promise.resolve({ rows: this.#rows.length, isCapped: false });
  sums = () => Promise.resolve([]);
  reached = () => Promise.resolve();
}

describe('The read gateway with a log beside it', () => {
  const shown = { ...markedFor(JP), displayOnlyTo: [`country:${US}` as const] };
  const asked = { first: 2 };
  const keysOf = (all: readonly { key: string }[]): string[] => all.map(({ key }) => key);

  it('logs what lists, pages and keys give, and nothing that they do not', async () => {
    for (const read of [
      (door: ReadModels) => door.page(things, america, asked),
      (door: ReadModels) => door.find(things, america, ['0', '1', 'absent']),
      async (door: ReadModels) => door.list(things, america, {}, 2),
    ]) {
      const notebook = new Notebook();
      const { log } = logOver(notebook);
      await read(new LoggedReadModels(new Rows(forAmerica, shown), log, () => NOW));
      await log.stop(1_000);
      expect(notebook.notes.sort()).toEqual(['READ 0', 'READ 1']);
    }
  });

  it('lets nothing out that is only for display, however it is asked for, and fills the page', async () => {
    const notebook = new Notebook();
    const { log } = logOver(notebook);
    const rows = new Rows(shown, forAmerica, shown, shown, shown, forAmerica, shown, forAmerica);
    const door = new LoggedReadModels(rows, log, () => NOW);
    const exporter: Principal = { ...america, exports: true };
    const first = await door.page<Row>(things, exporter, asked);
    expect(keysOf(first.items)).toEqual(['1', '5']);
    expect(first.hasNext).toBe(true);
    const second = await door.page<Row>(things, exporter, { ...asked, after: first.items.at(-1)!.place });
    expect(keysOf(second.items)).toEqual(['7']);
    expect(second.hasNext).toBe(false);
    expect([...(await door.find(things, exporter, ['0', '1'])).keys()]).toEqual(['1']);
    expect(keysOf(await door.list(things, exporter, {}, 9))).toEqual(['1', '5', '7']);
    await log.stop(1_000);
    expect(notebook.notes.sort()).toEqual(['EXPORT 1', 'EXPORT 5', 'EXPORT 7']);

    expect(keysOf((await door.page<Row>(things, america, asked)).items)).toEqual(['0', '1']);
    expect(keysOf((await door.page<Row>(things, person(JP, 'LIAISON'), asked)).items)).toEqual(['0', '1']);
  });

  it('gives no row that an emergency opened and that could not be noted', async () => {
    const notebook = new Notebook();
    notebook.isAway = true;
    const { log } = logOver(notebook);
    const door = new LoggedReadModels(new Rows(forAmerica), log, () => NOW);
    await expect(door.find(things, opened, ['0'])).rejects.toThrow(EventStoreUnavailable);
    await expect(door.page(things, opened, asked)).rejects.toThrow(EventStoreUnavailable);
    await expect(door.list(things, opened, {}, 1)).rejects.toThrow(EventStoreUnavailable);
    await log.stop(0);
  });
});
