import {
  decideRecord,
  isRecordCommand,
  mayActOnRecord,
  mayIssueOfRecord,
  completedMarking,
  partyOf,
  reject,
  unfitMarking,
  type AnyStream,
  type Capability,
  type Command,
  type Instant,
  type Marking,
  type Party,
  type Principal,
  type RecordId,
  type Rejected,
  type Target,
} from '@kernel';
import { LRUCache } from 'lru-cache';
import { StreamMoved, type EventStore, type NewEvent, type SaltedDigest } from './event-store.js';
import { recordIdOfCommand, recordIdOfKey } from './identifiers.js';
import { withMetadata } from './metadata.js';
import { refusal, type CommandAccepted, type Issued, type OnRefused, type Outcome } from './outcome.js';
import { RecordCache } from './record-cache.js';
import {
  ABSENT,
  absentRecord,
  inForce,
  nameOf,
  notBefore,
  publicRevision,
  standingAfter,
  withAppended,
  type RecordSnapshot,
} from './record-snapshot.js';
import { References, referencesOf } from './references.js';
import { commitTo, isCommitmentTo } from './salted-digest.js';

const ATTEMPTS = 10;
const REMEMBERED_COMMANDS = 100_000;

/** The one way from a command to the history: authorise, load and fold, decide, append, answer. */
export class CommandPipeline {
  readonly #store: EventStore;
  readonly #records: RecordCache;
  readonly #references: References;
  readonly #now: () => Instant;
  readonly #onRefused: OnRefused;
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
    this.#store = store;
    this.#records = new RecordCache(store, capabilities, now);
    this.#references = new References(this.#records, now);
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
    if (mustBe && !(await this.#records.mayAddress(stream, id, who))) return refusal(reject(stream.notFound), stream);
    // What rests on other records of its kind is decided one after the other.
    const turn = stream.readsHistoryOf ? stream.category : nameOf(stream, id);
    const outcome = await this.#inTurn(turn, () => this.#decide(issued, party, id));
    if (outcome.accepted) this.#answered.set(`${party} ${commandId}`, { digest: commitTo(body), outcome });
    return outcome;
  }

  #mayIssue(stream: AnyStream, command: Command, who: Principal): boolean {
    const { mandate } = who;
    if (mandate && !(mandate.mayCommand && mandate.subjects.includes(this.#records.capabilityOf(stream)))) {
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
    const stream = this.#records.streamOf(category);
    const { state, record } = await this.#records.refreshed(stream, id);
    return record.marking && inForce(stream, state, record.marking);
  }

  async #decide(issued: Issued, party: Party, id: RecordId): Promise<Outcome> {
    const { stream, command, commandId } = issued;
    // A new record has a new id: the append finds out if it is a repetition, and most are not.
    const isFresh = 'fresh' in targetOf(stream, command, party);
    const known = this.#records.known(stream, id) ?? (isFresh ? absentRecord(stream) : undefined);
    let before = known ?? (await this.#records.refreshed(stream, id));
    let isCertain = known === undefined;

    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const verdict = await this.#evaluate(issued, party, id, before);
      if ('outcome' in verdict) {
        // Another node may have moved the record on: what is not an append is only said of the stream's true end.
        if (isCertain) return verdict.outcome;
        const now = await this.#records.refreshed(stream, id);
        if (now.revision === before.revision) return verdict.outcome;
        before = now;
        isCertain = true;
        continue;
      }
      try {
        const appended = await this.#store.append(stream.category, id, before.revision, verdict.events);
        const after = withAppended(stream, id, before, verdict.events, appended);
        this.#records.keep(stream, id, after);
        const { leaves, position } = after.commands.get(`${party} ${commandId}`)!;
        const revision = publicRevision(after);
        return { accepted: true, commandId, recordId: id, recorded: true, leaves, revision, position };
      } catch (error) {
        if (!(error instanceof StreamMoved)) {
          this.#records.forget(stream, id);
          throw error;
        }
        before = await this.#records.refreshed(stream, id);
        isCertain = true;
      }
    }
    return refusal(reject('STREAM.BUSY'), stream);
  }

  /** What is to be answered, or appended, given the record as it stands. */
  async #evaluate(
    issued: Issued,
    party: Party,
    id: RecordId,
    before: RecordSnapshot,
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
        !this.#records.mayRead(stream, id, before, who) ||
        (current.owner !== party && (await this.#references.wholeOf(stream, before.state, who)) === 'hidden');
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
    const named = await this.#references.named(referencesOf(stream, command, before, marking), who);
    if ('code' in named) return refused(named);
    const obstacle = this.#references.obstacle(named, isFirstOrChanged ? marking : current);
    if (obstacle) return refused(obstacle);

    // 4. The decision itself.
    const history = isRecordCommand(command) ? [] : await this.#records.historyFor(stream);
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
          revision: publicRevision(before),
          position: before.position,
        },
      };
    }
    const standing = standingAfter(stream, before, decision.events, party);
    const at = notBefore(before.recordedAt, now);
    const events = withMetadata(decision.events, issued, party, at, commitTo(body), standing);
    requireMarking(before.revision, events, stream);
    return { events };
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

const targetOf = (stream: AnyStream, command: Command, party: Party): Target =>
  isRecordCommand(command) ? { id: command.id } : stream.targetOf(command, party);

const requireMarking = (revision: bigint, events: readonly NewEvent[], stream: AnyStream): void => {
  if (revision === ABSENT && !('marking' in (events[0]?.event.data ?? {}))) {
    throw new Error(`the first event of a ${stream.category} stream has no marking`);
  }
};
