import { liveState } from '@adapters/read-store-postgres';
import { CannotDo, databaseUrl, readSettings, WrongUsage } from '@foundation/configuration';
import { isUnreadable, type Moment, type StoredEvent, type Unreadable } from '@foundation/eventing';
import {
  CONTENT_WITHHELD,
  instant,
  InvalidValue,
  isRecordId,
  type ContentWithheld,
  type DomainEvent,
  type RecordId,
} from '@kernel';
import { parseArgs } from 'node:util';
import { type Command, EXIT, readOptions } from './command.js';
import { between, differences, knownAt, knownNowOf, recordOf, type ReplayedRecord } from './replay.js';
import { compared } from './replay-compare.js';
import { capabilities, openSources, type Sources } from './replay-sources.js';

const SOURCES = 'EVENT_STORE_URL; KEYS_DATABASE_URL and OWNER_KEYS_FOLDER for the contents';

/** Events in their order, one JSON line each. */
export const replay: Command = {
  summary: 'writes out events as the history holds them, one JSON line each',
  usage: `(--stream NAME | --record ID | --all) [--from POSITION] [--to POSITION]\n           reads ${SOURCES}`,
  async run(args) {
    const { values } = optionsOf(args, { stream: false, record: false, from: false, to: false, all: true });
    await using sources = opened();
    let events = 0;
    for await (const stored of chosen(sources, values)) {
      write(lineOf(stored));
      events++;
    }
    return ended(sources, events);
  },
};

/** A record as it was known, and as it is known now of that day. */
export const stateAt: Command = {
  summary: 'tells what was known of a record at a time, and what is known now of that day',
  usage: '--record ID --at TIME|POSITION',
  async run(args) {
    const { record: id, at } = readOptions(args, ['record', 'at']);
    const moment = momentOf('at', at);
    await using sources = opened();
    const record = await found(sources, id);
    write({
      record: id,
      kind: record.category,
      knownThen: knownAt(record, moment),
      knownNow: knownNowOf(record, moment),
    });
    return ended(sources, record.events.length);
  },
};

/** What changed in a record between two moments. */
export const diff: Command = {
  summary: 'tells what became otherwise in a record between two moments',
  usage: '--record ID --from TIME|POSITION --to TIME|POSITION',
  async run(args) {
    const { record: id, from, to } = readOptions(args, ['record', 'from', 'to']);
    const [first, second] = [momentOf('from', from), momentOf('to', to)];
    await using sources = opened();
    const record = await found(sources, id);
    for (const change of differences(record, first, second)) write(change);
    return ended(sources, record.events.length);
  },
};

/** Who did what, in whose name, and why it was refused. */
export const timeline: Command = {
  summary: 'tells who did what, in whose name, and what was refused and why',
  usage: '(--stream NAME | --record ID | --all) [--from POSITION] [--to POSITION]',
  async run(args) {
    const { values } = optionsOf(args, { stream: false, record: false, from: false, to: false, all: true });
    await using sources = opened();
    let events = 0;
    for await (const stored of chosen(sources, values)) {
      console.log(sentenceOf(stored));
      events++;
    }
    return ended(sources, events);
  },
};

/** What was told is what the history holds, and no more: that it is what was recorded, only a log proves. */
const ended = ({ altered }: Sources, events: number): number => {
  const found =
    altered.size === 0
      ? ''
      : ` ${altered.size} of them are not what was recorded, and nothing is told of their content.`;
  console.error(
    `${events} events, as the history holds them.${found} Whether they are what was recorded: verify-history.`,
  );
  return altered.size === 0 ? EXIT.GOOD : EXIT.REFUTED;
};

/** Whether the live rows are what the history makes of them. */
export const rebuild: Command = {
  summary: 'folds every list anew from the history and compares it with the live rows',
  usage: '--compare\n           reads DATABASE_URL as well, as the owner of the read models',
  async run(args) {
    const { values } = optionsOf(args, { compare: true });
    if (!values['compare']) throw new WrongUsage('--compare is missing: a rebuild in place is the projector’s.');
    const { DATABASE_URL } = readSettings({ DATABASE_URL: { parse: databaseUrl } }, process.env);
    await using sources = opened();
    const views = capabilities.flatMap((capability) => capability.views);
    const live = await liveState(DATABASE_URL, views);
    const { difference, untold, ...counts } = await compared(sources.events, live, views);
    if (difference !== null) {
      const { message, ...rest } = difference;
      console.log(message);
      write(rest);
      return EXIT.REFUTED;
    }
    if (untold.length > 0) {
      console.error(`Nothing is refuted, and this cannot be told:\n${untold.map((each) => `  ${each}`).join('\n')}`);
      return EXIT.UNDECIDED;
    }
    console.log(`The live rows are what the history makes of them: ${JSON.stringify(counts)}`);
    return EXIT.GOOD;
  },
};

type Values = Readonly<Record<string, string | boolean | undefined>>;

/** @param known names of options, and whether each is a flag */
const optionsOf = (args: readonly string[], known: Readonly<Record<string, boolean>>): { values: Values } => {
  const options = Object.fromEntries(
    Object.entries(known).map(([name, isFlag]) => [
      name,
      { type: isFlag ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  try {
    return { values: parseArgs({ args: [...args], options }).values as Values };
  } catch (cause) {
    throw new WrongUsage((cause as Error).message, { cause });
  }
};

const opened = (): Sources => openSources(process.env);

async function* chosen(
  sources: Sources,
  { stream, record, all, from, to }: Values,
): AsyncGenerator<StoredEvent | Unreadable> {
  if ([stream, record, all].filter((each) => each !== undefined).length !== 1)
    throw new WrongUsage('Give one of --stream, --record and --all.');
  const [first, last] = [positionOf('from', from), positionOf('to', to)];
  const isWithin = ({ position }: StoredEvent | Unreadable): boolean =>
    (first === undefined || position >= first) && (last === undefined || position <= last);
  if (all) return yield* between(sources.events, first, last);
  const events =
    typeof record === 'string'
      ? (await found(sources, record)).events
      : await Array.fromAsync(sources.events.read(...partsOf(String(stream))));
  if (events.length === 0) throw new CannotDo(`There is no stream ${String(stream)}.`);
  yield* events.filter(isWithin);
}

const partsOf = (stream: string): [string, RecordId] => {
  const dash = stream.indexOf('-');
  const [category, id] = [stream.slice(0, dash), stream.slice(dash + 1)];
  if (dash < 1 || !isRecordId(id))
    throw new WrongUsage(`--stream is "${stream}", which is not a name such as project-<id>.`);
  return [category, id];
};

const found = async (sources: Sources, id: string): Promise<ReplayedRecord> => {
  if (!isRecordId(id)) throw new WrongUsage(`--record is "${id}", which is not the id of a record.`);
  const record = await recordOf(sources.events, capabilities, id);
  if (!record) throw new CannotDo(`There is no record ${id}.`);
  return record;
};

const positionOf = (name: string, text: string | boolean | undefined): bigint | undefined => {
  if (text === undefined) return undefined;
  if (!/^\d{1,19}$/.test(String(text))) throw new WrongUsage(`--${name} is "${text}", which is not a position.`);
  return BigInt(text);
};

const momentOf = (name: string, text: string): Moment => {
  if (/^\d{1,19}$/.test(text)) return { position: BigInt(text) };
  try {
    return { time: instant(text) };
  } catch (error) {
    if (error instanceof InvalidValue) throw new WrongUsage(`--${name} ${error.message}, or be a position.`);
    throw error;
  }
};

const write = (value: unknown): void =>
  console.log(JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? each.toString() : each)));

/** An event under its own name, with its content unless that is withheld. */
const contentOf = (event: DomainEvent): { type: string; data: object | null } =>
  event.type === CONTENT_WITHHELD
    ? { type: (event as ContentWithheld).data.of, data: null }
    : { type: event.type, data: event.data };

const lineOf = (stored: StoredEvent | Unreadable): object => {
  if (isUnreadable(stored)) {
    const { position, recordedAt, stream, revision, id, type, unreadable, problem } = stored;
    const isAltered = unreadable === 'UNOPENED';
    const place = { position, recordedAt, stream, revision, eventId: id, type, data: null };
    return { ...place, ...(isAltered ? { altered: true } : { foreign: true }), problem };
  }
  const { id, category, recordId, revision, position, recordedAt, event, metadata } = stored;
  const { commitment: _, commandDigest: __, ...told } = metadata;
  return {
    position,
    recordedAt,
    stream: `${category}-${recordId}`,
    revision,
    eventId: id,
    ...contentOf(event),
    metadata: told,
  };
};

const sentenceOf = (stored: StoredEvent | Unreadable): string => {
  const { recordedAt, position } = stored;
  if (isUnreadable(stored)) {
    const what = stored.unreadable === 'UNOPENED' ? 'NOT WHAT WAS RECORDED' : 'NOT OF THE PLATFORM';
    return `${recordedAt}  ${position}  ${what} on ${stored.stream}: ${stored.type}`;
  }
  const { category, recordId, event, metadata } = stored;
  const { party, actor, capacity, command } = metadata;
  const { type, data } = contentOf(event);
  const name = capacity ? `${party} by ${capacity.delegate} under mandate ${capacity.mandate}` : party;
  if (type === 'audit.CommandRefused.v1') {
    const { code, command: asked, category: kind, record, times } = data as Readonly<Record<string, string | number>>;
    const about = record === undefined ? String(kind) : `${kind}-${record}`;
    return `${recordedAt}  ${position}  ${name}  ${actor}  ${asked} on ${about} REFUSED ${code}${times === 1 ? '' : ` × ${times}`}`;
  }
  return `${recordedAt}  ${position}  ${name}  ${actor}  ${command ?? '?'} on ${category}-${recordId}: ${type}`;
};
