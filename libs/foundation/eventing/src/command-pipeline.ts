import {
  decideRecord,
  derivationObstacle,
  evolveRecord,
  handlingAllows,
  isContentWithheld,
  isNarrower,
  isRecordCommand,
  isRecordEvent,
  mayActOnRecord,
  mayIssueOfRecord,
  mayRead,
  NO_RECORD,
  ownerAudience,
  partyOf,
  readerFor,
  recordRefusals,
  reject,
  usualHandling,
  type AnyStream,
  type Audience,
  type Capability,
  type Command,
  type DomainEvent,
  type Instant,
  type Marked,
  type Marking,
  type MarkingRequest,
  type Party,
  type Permit,
  type Principal,
  type Reader,
  type Recorded,
  type RecordId,
  type RecordState,
  type Reference,
  type Rejected,
  type Source,
  type Target,
} from '@kernel';
import { leafHash } from '@foundation/transparency';
import { LRUCache } from 'lru-cache';
import { committed, placed } from './binding.js';
import {
  EventStoreUnavailable,
  StreamMoved,
  type Appended,
  type CommandSignature,
  type EventStore,
  type Metadata,
  type NewEvent,
  type SaltedDigest,
  type Standing,
  type StoredEvent,
} from './event-store.js';
import { newId, recordIdOfCommand, recordIdOfKey } from './identifiers.js';
import { leafOf } from './leaf.js';
import type { Recording } from './receipt.js';
import { RecordDoor } from './record-door.js';
import { commitTo, isCommitmentTo } from './salted-digest.js';
import { asWithheld, isUnreadable } from './unreadable.js';

/** Version of the access policy that a decision was made under; noted beside every event. */
export const POLICY_VERSION = 2;

/** A command with who issues it and under which ids. */
export type Issued<C extends Command = Command> = {
  readonly stream: AnyStream;
  readonly command: C;
  readonly who: Principal;
  /** The client's own id for this command, or a new one: a repetition is answered as the first time. */
  readonly commandId: string;
  readonly correlationId: string;
  /** The client's own signature over the command, verified. */
  readonly signature?: CommandSignature;
  /** What stands against it already, before it is looked at. */
  readonly refused?: Rejected;
};

/** Hears of every command that is refused, before it is answered. */
export type OnRefused = (issued: Issued, code: string) => Promise<void>;

export type Outcome = CommandAccepted | CommandRejected;
export type CommandAccepted = {
  readonly accepted: true;
  readonly commandId: string;
  readonly recordId: RecordId;
  /** Whether the command made facts; false where what it asks for was so already. */
  readonly recorded: boolean;
  /** Of the facts that the command made. */
  readonly leaves: readonly Recording[];
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
  readonly record: RecordState;
  readonly revision: bigint;
  readonly position: bigint;
  /** The stamp of its last event: none that follows bears an earlier one. */
  readonly recordedAt: Instant | null;
  /** How many of its events are not about its content. */
  readonly aside: bigint;
  /** Shared by the folds of one record and only ever added to: copying it would make a long history cost more with each command. */
  readonly commands: Map<string, Carried>;
  /** In whose names they were given; shared like them. */
  readonly parties: Set<string>;
  /** When the store last confirmed it, on the process's monotonic clock. */
  readonly readAt: number;
};

/** A command that is in a record. */
type Carried = { readonly digest: SaltedDigest; readonly leaves: readonly Recording[] } & Appended;

/** Another record, as a command that names it finds it. */
type Named = Marked & {
  readonly state: unknown;
  /** It, and what it is a part of, each as the asker reads it. */
  readonly sources: readonly (Source & { readonly reader: Reader })[];
  readonly asSource: Reference['asSource'];
  readonly permit: Permit | null;
};

const ABSENT: bigint = -1n;
/** How old the fold of a record that a command merely names may be, in milliseconds. */
const REFERENCE_FRESH_FOR_MS = 1000;
/** How long reading what a decision rests on may take, in milliseconds. */
const HISTORY_WITHIN_MS = 60_000;
const ATTEMPTS = 10;
const CACHED_RECORDS = 20_000;
const REMEMBERED_COMMANDS = 100_000;

/** Refusals that any command can meet. */
export const PIPELINE_REFUSALS = {
  ...recordRefusals,
  'ACCESS.DENIED': 'You may not give this command: your role or country does not allow it.',
  'MARKING.UNKNOWN_AUDIENCE': 'The marking names an audience that does not exist or that you do not belong to.',
  'MARKING.HANDLING_CONFLICT':
    'The handling does not go with the audience: PUBLIC needs CLEAR, and RED cannot go to MEMBERS.',
  'MARKING.CONTRADICTION':
    'The marking contradicts itself: the owner cannot be denied its own record, nor an embargo end after the record expires.',
  'MARKING.WIDER_THAN_SOURCE':
    'The marking would show what stands in another record to readers whom that record is not released to. Narrow it, or ask the owner of the source.',
  'COMMAND.ID_REUSED':
    'This commandId was used for another command. Use a new one, or repeat the first command unchanged.',
  'SIGNATURES.REQUIRED':
    'Your ministry demands that its commands be signed: send the signature of a key that it has registered.',
  'SIGNATURES.INVALID':
    'The signature is not one of a key of your ministry that is valid now, over this very command. Sign what you send.',
  'STREAM.BUSY': 'Others are changing this record at the same time. Nothing was recorded; send the command again.',
} as const;
type PipelineRefusal = keyof typeof PIPELINE_REFUSALS;

/** The one way from a command to the history: authorise, load and fold, decide, append, answer. */
export class CommandPipeline {
  readonly #store: EventStore;
  readonly #door: RecordDoor;
  readonly #streams: ReadonlyMap<string, AnyStream>;
  /** Names of capabilities, by stream category. */
  readonly #capabilities: ReadonlyMap<string, string>;
  readonly #now: () => Instant;
  readonly #onRefused: OnRefused;
  readonly #folded = new LRUCache<string, Folded>({ max: CACHED_RECORDS });
  /** First answers of this node's latest commands. The records themselves remember for ever those that made facts. */
  readonly #answered = new LRUCache<string, { readonly digest: SaltedDigest; readonly outcome: CommandAccepted }>({
    max: REMEMBERED_COMMANDS,
  });
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(
    store: EventStore,
    capabilities: readonly Capability[],
    now: () => Instant,
    onRefused: OnRefused = async () => {},
  ) {
    const named = capabilities.flatMap(({ name, streams }) => streams.map((stream) => ({ name, stream })));
    this.#store = store;
    this.#door = new RecordDoor(store, capabilities, now);
    this.#streams = new Map(named.map(({ stream }) => [stream.category, stream]));
    this.#capabilities = new Map(named.map(({ name, stream }) => [stream.category, name]));
    this.#now = now;
    this.#onRefused = onRefused;
  }

  /**
   * Carries out one command.
   * @throws EventStoreUnavailable when the store does not answer: the command may or may not have been recorded, and the
   * same commandId finds out.
   */
  async issue(issued: Issued): Promise<Outcome> {
    const outcome = await this.#carriedOut(issued);
    if (!outcome.accepted) await this.#onRefused(issued, outcome.code);
    return outcome;
  }

  async #carriedOut(issued: Issued): Promise<Outcome> {
    const { stream, command, who, commandId } = issued;
    if (issued.refused) return refusal(issued.refused, stream);
    const party = partyOf(who);
    if (party === null || !this.#mayIssue(stream, command, who)) return refusal(reject('ACCESS.DENIED'), stream);

    const target = targetOf(stream, command, party);
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
    // Before its turn, too: how busy others are with a hidden record is hidden as well.
    const mustBe = 'id' in target || ('key' in target && !target.mayCreate);
    if (mustBe && !(await this.#mayAddress(stream, id, who))) return refusal(reject(stream.notFound), stream);
    // What rests on other records of its kind is decided one after the other.
    const turn = stream.restsOn ? stream.category : nameOf(stream, id);
    const outcome = await this.#inTurn(turn, () => this.#decide(issued, party, id));
    if (outcome.accepted) this.#answered.set(`${party} ${commandId}`, { digest: commitTo(body), outcome });
    return outcome;
  }

  #mayIssue(stream: AnyStream, command: Command, who: Principal): boolean {
    const { mandate } = who;
    if (mandate && !(mandate.mayCommand && mandate.subjects.includes(this.#capabilities.get(stream.category)!))) {
      return false;
    }
    return isRecordCommand(command) ? mayIssueOfRecord(command, who) : stream.access.mayIssue(command, who);
  }

  /**
   * The marking that a record is under now; null of an absent one. For what the platform does by itself, not for anybody
   * who asks.
   * @throws EventStoreUnavailable
   */
  async markingInForce(category: string, id: RecordId): Promise<Marking | null> {
    const stream = this.#streams.get(category);
    if (!stream) throw new Error(`there are no records of the category ${category}`);
    const { state, record } = await this.#refreshed(stream, id);
    return record.marking && inForce(stream, state, record.marking);
  }

  /** Whether this person may read a record of the stream in that state, now. */
  #mayRead(stream: AnyStream, id: RecordId, { state, record }: Folded, who: Principal): boolean {
    const { marking, isErased } = record;
    if (marking === null || isErased) return false;
    const reader = this.#readerOf(stream, who);
    return reader.opened.includes(id) || mayRead(inForce(stream, state, marking), reader, this.#now());
  }

  /** Whether the record may be read at all on behalf of this person: see RecordDoor. */
  async #mayAddress(stream: AnyStream, id: RecordId, who: Principal): Promise<boolean> {
    const known = this.#folded.get(nameOf(stream, id));
    const isKnown = known && (known.parties.has(partyOf(who)!) || this.#mayRead(stream, id, known, who));
    return isKnown || (await this.#door.mayAddress(stream.category, id, who));
  }

  #readerOf = (stream: AnyStream, who: Principal): Reader => readerFor(who, this.#capabilities.get(stream.category)!);

  async #decide(issued: Issued, party: Party, id: RecordId): Promise<Outcome> {
    const { stream, command, commandId } = issued;
    // A new record has a new id: the append finds out if it is a repetition, and most are not.
    const isFresh = 'fresh' in targetOf(stream, command, party);
    const known = this.#folded.get(nameOf(stream, id)) ?? (isFresh ? nothing(stream) : undefined);
    let before = known ?? (await this.#refreshed(stream, id));
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
        const after = withAppended(stream, id, before, verdict.events, appended);
        this.#folded.set(nameOf(stream, id), after);
        const { leaves, position } = after.commands.get(`${party} ${commandId}`)!;
        const revision = toldRevision(after);
        return { accepted: true, commandId, recordId: id, recorded: true, leaves, revision, position };
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
          leaves: earlier.leaves,
          revision: earlier.revision,
          position: earlier.position,
        },
      };
    }

    // 2. Hidden and absent are one answer; only who can see the record learns that it may not act on it.
    const target = targetOf(stream, command, party);
    const { marking: current, isErased } = before.record;
    if (current === null && !isErased) {
      if ('id' in target || ('key' in target && !target.mayCreate)) return refused(reject(stream.notFound));
    } else {
      const isHidden =
        current === null ||
        !this.#mayRead(stream, id, before, who) ||
        (current.owner !== party && (await this.#wholeOf(stream, before.state, who)) === 'hidden');
      if (isHidden) return refused(reject('key' in target && target.mayCreate ? 'ACCESS.DENIED' : stream.notFound));
      const mayAct = isRecordCommand(command)
        ? mayActOnRecord(who, before.record)
        : stream.access.mayAct(command, who, before.state, current);
      if (!mayAct) return refused(reject('ACCESS.DENIED'));
    }

    // 3. The marking asked for, and the other records that the command names.
    const asked = command.marking ?? stream.defaultMarking?.(command, id) ?? {};
    const marking = completedMarking(asked, party);
    const unfit = unfitMarking(asked, marking, who, id);
    if (unfit) return refused(unfit);
    const isFirstOrChanged = current === null || command.type === 'ChangeMarking';
    const named = await this.#named(referencesOf(stream, command, before, marking), who);
    if ('code' in named) return refused(named);
    const obstacle = this.#obstacle(named, isFirstOrChanged ? marking : current);
    if (obstacle) return refused(obstacle);

    // 4. The decision itself.
    const history = isRecordCommand(command) ? [] : await this.#historyFor(stream);
    const now = this.#now();
    const decision = isRecordCommand(command)
      ? decideRecord(command, before.record, stream, { who, marking })
      : stream.decider.decide(command, before.state, { now, who, recordId: id, marking, referred: named, history });
    if (!decision.ok) return refused(decision);
    if (decision.events.length === 0) {
      return {
        outcome: {
          accepted: true,
          commandId,
          recordId: id,
          recorded: false,
          leaves: [],
          revision: toldRevision(before),
          position: before.position,
        },
      };
    }
    const standing = standingAfter(stream, before, decision.events, party);
    const at = notBefore(before.recordedAt, now);
    const events = stamped(decision.events, issued, party, at, commitTo(body), standing);
    requireMarking(before.revision, events, stream);
    return { events };
  }

  /** The record that one in this state is a part of, as this person may read it; null where it is a part of none. */
  async #wholeOf(stream: AnyStream, state: unknown, who: Principal): Promise<Named | 'hidden' | null> {
    const whole = stream.partOf?.(state) ?? null;
    return whole && ((await this.#find(whole, who)) ?? 'hidden');
  }

  /** The records that a command names, or the answer for the first one that it cannot name. */
  async #named(references: readonly Reference[], who: Principal): Promise<readonly Named[] | Rejected> {
    const named: Named[] = [];
    for (const reference of references) {
      const found = await this.#find(reference, who);
      if (!found) return reference.missing;
      const unfit = reference.unfit?.(found.state as never);
      if (unfit) return unfit;
      named.push(found);
    }
    return named;
  }

  /** What stands between a record with this marking and the sources among those that its command names. */
  #obstacle(named: readonly Named[], marking: Marking): Rejected | null {
    const permits = named.flatMap(({ permit }) => permit ?? []);
    for (const { asSource, sources } of named) {
      for (const source of asSource ? sources : []) {
        const obstacle = derivationObstacle(marking, source, permits, source.reader, this.#now());
        if (obstacle === 'UNAPPROVED') return asSource!.unapproved;
        if (obstacle === 'TOO_WIDE') return reject('MARKING.WIDER_THAN_SOURCE', { field: 'marking' });
      }
    }
    return null;
  }

  /** The record referred to, as it stands; null where it is absent or hidden. */
  async #find(
    reference: Pick<Reference, 'category' | 'at'> & Partial<Reference>,
    who: Principal,
  ): Promise<Named | null> {
    const { category, at, asSource, permits } = reference;
    const stream = this.#streams.get(category);
    if (!stream) throw new Error(`a command refers to the unknown stream category ${category}`);
    const id = 'id' in at ? at.id : recordIdOfKey(category, at.key);
    const known = this.#folded.get(nameOf(stream, id));
    // What an owner allows, or no longer does, holds with the very next command.
    const isFresh =
      !asSource && !permits && known !== undefined && performance.now() - known.readAt < REFERENCE_FRESH_FOR_MS;
    if (!(await this.#mayAddress(stream, id, who))) return null;
    const record = isFresh && this.#mayRead(stream, id, known, who) ? known : await this.#refreshed(stream, id);
    if (!this.#mayRead(stream, id, record, who)) return null;
    const { state } = record;
    const marking = inForce(stream, state, record.record.marking!);
    const whole = await this.#wholeOf(stream, state, who);
    // A part's owner always learns of it.
    if (whole === 'hidden' && marking.owner !== partyOf(who)) return null;
    const reader = this.#readerOf(stream, who);
    return {
      marking,
      state,
      sources: [{ id, marking, reader }, ...(whole === null || whole === 'hidden' ? [] : whole.sources)],
      asSource,
      permit: permits?.(state as never) ?? null,
    };
  }

  /** The record at its stream's true end: the fold at hand, if any, and what came after it. */
  async #refreshed(stream: AnyStream, id: RecordId): Promise<Folded> {
    const known = this.#folded.get(nameOf(stream, id));
    let folded = known ?? nothing(stream);
    for await (const stored of this.#store.read(stream.category, id, known?.revision)) {
      if (isUnreadable(stored)) {
        folded = withEvent(stream, folded, asWithheld(stored));
        continue;
      }
      const { commandDigest: digest } = stored.metadata;
      folded = withEvent(stream, folded, stored);
      const name = commandOf(stored.metadata);
      const { event, revision, metadata } = stored;
      folded.parties.add(stored.metadata.party);
      folded.commands.set(name, {
        digest,
        leaves: [
          // Read twice where two commands look at the record at one time.
          ...(folded.commands.get(name)?.leaves ?? []).filter(({ eventId }) => eventId !== stored.id),
          leafFor(stream, id, { id: stored.id, event, metadata }, revision),
        ],
        revision: toldRevision(folded),
        position: stored.position,
      });
    }
    folded = { ...folded, readAt: performance.now() };
    if (folded.revision !== ABSENT) this.#folded.set(nameOf(stream, id), folded);
    return folded;
  }

  /**
   * All that has been recorded of the kinds of records that decisions of this stream rest on.
   * @throws EventStoreUnavailable also where it does not come to an end: half a history is none
   */
  async #historyFor({ restsOn }: AnyStream): Promise<readonly Recorded[]> {
    if (!restsOn) return [];
    const facts: Recorded[] = [];
    const signal = AbortSignal.timeout(HISTORY_WITHIN_MS);
    for await (const item of this.#store.follow({ after: null, categories: restsOn, signal })) {
      if (item === 'caughtUp') return facts;
      facts.push(isUnreadable(item) ? asWithheld(item) : item);
    }
    throw new EventStoreUnavailable(`the history of ${restsOn.join(', ')} was not read to its end in time`);
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
  record: NO_RECORD,
  revision: ABSENT,
  aside: 0n,
  position: ABSENT,
  recordedAt: null,
  commands: new Map(),
  parties: new Set(),
  readAt: 0,
});

const nameOf = (stream: AnyStream, id: RecordId): string => `${stream.category}-${id}`;
const commandOf = ({ party, commandId }: Metadata): string => `${party} ${commandId}`;

/** The answer for a refused command, with the sentence that goes with its code. */
export const refusal = ({ code, details }: Rejected, stream?: AnyStream): CommandRejected => ({
  accepted: false,
  code,
  message:
    (stream?.refusals as Record<string, string> | undefined)?.[code] ??
    PIPELINE_REFUSALS[code as PipelineRefusal] ??
    code,
  details,
});

/** The marking as the state of the record lets it be in force. */
const inForce = (stream: AnyStream, state: unknown, marking: Marking): Marking =>
  stream.access.markingIn?.(state, marking) ?? marking;

/** A record that only becomes narrower stays within its sources, whatever has become of them. */
const referencesOf = (stream: AnyStream, command: Command, before: Folded, marking: Marking): readonly Reference[] => {
  if (!isRecordCommand(command)) return stream.refersTo?.(command) ?? [];
  const { marking: current } = before.record;
  const mayWiden = command.type === 'ChangeMarking' && !(current && isNarrower(marking, current));
  return mayWiden ? (stream.sourcesOf?.(before.state) ?? []) : [];
};

const targetOf = (stream: AnyStream, command: Command, party: Party): Target =>
  isRecordCommand(command) ? { id: command.id } : stream.targetOf(command, party);

/** The marking asked for, with what it leaves out; limits that limit nothing are left out. */
export const completedMarking = (asked: MarkingRequest, party: Party): Marking => {
  const releaseTo = asked.releaseTo ?? [];
  const { owner = party, handling = usualHandling(releaseTo) } = asked;
  const limits = Object.entries(asked).filter(
    ([, limit]) =>
      limit !== undefined && limit !== false && limit !== 'OPEN' && !(Array.isArray(limit) && limit.length === 0),
  );
  return { ...Object.fromEntries(limits), owner, releaseTo, handling };
};

/**
 * What is wrong with a marking that somebody asks for, in the same words whether a group that it names exists unseen or
 * not; null when nothing is.
 * @param marking the one asked for, completed
 * @param id the record's own: a group may be released to itself
 */
export const unfitMarking = (
  asked: MarkingRequest,
  marking: Marking,
  who: Principal,
  id: RecordId | null,
): Rejected | null => {
  if (asked.owner !== undefined && asked.owner !== partyOf(who)) return reject('ACCESS.DENIED');
  const { owner, releaseTo, displayOnlyTo = [], denyTo = [], needToKnow = [], embargoUntil, expiresAt } = marking;
  const isStrange = (one: Audience): boolean =>
    one.startsWith('group:') && one !== `group:${id}` && !who.audiences.includes(one);
  for (const [field, named] of Object.entries({ releaseTo, displayOnlyTo, denyTo, needToKnow })) {
    if (named.some(isStrange)) return reject('MARKING.UNKNOWN_AUDIENCE', { field: `marking.${field}` });
  }
  if (!handlingAllows(marking.handling, [...releaseTo, ...displayOnlyTo]))
    return reject('MARKING.HANDLING_CONFLICT', { field: 'marking.handling' });
  if (denyTo.includes(ownerAudience(owner))) return reject('MARKING.CONTRADICTION', { field: 'marking.denyTo' });
  if (embargoUntil !== undefined && expiresAt !== undefined && embargoUntil >= expiresAt)
    return reject('MARKING.CONTRADICTION', { field: 'marking.expiresAt' });
  return null;
};

/**
 * The clock's time, or the stamp of the event before where the clock is behind it: the clocks of two nodes differ, and
 * the events of a record are in the order of their stamps. The append at the expected revision holds it between nodes.
 */
const notBefore = <At extends Instant | null>(before: Instant | null, now: At): Instant | At =>
  before !== null && (now === null || before > now) ? before : now;

const stamped = (
  events: readonly DomainEvent[],
  { who, command, commandId, correlationId, signature }: Issued,
  party: Party,
  now: Instant,
  commandDigest: SaltedDigest,
  standing: Standing,
): NewEvent[] =>
  events.map((event, index) => ({
    // Not derived from the command: the store would take another body under the same ids for a repetition.
    id: newId(),
    event,
    metadata: committed(event.data, {
      actor: who.person,
      party,
      roles: who.roles,
      ...(who.mandate && { capacity: { mandate: who.mandate.id, delegate: who.mandate.delegate } }),
      commandId,
      command: command.type,
      ...(signature && { signature }),
      commandDigest,
      correlationId,
      causationId: commandId,
      recordedAt: now,
      policyVersion: POLICY_VERSION,
      ...(index === events.length - 1 && { standing }),
    }),
  }));

/** How the record will stand when these events are in it. */
const standingAfter = (stream: AnyStream, before: Folded, events: readonly DomainEvent[], party: Party): Standing => {
  const { state, record } = events.reduce<Folded>((so, event) => withEvent(stream, so, { ...so, event }), before);
  return {
    marking: record.marking && !record.isErased ? inForce(stream, state, record.marking) : null,
    parties: [...new Set(before.parties).add(party)].toSorted(),
  };
};

const requireMarking = (revision: bigint, events: readonly NewEvent[], stream: AnyStream): void => {
  if (revision === ABSENT && !('marking' in (events[0]?.event.data ?? {}))) {
    throw new Error(`the first event of a ${stream.category} stream has no marking`);
  }
};

/** A revision as clients are told it: a change of audience, or a request to erase, is its owner's business and leaves no gap. */
const toldRevision = ({ revision, aside }: Folded): bigint => revision - aside;

const withEvent = (
  stream: AnyStream,
  folded: Folded,
  {
    event,
    revision,
    position,
    recordedAt,
  }: Pick<StoredEvent, 'event'> & Pick<Folded, 'revision' | 'position' | 'recordedAt'>,
): Folded => ({
  ...folded,
  state: isRecordEvent(event) || isContentWithheld(event) ? folded.state : stream.decider.evolve(folded.state, event),
  record: evolveRecord(folded.record, event),
  revision,
  aside: folded.aside + (isRecordEvent(event) ? 1n : 0n),
  position,
  recordedAt: notBefore(folded.recordedAt, recordedAt),
});

/** An event, as the verifiable log will hold it. */
const leafFor = (
  { category }: AnyStream,
  recordId: RecordId,
  { id, event, metadata }: NewEvent,
  revision: bigint,
): Recording => {
  const { recordedAt } = metadata;
  const leaf = leafOf(placed({ category, recordId, revision, id, event, metadata, recordedAt }));
  return { eventId: id, leafHash: leafHash(Buffer.from(leaf)), recordedAt };
};

const withAppended = (
  stream: AnyStream,
  id: RecordId,
  before: Folded,
  events: readonly NewEvent[],
  appended: Appended,
): Folded => {
  const first = before.revision + 1n;
  const folded = events.reduce<Folded>(
    (so, { event, metadata: { recordedAt } }, index) =>
      withEvent(stream, so, { event, revision: first + BigInt(index), position: appended.position, recordedAt }),
    before,
  );
  const [{ metadata }] = events as [NewEvent, ...NewEvent[]];
  folded.parties.add(metadata.party);
  folded.commands.set(commandOf(metadata), {
    digest: metadata.commandDigest,
    leaves: events.map((each, index) => leafFor(stream, id, each, first + BigInt(index))),
    revision: toldRevision(folded),
    position: appended.position,
  });
  return { ...folded, readAt: performance.now() };
};
