import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { EventStore, isUnreadable, type StoredEvent, type Unreadable } from '@foundation/eventing';
import { CONTENT_WITHHELD } from '@kernel';
import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { checkHistory, HistoryRefuted } from '../../../apps/auditor/src/history-check.js';
import { DamageError } from '../../../apps/event-store/src/event-table.js';
import type { RecordedEvent } from '../../../apps/event-store/src/event.js';
import { startServer } from '../../../apps/event-store/src/server.js';
import { undoEverything } from '../../support/cleanup.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { putEvents } from './event-file.js';
import { anyTampering, type Tampering } from './kinds.js';
import { opened, startWorld, type World } from './world.js';

/*
 * Tampers with a history in many ways, a store of its own for each, and asks verify-history. Each must be named, or have
 * changed nothing that anybody reads. Prints the counts as JSON; TAMPERINGS is how many (250), SEED begins them.
 */

/** What became of a tampering. */
type Verdict =
  | 'named'
  | 'named as unopened'
  | 'named as newer than the log'
  | 'refused by the store'
  | 'changed nothing'
  | 'is none';

/** The history, with a note of what was read of it. */
class Watched extends EventStore {
  readonly seen: (StoredEvent | Unreadable)[] = [];
  constructor(private readonly of: EventStore) {
    super();
  }
  read: EventStore['read'] = (...asked) => this.of.read(...asked);
  last: EventStore['last'] = (...asked) => this.of.last(...asked);
  append: EventStore['append'] = (...asked) => this.of.append(...asked);
  async *follow(from: Parameters<EventStore['follow']>[0]): ReturnType<EventStore['follow']> {
    for await (const item of this.of.follow(from)) {
      if (item !== 'caughtUp') this.seen.push(item);
      yield item;
    }
  }
}

const verdictOn = async (world: World, { name, on }: Tampering): Promise<Verdict> => {
  const folder = temporaryFolder();
  const events = on(world.events);
  if (isDeepStrictEqual(events, world.events)) return 'is none';
  try {
    putEvents(folder, events);
  } catch (error) {
    // Two events at one place of a stream: the file cannot hold that.
    if (String(error).includes('UNIQUE')) return 'refused by the store';
    throw error;
  }
  let server: Awaited<ReturnType<typeof startServer>>;
  try {
    server = await startServer({
      ...{ folder, host: '127.0.0.1', port: 0, passwords: { admin: 'a', ops: 'o' } },
      ...{ keepAlive: { interval: 10_000, timeout: 10_000 }, onFatal: () => undefined },
    });
  } catch (error) {
    if (error instanceof DamageError || String(error).includes('damaged')) return 'refused by the store';
    throw error;
  }
  const history = new EventStoreDbEventStore(`esdb://127.0.0.1:${server.port}?tls=false`);
  const watched = new Watched(opened(history, world.keys));
  try {
    const { contents, withoutLeaf } = await checkHistory({ events: watched, hidden: () => history.hidden() }, world);
    if (withoutLeaf > 0)
      return isPrefix(world, watched.seen)
        ? 'named as newer than the log'
        : failed(name, 'further events hide a change');
    if (contents.firstShut !== null) return 'named as unopened';
    const isSame =
      isDeepStrictEqual(withoutPositions(watched.seen), withoutPositions(world.read)) &&
      isDeepStrictEqual(withoutPositions(await byStream(watched, world)), withoutPositions(streamsOf(world)));
    return isSame ? 'changed nothing' : failed(name, 'nobody told, and what is read is otherwise');
  } catch (error) {
    if (!(error instanceof HistoryRefuted))
      return failed(name, `not told: ${String((error as Error).stack)} ${String((error as Error).cause)}`);
    const first = firstChanged(world.events, events);
    if (error.difference === null) return 'named';
    const { index, message } = error.difference;
    const there = watched.seen[first];
    // A content that was given one of an erased record opens no more, which is told at the end.
    const isShut = there !== undefined && !isUnreadable(there) && there.event.type === CONTENT_WITHHELD;
    return index <= first || isShut
      ? 'named'
      : failed(name, `the first change is at ${first}, and what is told is ${message}`);
  } finally {
    await history.close();
    await server.stop();
  }
};

/** The records as whoever asks for one of them reads it. */
const byStream = async (store: EventStore, world: World): Promise<(StoredEvent | Unreadable)[]> => {
  const found: (StoredEvent | Unreadable)[] = [];
  for (const [{ category, recordId }] of recordsOf(world))
    found.push(...(await Array.fromAsync(store.read(category, recordId))));
  return found;
};
const recordsOf = ({ read }: World) =>
  [...Map.groupBy(read, ({ recordId }) => recordId).values()] as [StoredEvent, ...StoredEvent[]][];
const streamsOf = (world: World): StoredEvent[] => recordsOf(world).flat();

const failed = (name: string, why: string): never => {
  throw new Error(`${name}: ${why}`);
};

/** An event more at the end is newer than the log: it is counted, and changes nothing of what was recorded. */
const isPrefix = ({ read }: World, seen: readonly (StoredEvent | Unreadable)[]): boolean =>
  isDeepStrictEqual(withoutPositions(seen.slice(0, read.length)), withoutPositions(read));

const withoutPositions = (events: readonly (StoredEvent | Unreadable)[]): object[] =>
  events.map(({ position: _, ...event }) => event);

/** Number of the first event of the platform that is another. */
const firstChanged = (before: readonly RecordedEvent[], after: readonly RecordedEvent[]): number => {
  const own = (events: readonly RecordedEvent[]) => events.filter(({ type }) => !type.startsWith('$'));
  const [old, young] = [own(before), own(after)];
  const at = old.findIndex((event, index) => {
    const other = young[index];
    return !other || !isDeepStrictEqual({ ...event, position: 0 }, { ...other, position: 0 });
  });
  return at < 0 ? old.length : at;
};

const world = await startWorld();
const counts: Partial<Record<Verdict, number>> = {};
const seed = process.env['SEED'];
try {
  await fc.assert(
    fc.asyncProperty(anyTampering, async (tampering) => {
      const verdict = await verdictOn(world, tampering);
      counts[verdict] = (counts[verdict] ?? 0) + 1;
    }),
    { numRuns: Number(process.env['TAMPERINGS'] ?? 250), endOnFailure: true, ...(seed && { seed: Number(seed) }) },
  );
  console.log(JSON.stringify({ held: true, counts }));
} catch (error) {
  console.log(
    JSON.stringify({
      held: false,
      counts,
      why: String((error as Error).message),
      cause: String((error as Error).cause),
    }),
  );
}
await undoEverything();
process.exit(0);
