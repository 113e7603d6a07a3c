import { isContentWithheld } from '@kernel';
import { isAsCommitted, placed } from './binding.js';
import type { StoredEvent } from './event-store.js';
import { leafOf } from './leaf.js';

/** What the history holds otherwise than it was recorded. */
export type Difference = {
  /** Of the leaf, which is the number of the event in the history. */
  readonly index: number;
  readonly eventId: string;
  /** What is otherwise: a member of the leaf, `metadata`, `content`, `order` or `count`. */
  readonly field: string;
  /** A sentence that names event, leaf and field. */
  readonly message: string;
};

/** The leaf of an event as it stands in the history; null where it lacks what the platform notes beside each event. */
export const leafIfAny = (event: StoredEvent): string | null => {
  try {
    return leafOf(placed(event));
  } catch {
    return null;
  }
};

/**
 * How the history differs from a leaf of the log.
 *
 * @param leaf the log's, proved
 * @param event what stands in its place in the history; null where nothing does
 */
export const leafDifference = (index: number, leaf: string, event: StoredEvent | null): Difference | null => {
  const text = event && leafIfAny(event);
  if (text === leaf) return null;
  const logged = JSON.parse(leaf) as Members;
  const eventId = String(logged['eventId']);
  const of = nameOf(index, eventId, String(logged['stream']), String(logged['revision']));
  const told = (field: string, what: string): Difference => ({ index, eventId, field, message: `${of}: ${what}` });
  if (event === null) return told('count', 'the history does not hold it any more. It was dropped.');
  if (event.id !== eventId) {
    const there = `${event.id} (${event.category}-${event.recordId}, revision ${event.revision})`;
    return told('order', `the history has event ${there} in its place. Events were dropped, added or moved.`);
  }
  if (text === null) return told('metadata', 'the history lacks what the platform notes beside each event.');
  const found = JSON.parse(text) as Members;
  const field = FIELDS.find((name) => JSON.stringify(found[name]) !== JSON.stringify(logged[name])) ?? 'v';
  const isDigest = typeof (found[field] ?? logged[field]) === 'object' || field === 'commandHash';
  const values = isDigest ? '' : ` ${shown(found[field])} in the history and ${shown(logged[field])} in the log`;
  return told(field, `${MEANING[field] ?? field} is${values || ' not what the log commits to'}. It was changed.`);
};

/** How the content of an event differs from what was committed to, as far as it is open or was opened. */
export const contentDifference = (index: number, event: StoredEvent): Difference | null => {
  const { id, category, recordId, revision, metadata } = event;
  const isAltered = isContentWithheld(event.event)
    ? event.event.data.because === 'ALTERED'
    : metadata?.commitment?.salt !== undefined && !isAsCommitted(event);
  if (!isAltered) return null;
  const of = nameOf(index, id, `${category}-${recordId}`, revision.toString());
  const message = `${of}: the content in the history is not the one that was committed to. It was changed.`;
  return { index, eventId: id, field: 'content', message };
};

/** The sentence for a stream of which somebody hid events. */
export const hiddenIn = (stream: string): string =>
  `Events of the stream ${stream} are hidden from its readers, by settings of the stream or by its deletion. The platform does neither.`;

type Members = Readonly<Record<string, unknown>>;

/** Members of a leaf, the most telling first. */
const FIELDS = [
  ...['stream', 'revision', 'type', 'party', 'actorKeyId', 'recordedAt', 'policyVersion'],
  ...['commandHash', 'payload', 'context', 'v'],
];
const MEANING: Members = {
  actorKeyId: 'the key of the signature',
  recordedAt: 'the time',
  policyVersion: 'the version of the policy',
  commandHash: 'the digest of the command',
  payload: 'the commitment to the content',
  context: 'the marking, or what is noted of person, roles, capacity, command and request,',
  v: 'the version of the leaf',
};

const nameOf = (index: number, eventId: string, stream: string, revision: string): string =>
  `Event ${eventId} (${stream}, revision ${revision}), leaf ${index}`;

const shown = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));
