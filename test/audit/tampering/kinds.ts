import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import type { RecordedEvent } from '../../../apps/event-store/src/event.js';

/** What somebody does to the events in the file. */
export type Tampering = {
  /** For whoever reads a failure. */
  readonly name: string;
  readonly on: (events: readonly RecordedEvent[]) => RecordedEvent[];
};

/** Picks one of as many as there are. */
type Pick = (count: number) => number;
type Path = readonly (string | number)[];

const chance = fc.nat(1_000_003);
const pickBy =
  (one: number): Pick =>
  (count) =>
    one % count;

/** The events of the platform, by their places among all. */
const placesOf = (events: readonly RecordedEvent[]): number[] =>
  events.flatMap(({ type }, place) => (type.startsWith('$') ? [] : [place]));

const one =
  (pick: Pick, change: (event: RecordedEvent) => RecordedEvent): Tampering['on'] =>
  (events) => {
    const places = placesOf(events);
    const place = places[pick(places.length)]!;
    return events.with(place, change(events[place]!));
  };

function ofMember(part: 'data' | 'metadata'): fc.Arbitrary<Tampering> {
  return fc
    .tuple(chance, chance, fc.constantFrom(...Object.keys(CHANGES)), fc.string({ minLength: 1, maxLength: 6 }))
    .map(([event, member, change, text]) => ({
      name: `${change} (${JSON.stringify(text)}, ${member}) in ${part} of event ${event}`,
      on: one(pickBy(event), (found) => {
        const value = JSON.parse(Buffer.from(found[part]).toString()) as object;
        const paths = pathsIn(value);
        const path = paths[pickBy(member)(paths.length)]!;
        return { ...found, [part]: Buffer.from(JSON.stringify(changedAt(value, path, CHANGES[change]!(text)))) };
      }),
    }));
}

const GONE = Symbol('gone');
type Change = (value: unknown) => unknown;
const CHANGES: Readonly<Record<string, (text: string) => Change>> = {
  'another text or number': (text) => (value) => (typeof value === 'number' ? value + text.length : `${text}`),
  'one character': (text) => (value) =>
    typeof value === 'string' && value.length > 0
      ? value.startsWith(text[0]!)
        ? `~${value.slice(1)}`
        : `${text[0]}${value.slice(1)}`
      : [value],
  'a longer text or list': (text) => (value) =>
    typeof value === 'string' ? value + text : Array.isArray(value) ? [...(value as unknown[]), text] : { text },
  'a further member': (text) => (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value, [`x${text}`]: text } : value,
  null: () => () => null,
  nothing: () => () => GONE,
  'an empty one': () => (value) => (Array.isArray(value) ? [] : typeof value === 'object' ? {} : ''),
};

/** Every part of a value, the whole first. */
const pathsIn = (value: unknown, at: Path = []): Path[] =>
  typeof value === 'object' && value !== null
    ? [
        at,
        ...Object.entries(value).flatMap(([key, inner]) =>
          pathsIn(inner, [...at, Array.isArray(value) ? Number(key) : key]),
        ),
      ]
    : [at];

const changedAt = (value: unknown, [key, ...rest]: Path, change: Change): unknown => {
  if (key === undefined) {
    const made = change(value);
    return made === GONE ? {} : made;
  }
  const inner = (value as Record<string | number, unknown>)[key];
  const made = rest.length === 0 ? change(inner) : changedAt(inner, rest, change);
  if (Array.isArray(value)) return made === GONE ? value.toSpliced(Number(key), 1) : value.with(Number(key), made);
  const { [key]: _, ...others } = value as Record<string | number, unknown>;
  return made === GONE ? others : { ...(value as object), [key]: made };
};

function ofColumn(): fc.Arbitrary<Tampering> {
  const changes: Readonly<Record<string, (event: RecordedEvent) => RecordedEvent>> = {
    id: (event) => ({ ...event, id: randomUUID() }),
    type: (event) => ({ ...event, type: event.type.replace(/v1$/, 'v2') }),
    'type, to one of the store’s own': (event) => ({ ...event, type: `$${event.type}` }),
    stream: (event) => ({ ...event, stream: event.stream.slice(0, -36) + randomUUID(), revision: 0 }),
    category: (event) => ({ ...event, stream: `other-${event.stream.split('-').slice(1).join('-')}`, revision: 0 }),
    revision: (event) => ({ ...event, revision: event.revision + 1_000 }),
    created: (event) => ({ ...event, created: event.created + 86_400_000 }),
    isJson: (event) => ({ ...event, isJson: !event.isJson }),
  };
  return fc.tuple(chance, fc.constantFrom(...Object.keys(changes))).map(([event, column]) => ({
    name: `the column ${column} of event ${event}`,
    on: one(pickBy(event), changes[column]!),
  }));
}

function ofBytes(): fc.Arbitrary<Tampering> {
  const spellings: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
    'spelt with spaces': (bytes) => Buffer.from(JSON.stringify(JSON.parse(Buffer.from(bytes).toString()), null, 2)),
    'spelt in another order': (bytes) =>
      Buffer.from(
        JSON.stringify(
          Object.fromEntries(Object.entries(JSON.parse(Buffer.from(bytes).toString()) as object).reverse()),
        ),
      ),
    'with a member twice': (bytes) =>
      Buffer.from(Buffer.from(bytes).toString().replace('{', '{"party":"US","marking":null,')),
    'cut off': (bytes) => bytes.subarray(0, -1),
    empty: () => Buffer.alloc(0),
    'no text': () => Buffer.from([0xff, 0xfe, 0x00]),
    'a list': () => Buffer.from('[]'),
    null: () => Buffer.from('null'),
    'a lone surrogate': () => Buffer.from('{"title":"\\ud800"}'),
  };
  return fc
    .tuple(chance, fc.constantFrom(...Object.keys(spellings)), fc.constantFrom('data' as const, 'metadata' as const))
    .map(([event, spelling, part]) => ({
      name: `${part} of event ${event} ${spelling}`,
      on: one(pickBy(event), (found) => ({ ...found, [part]: spellings[spelling]!(found[part]) })),
    }));
}

/** What hides events of a stream from its readers, and leaves them where they are. */
const settingsOf = (stream: string, settings: object): RecordedEvent => ({
  ...{ position: 0, id: randomUUID(), stream: `$$${stream}`, revision: 0, type: '$metadata', isJson: true, created: 0 },
  ...{ data: Buffer.from(JSON.stringify(settings)), metadata: Buffer.from('{}') },
});

function ofOrder(): fc.Arbitrary<Tampering> {
  const changes: Readonly<
    Record<string, (events: readonly RecordedEvent[], at: number, to: number) => RecordedEvent[]>
  > = {
    'two in each other’s place': (events, at, to) => events.with(at, events[to]!).with(to, events[at]!),
    'two in each other’s place in their streams': (events, at, to) => {
      const [a, b] = [events[at]!, events[to]!];
      return events
        .with(at, { ...b, stream: a.stream, revision: a.revision })
        .with(to, { ...a, stream: b.stream, revision: b.revision });
    },
    'one moved': (events, at, to) => events.toSpliced(at, 1).toSpliced(to, 0, events[at]!),
    'one dropped': (events, at) => events.toSpliced(at, 1),
    'one dropped, and its stream counted anew': (events, at) =>
      events
        .toSpliced(at, 1)
        .map((event) =>
          event.stream === events[at]!.stream && event.revision > events[at]!.revision
            ? { ...event, revision: event.revision - 1 }
            : event,
        ),
    'the end dropped': (events, at) => events.slice(0, at),
    'one repeated in a stream of its own': (events, at, to) =>
      events.toSpliced(to, 0, { ...events[at]!, id: randomUUID(), stream: `stock-${randomUUID()}`, revision: 0 }),
    'one repeated at the end': (events, at) => [
      ...events,
      { ...events[at]!, id: randomUUID(), stream: `stock-${randomUUID()}`, revision: 0 },
    ],
    'the settings of a stream': (events, at) => [...events, settingsOf(events[at]!.stream, { $tb: 1 })],
    'the deletion of a stream': (events, at) => [
      ...events,
      settingsOf(events[at]!.stream, { $tb: Number.MAX_SAFE_INTEGER }),
    ],
    'contents exchanged': (events, at, to) => {
      const [a, b] = [events[at]!, events[to]!];
      return events.with(at, { ...a, data: b.data }).with(to, { ...b, data: a.data });
    },
    'events exchanged but for their place': (events, at, to) => {
      const [a, b] = [events[at]!, events[to]!];
      return events
        .with(at, { ...a, data: b.data, metadata: b.metadata })
        .with(to, { ...b, data: a.data, metadata: a.metadata });
    },
  };
  return fc.tuple(chance, chance, fc.constantFrom(...Object.keys(changes))).map(([first, second, change]) => ({
    name: `${change}, ${first} and ${second}`,
    on: (events) => {
      const places = placesOf(events);
      return changes[change]!(events, places[pickBy(first)(places.length)]!, places[pickBy(second)(places.length)]!);
    },
  }));
}

/**
 * Any change to what the file holds: any member of data and metadata at any depth, every column, the bytes themselves,
 * the order and the count. The store's own events stay.
 */
export const anyTampering: fc.Arbitrary<Tampering> = fc.oneof(
  { weight: 6, arbitrary: ofMember('metadata') },
  { weight: 4, arbitrary: ofMember('data') },
  { weight: 3, arbitrary: ofColumn() },
  { weight: 2, arbitrary: ofBytes() },
  { weight: 3, arbitrary: ofOrder() },
);
