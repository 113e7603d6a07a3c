import { isAsWritten, isSealed } from './binding.js';
import type { StoredEvent, Unreadable } from './event-store.js';
import { leafInLog, ordinaryLeaf } from './leaf.js';
import { isUnreadable, lacksOwnerKey, streamOf } from './unreadable.js';

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
 * How the history differs from what was recorded at one place; null where it does not, as far as that can be told.
 *
 * @param leaf the log's, proved; null where the log has none there, or there is no log
 * @param event what stands there in the history; null where nothing does
 */
export const historyDifference = (
  index: number,
  leaf: string | null,
  event: StoredEvent | Unreadable | null,
): Difference | null => {
  if (leaf !== null && (event === null || leafInLog(event).text !== leaf))
    return leafDifference(index, JSON.parse(leaf) as Members, event);
  // What never was as the platform writes it has a leaf that says so, and is told by itself.
  const isOtherwise =
    event !== null && (doesNotOpen(event) || (leaf === null && leafInLog(event).unreadable?.unreadable === 'UNOPENED'));
  return isOtherwise ? contentDifference(index, event) : null;
};

const leafDifference = (index: number, logged: Members, event: StoredEvent | Unreadable | null): Difference => {
  const eventId = String(logged['eventId']);
  const of = nameOf(index, eventId, String(logged['stream']), String(logged['revision']));
  const told = (field: string, what: string): Difference => ({ index, eventId, field, message: `${of}: ${what}` });
  if (event === null) return told('count', 'the history does not hold it any more. It was dropped.');
  if (event.id !== eventId) {
    const there = `${event.id} (${streamOf(event)}, revision ${event.revision})`;
    return told('order', `the history has event ${there} in its place. Events were dropped, added or moved.`);
  }
  const text = logged['foreign'] ? leafInLog(event).text : claimed(event);
  if (text === null) return told('metadata', 'the history lacks what the platform notes beside each event.');
  const found = JSON.parse(text) as Members;
  if (logged['foreign'] && !found['foreign'])
    return told('metadata', 'it was no event of the platform when the log took it in. It was changed.');
  const field = FIELDS.find((name) => JSON.stringify(found[name]) !== JSON.stringify(logged[name]));
  if (field === undefined) return told('content', `${NOT_AS_COMMITTED} It was changed.`);
  const isDigest = typeof (found[field] ?? logged[field]) === 'object' || field === 'commandHash';
  const values = isDigest ? '' : ` ${shown(found[field])} in the history and ${shown(logged[field])} in the log`;
  return told(field, `${MEANING[field] ?? field} is${values || ' not what the log commits to'}. It was changed.`);
};

/** The leaf of what an event says of itself, be its content what it may. */
const claimed = (event: StoredEvent | Unreadable): string | null =>
  isUnreadable(event) ? (event.unreadable === 'FOREIGN' ? null : ordinaryLeaf(event.stored)) : ordinaryLeaf(event);

/** Whether a sealed content is none that was sealed there. Only whoever has the keys is told. */
const doesNotOpen = (event: StoredEvent | Unreadable): boolean =>
  isUnreadable(event) &&
  event.unreadable === 'UNOPENED' &&
  !lacksOwnerKey(event) &&
  isSealed(event.stored.event) &&
  isAsWritten(event.stored);

const contentDifference = (index: number, event: StoredEvent | Unreadable): Difference => {
  const { id, revision } = event;
  const of = nameOf(index, id, streamOf(event), revision.toString());
  return {
    index,
    eventId: id,
    field: 'content',
    message: `${of}: ${NOT_AS_COMMITTED} It was changed, or never was that one.`,
  };
};

/** The sentence for a stream of which somebody hid events. */
export const hiddenIn = (stream: string): string =>
  `Events of the stream ${stream} are hidden from its readers, by settings of the stream or by its deletion. The platform does neither.`;

const NOT_AS_COMMITTED = 'the content in the history is not the one that was committed to.';

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
