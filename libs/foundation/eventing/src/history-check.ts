import { isContentWithheld } from '@kernel';
import { isAsCommitted } from './binding.js';
import type { StoredEvent, Unreadable } from './event-store.js';
import { leafInLog } from './leaf.js';
import { isUnreadable, streamOf } from './unreadable.js';

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

/**
 * How the history differs from a leaf of the log.
 *
 * @param leaf the log's, proved
 * @param event what stands in its place in the history; null where nothing does
 */
export const leafDifference = (
  index: number,
  leaf: string,
  event: StoredEvent | Unreadable | null,
): Difference | null => {
  const text = event && leafInLog(event).text;
  if (text === leaf) return null;
  const logged = JSON.parse(leaf) as Members;
  const eventId = String(logged['eventId']);
  const of = nameOf(index, eventId, String(logged['stream']), String(logged['revision']));
  const told = (field: string, what: string): Difference => ({ index, eventId, field, message: `${of}: ${what}` });
  if (event === null) return told('count', 'the history does not hold it any more. It was dropped.');
  if (event.id !== eventId) {
    const there = `${event.id} (${streamOf(event)}, revision ${event.revision})`;
    return told('order', `the history has event ${there} in its place. Events were dropped, added or moved.`);
  }
  const found = JSON.parse(text!) as Members;
  if (found['foreign'] && !logged['foreign'])
    return told('metadata', 'the history lacks what the platform notes beside each event.');
  if (logged['foreign'] && !found['foreign'])
    return told('metadata', 'it was no event of the platform when the log took it in. It was changed.');
  const field = FIELDS.find((name) => JSON.stringify(found[name]) !== JSON.stringify(logged[name])) ?? 'v';
  const isDigest = typeof (found[field] ?? logged[field]) === 'object' || field === 'commandHash';
  const values = isDigest ? '' : ` ${shown(found[field])} in the history and ${shown(logged[field])} in the log`;
  return told(field, `${MEANING[field] ?? field} is${values || ' not what the log commits to'}. It was changed.`);
};

/** How the content of an event differs from what was committed to, as far as it is open or was opened. */
export const contentDifference = (index: number, event: StoredEvent | Unreadable): Difference | null => {
  const { id, revision } = event;
  const isAltered = isUnreadable(event)
    ? event.unreadable === 'UNOPENED'
    : !isContentWithheld(event.event) && event.metadata.commitment.salt !== undefined && !isAsCommitted(event);
  if (!isAltered) return null;
  const of = nameOf(index, id, streamOf(event), revision.toString());
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
