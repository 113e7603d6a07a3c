import {
  handlingAllows,
  mayRead,
  ownerAlone,
  partyOf,
  reject,
  usualHandling,
  type AnyStream,
  type Command,
  type DomainEvent,
  type Instant,
  type Marking,
  type MarkingRequest,
  type Party,
  type Principal,
  type RecordId,
  type Reference,
  type Rejected,
} from '@kernel';
import { LRUCache } from 'lru-cache';
import {
  StreamMoved,
  type Appended,
  type EventStore,
  type Metadata,
  type NewEvent,
  type SaltedDigest,
  type StoredEvent,
} from './event-store.js';
import { newId, recordIdOfCommand, recordIdOfKey } from './identifiers.js';
import { commitTo, isCommitmentTo } from './salted-digest.js';

/** Version of the access policy that a decision was made under; noted beside every event. */
export const POLICY_VERSION = 1;

/** A command with who issues it and under which ids. */
export type Issued<C extends Command = Command> = {
  readonly stream: AnyStream;
  readonly command: C;
  readonly who: Principal;
  /** The client's own id for this command, or a new one: a repetition is answered as the first time. */
  readonly commandId: string;
  readonly correlationId: string;
};

export type Outcome = CommandAccepted | CommandRejected;
export type CommandAccepted = {
  readonly accepted: true;
  readonly commandId: string;
  readonly recordId: RecordId;
  /** Whether the command made facts; false where what it asks for was so already. */
  readonly recorded: boolean;
} & Appended;
export type CommandRejected = {
  readonly accepted: false;
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, string>>;
};

/** What is known of one record: its folded state, and the commands that made it. */
type Folded = {
  readonly state: unknown;
  readonly marking: Marking | null;
  readonly revision: bigint;
  readonly position: bigint;
  /** Shared by the folds of one record and only ever added to: copying it would make a long history cost more with each command. */
  readonly commands: Map<string, { readonly digest: SaltedDigest } & Appended>;
  /** When the store last confirmed it, on the process's monotonic clock. */
  readonly readAt: number;
};

const ABSENT: bigint = -1n;
/** How old the fold of a record that a command merely names may be, in milliseconds. */
const REFERENCE_FRESH_FOR_MS = 1000;
const ATTEMPTS = 10;
const CACHED_RECORDS = 20_000;
const REMEMBERED_COMMANDS = 100_000;

/** Refusals that any command can meet. */
export const PIPELINE_REFUSALS = {
  'ACCESS.DENIED': 'You may not give this command: your role or country does not allow it.',
  'MARKING.UNKNOWN_AUDIENCE': 'The marking names an audience that does not exist or that you do not belong to.',
  'MARKING.HANDLING_CONFLICT':
    'The handling does not go with the audience: PUBLIC needs CLEAR, and RED cannot go to MEMBERS.',
  'COMMAND.ID_REUSED':
    'This commandId was used for another command. Use a new one, or repeat the first command unchanged.',
  'STREAM.BUSY': 'Others are changing this record at the same time. Nothing was recorded; send the command again.',
} as const;
type PipelineRefusal = keyof typeof PIPELINE_REFUSALS;

/** The one way from a command to the history: authorise, load and fold, decide, append, answer. */
export class CommandPipeline {
  readonly #store: EventStore;
  readonly #streams: ReadonlyMap<string, AnyStream>;
  readonly #now: () => Instant;
  readonly #folded = new LRUCache<string, Folded>({ max: CACHED_RECORDS });
  /** First answers of this node's latest commands. The records themselves remember for ever those that made facts. */
  readonly #answered = new LRUCache<string, { readonly digest: SaltedDigest; readonly outcome: CommandAccepted }>({
    max: REMEMBERED_COMMANDS,
  });
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(store: EventStore, streams: readonly AnyStream[], now: () => Instant) {
    this.#store = store;
    this.#streams = new Map(streams.map((each) => [each.category, each]));
    this.#now = now;
  }

  /**
   * Carries out one command.
   * @throws EventStoreUnavailable when the store does not answer: the command may or may not have been recorded, and the
   * same commandId finds out.
   */
  async issue(issued: Issued): Promise<Outcome> {
    const { stream, command, who, commandId } = issued;
    const party = partyOf(who);
    if (party === null || !stream.access.mayIssue(command, who)) return refusal(reject('ACCESS.DENIED'), stream);

    const target = stream.targetOf(command, party);
    const id =
      'id' in target
        ? target.id
        : 'key' in target
          ? recordIdOfKey(stream.category, target.key)
          : recordIdOfCommand(stream.category, party, commandId);

    // What made no fact stands in no record, so a repetition of it is known only from here.
    const body = { category: stream.category, command };
    const answered = this.#answered.get(`${party} ${commandId}`);
    if (answered) {
      return isCommitmentTo(body, answered.digest) ? answered.outcome : refusal(reject('COMMAND.ID_REUSED'), stream);
    }
    const outcome = await this.#inTurn(nameOf(stream, id), () => this.#decide(issued, party, id));
    if (outcome.accepted) this.#answered.set(`${party} ${commandId}`, { digest: commitTo(body), outcome });
    return outcome;
  }

  async #decide(issued: Issued, party: Party, id: RecordId): Promise<Outcome> {
    const { stream, command, commandId } = issued;
    // A new record has a new id: the append finds out if it is a repetition, and most are not.
    const isFresh = 'fresh' in stream.targetOf(command, party);
    const known = this.#folded.get(nameOf(stream, id)) ?? (isFresh ? nothing(stream) : undefined);
    let before = known ?? (await this.#refreshed(stream, id));
    // Absent, hidden or visible: what is not an append costs one read of the store, so that time tells nothing.
    let isCertain = known === undefined;

    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const verdict = await this.#judge(issued, party, id, before);
      if ('outcome' in verdict) {
        // Another node may have moved the record on: what is not an append is only said of the stream's true end.
        if (isCertain) return verdict.outcome;
        const now = await this.#refreshed(stream, id);
        if (now.revision === before.revision) return verdict.outcome;
        before = now;
        isCertain = true;
        continue;
      }
      try {
        const appended = await this.#store.append(stream.category, id, before.revision, verdict.events);
        this.#folded.set(nameOf(stream, id), withAppended(stream, before, verdict.events, appended));
        return { accepted: true, commandId, recordId: id, recorded: true, ...appended };
      } catch (error) {
        if (!(error instanceof StreamMoved)) {
          this.#folded.delete(nameOf(stream, id));
          throw error;
        }
        before = await this.#refreshed(stream, id);
        isCertain = true;
      }
    }
    return refusal(reject('STREAM.BUSY'), stream);
  }

  /** What is to be answered, or appended, given the record as it stands. */
  async #judge(
    issued: Issued,
    party: Party,
    id: RecordId,
    before: Folded,
  ): Promise<{ outcome: Outcome } | { events: NewEvent[] }> {
    const { stream, command, who, commandId } = issued;
    const body = { category: stream.category, command };
    const refused = (rejected: Rejected) => ({ outcome: refusal(rejected, stream) });

    // 1. A command that is already in the record is answered as it was the first time.
    const earlier = before.commands.get(`${party} ${commandId}`);
    if (earlier) {
      if (!isCommitmentTo(body, earlier.digest)) return refused(reject('COMMAND.ID_REUSED'));
      return {
        outcome: {
          accepted: true,
          commandId,
          recordId: id,
          recorded: true,
          revision: earlier.revision,
          position: earlier.position,
        },
      };
    }

    // 2. Hidden and absent are one answer; only who can see the record learns that it may not act on it.
    const target = stream.targetOf(command, party);
    if (before.marking === null) {
      if ('id' in target || ('key' in target && !target.mayCreate)) return refused(reject(stream.notFound));
    } else {
      const inForce = stream.access.markingIn?.(before.state, before.marking) ?? before.marking;
      const isHidden =
        !mayRead(inForce, who) ||
        (before.marking.owner !== party && (await this.#isPartOfHidden(stream, before.state, who)));
      if (isHidden) return refused(reject('key' in target && target.mayCreate ? 'ACCESS.DENIED' : stream.notFound));
      if (!stream.access.mayAct(command, who, before.state, before.marking)) return refused(reject('ACCESS.DENIED'));
    }

    // 3. The marking asked for, and the other records that the command names.
    const asked = command.marking ?? stream.defaultMarking?.(command, id) ?? {};
    const marking = completed(asked, party);
    const unfit =
      unfitMarking(asked, marking, who, id) ?? (await this.#unfitReference(stream.refersTo?.(command) ?? [], who));
    if (unfit) return refused(unfit);

    // 4. The decision itself.
    const now = this.#now();
    const decision = stream.decider.decide(command, before.state, { now, who, recordId: id, marking });
    if (!decision.ok) return refused(decision);
    if (decision.events.length === 0) {
      return {
        outcome: {
          accepted: true,
          commandId,
          recordId: id,
          recorded: false,
          revision: before.revision,
          position: before.position,
        },
      };
    }
    const events = stamped(decision.events, issued, party, now, commitTo(body));
    requireMarking(before.revision, events, stream);
    return { events };
  }

  async #isPartOfHidden(stream: AnyStream, state: unknown, who: Principal): Promise<boolean> {
    const whole = stream.partOf?.(state) ?? null;
    return (
      whole !== null && (await this.#unfitReference([{ ...whole, missing: reject(stream.notFound) }], who)) !== null
    );
  }

  async #unfitReference(references: readonly Reference[], who: Principal): Promise<Rejected | null> {
    for (const { category, at, missing, unfit } of references) {
      const stream = this.#streams.get(category);
      if (!stream) throw new Error(`a command refers to the unknown stream category ${category}`);
      const id = 'id' in at ? at.id : recordIdOfKey(category, at.key);
      const known = this.#folded.get(nameOf(stream, id));
      const isFresh = known !== undefined && performance.now() - known.readAt < REFERENCE_FRESH_FOR_MS;
      const isReadable = ({ state, marking }: Folded): boolean =>
        marking !== null && mayRead(stream.access.markingIn?.(state, marking) ?? marking, who);
      // A hidden record costs the same one read as an absent one, so that time does not tell them apart.
      const record = isFresh && isReadable(known) ? known : await this.#refreshed(stream, id);
      if (!isReadable(record)) return missing;
      const refused = unfit?.(record.state as never) ?? null;
      if (refused) return refused;
    }
    return null;
  }

  /** The record at its stream's true end: the fold at hand, if any, and what came after it. */
  async #refreshed(stream: AnyStream, id: RecordId): Promise<Folded> {
    const known = this.#folded.get(nameOf(stream, id));
    let folded = known ?? nothing(stream);
    for await (const stored of this.#store.read(stream.category, id, known?.revision)) {
      const { commandDigest: digest } = stored.metadata;
      folded.commands.set(commandOf(stored.metadata), { digest, revision: stored.revision, position: stored.position });
      folded = withEvent(stream, folded, stored);
    }
    folded = { ...folded, readAt: performance.now() };
    if (folded.revision !== ABSENT) this.#folded.set(nameOf(stream, id), folded);
    return folded;
  }

  /** One command at a time per record on this node, so that only other nodes are raced. */
  async #inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#turns.set(name, mine);
    try {
      return await mine;
    } finally {
      if (this.#turns.get(name) === mine) this.#turns.delete(name);
    }
  }
}

/** A record that does not exist. */
const nothing = (stream: AnyStream): Folded => ({
  state: stream.decider.initial,
  marking: null,
  revision: ABSENT,
  position: ABSENT,
  commands: new Map(),
  readAt: 0,
});

const nameOf = (stream: AnyStream, id: RecordId): string => `${stream.category}-${id}`;
const commandOf = ({ party, commandId }: Metadata): string => `${party} ${commandId}`;

/** The answer for a refused command, with the sentence that goes with its code. */
const refusal = ({ code, details }: Rejected, stream: AnyStream): CommandRejected => ({
  accepted: false,
  code,
  message: (stream.refusals as Record<string, string>)[code] ?? PIPELINE_REFUSALS[code as PipelineRefusal] ?? code,
  details,
});

const completed = (asked: MarkingRequest, party: Party): Marking => {
  const releaseTo = asked.releaseTo ?? [];
  const marking: Marking = {
    owner: asked.owner ?? party,
    releaseTo,
    handling: asked.handling ?? usualHandling(releaseTo),
  };
  return releaseTo.length === 0 ? ownerAlone(marking) : marking;
};

const unfitMarking = (asked: MarkingRequest, marking: Marking, who: Principal, id: RecordId): Rejected | null => {
  if (asked.owner !== undefined && asked.owner !== partyOf(who)) return reject('ACCESS.DENIED');
  const strange = marking.releaseTo.some(
    (one) => one.startsWith('group:') && one !== `group:${id}` && !who.audiences.includes(one),
  );
  if (strange) return reject('MARKING.UNKNOWN_AUDIENCE', { field: 'marking.releaseTo' });
  if (!handlingAllows(marking.handling, marking.releaseTo))
    return reject('MARKING.HANDLING_CONFLICT', { field: 'marking.handling' });
  return null;
};

const stamped = (
  events: readonly DomainEvent[],
  { who, commandId, correlationId }: Issued,
  party: Party,
  now: Instant,
  commandDigest: SaltedDigest,
): NewEvent[] =>
  events.map((event) => ({
    // Not derived from the command: the store would take another body under the same ids for a repetition.
    id: newId(),
    event,
    metadata: {
      actor: who.person,
      party,
      roles: who.roles,
      commandId,
      commandDigest,
      correlationId,
      causationId: commandId,
      recordedAt: now,
      policyVersion: POLICY_VERSION,
      commitment: commitTo(event.data),
    },
  }));

const requireMarking = (revision: bigint, events: readonly NewEvent[], stream: AnyStream): void => {
  if (revision === ABSENT && !('marking' in (events[0]?.event.data ?? {}))) {
    throw new Error(`the first event of a ${stream.category} stream has no marking`);
  }
};

const withEvent = (
  stream: AnyStream,
  folded: Folded,
  { event, revision, position }: Pick<StoredEvent, 'event' | 'revision' | 'position'>,
): Folded => ({
  ...folded,
  state: stream.decider.evolve(folded.state, event),
  marking: folded.marking ?? (event.data as { marking?: Marking }).marking ?? null,
  revision,
  position,
});

const withAppended = (stream: AnyStream, before: Folded, events: readonly NewEvent[], appended: Appended): Folded => {
  const first = before.revision + 1n;
  const folded = events.reduce<Folded>(
    (so, { event }, index) =>
      withEvent(stream, so, { event, revision: first + BigInt(index), position: appended.position }),
    before,
  );
  const [{ metadata }] = events as [NewEvent, ...NewEvent[]];
  folded.commands.set(commandOf(metadata), { digest: metadata.commandDigest, ...appended });
  return { ...folded, readAt: performance.now() };
};
