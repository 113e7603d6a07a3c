import {
  decideRecord,
  isRecordCommand,
  mayActOnRecord,
  mayIssueOfRecord,
  completedMarking,
  partyOf,
  reject,
  unfitMarking,
  type AnyRecordType,
  type Capability,
  type Command,
  type Instant,
  type Marking,
  type NoteTime,
  type Party,
  type Principal,
  type RecordId,
  type Rejected,
  type Target,
} from '@kernel';
import { LRUCache } from 'lru-cache';
import { StreamMoved, type EventStore, type NewEvent, type SaltedDigest } from './event-store.js';
import { asNoted, elapsed } from './elapsed.js';
import { recordIdOfCommand, recordIdOfKey } from './identifiers.js';
import { withMetadata, withStanding } from './metadata.js';
import { rejection, type CommandAccepted, type Issued, type OnRejected, type Outcome } from './outcome.js';
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
  readonly #onRejected: OnRejected;
  /** First answers of this node's latest commands. The records themselves remember for ever those that made facts. */
  readonly #answered = new LRUCache<string, { readonly digest: SaltedDigest; readonly outcome: CommandAccepted }>({
    max: REMEMBERED_COMMANDS,
  });
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(
    store: EventStore,
    capabilities: readonly Capability[],
    now: () => Instant,
    onRejected: OnRejected = async () => {},
  ) {
    this.#store = store;
    this.#records = new RecordCache(store, capabilities, now);
    this.#references = new References(this.#records, now);
    this.#now = now;
    this.#onRejected = onRejected;
  }

  /**
   * Carries out one command.
   * @throws EventStoreUnavailable when the store does not answer: the command may or may not have been recorded, and the
   * same commandId finds out.
   */
  async issue(issued: Issued): Promise<Outcome> {
    const outcome = await this.#carriedOut(issued);
    if (!outcome.accepted) await this.#onRejected(issued, outcome.code);
    return outcome;
  }

  async #carriedOut(issued: Issued): Promise<Outcome> {
    const { recordType, command, who, commandId } = issued;
    if (issued.rejected) return rejection(issued.rejected, recordType);
    const party = partyOf(who);
    if (party === null || !this.#mayIssue(recordType, command, who))
      return rejection(reject('ACCESS.DENIED'), recordType);

    const target = targetOf(recordType, command, party);
    const id =
      'id' in target
        ? target.id
        : 'key' in target
          ? recordIdOfKey(recordType.category, target.key)
          : recordIdOfCommand(recordType.category, party, commandId);

    // What made no fact stands in no record, so a repetition of it is known only from here.
    const body = { category: recordType.category, command };
    const answered = this.#answered.get(`${party} ${commandId}`);
    if (answered) {
      return isCommitmentTo(body, answered.digest)
        ? answered.outcome
        : rejection(reject('COMMAND.ID_REUSED'), recordType);
    }
    // Before its turn, too: how busy others are with a hidden record is hidden as well.
    const mustBe = 'id' in target || ('key' in target && !target.mayCreate);
    if (mustBe && !(await this.#records.mayAddress(recordType, id, who)))
      return rejection(reject(recordType.notFound), recordType);
    // What rests on other records of its kind is decided one after the other.
    const turn = recordType.readsHistoryOf ? recordType.category : nameOf(recordType, id);
    const outcome = await this.#inTurn(turn, () => this.#decide(issued, party, id));
    // That nothing is due yet is no answer for later.
    if (outcome.accepted && command.type !== ('NoteTime' satisfies NoteTime['type']))
      this.#answered.set(`${party} ${commandId}`, { digest: commitTo(body), outcome });
    return outcome;
  }

  #mayIssue(recordType: AnyRecordType, command: Command, who: Principal): boolean {
    const { mandate } = who;
    if (mandate && !(mandate.mayCommand && mandate.subjects.includes(this.#records.capabilityOf(recordType)))) {
      return false;
    }
    return isRecordCommand(command) ? mayIssueOfRecord(command, who) : recordType.access.mayIssue(command, who);
  }

  /**
   * The marking that a record is under now; null of an absent one. For what the platform does by itself, not for anybody
   * who asks.
   * @throws EventStoreUnavailable
   */
  async markingInForce(category: string, id: RecordId): Promise<Marking | null> {
    const recordType = this.#records.recordTypeOf(category);
    const { state, record } = this.#records.asOfNow(recordType, id, await this.#records.refreshed(recordType, id));
    return record.marking && inForce(recordType, state, record.marking);
  }

  /**
   * The record as it is recorded, without what time has changed since. For what the platform does by itself.
   * @throws EventStoreUnavailable
   */
  async snapshotOf(category: string, id: RecordId): Promise<RecordSnapshot> {
    return this.#records.refreshed(this.#records.recordTypeOf(category), id);
  }

  async #decide(issued: Issued, party: Party, id: RecordId): Promise<Outcome> {
    const { recordType, command, commandId } = issued;
    // A new record has a new id: the append finds out if it is a repetition, and most are not.
    const isFresh = 'fresh' in targetOf(recordType, command, party);
    const known = this.#records.known(recordType, id) ?? (isFresh ? absentRecord(recordType) : undefined);
    let before = known ?? (await this.#records.refreshed(recordType, id));
    let isCertain = known === undefined;

    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const verdict = await this.#evaluate(issued, party, id, before);
      if ('outcome' in verdict) {
        // Another node may have moved the record on: what is not an append is only said of the stream's true end.
        if (isCertain) return verdict.outcome;
        const now = await this.#records.refreshed(recordType, id);
        if (now.revision === before.revision) return verdict.outcome;
        before = now;
        isCertain = true;
        continue;
      }
      try {
        const appended = await this.#store.append(recordType.category, id, before.revision, verdict.events);
        const after = withAppended(recordType, id, before, verdict.events, appended);
        this.#records.keep(recordType, id, after);
        // What was due alone is recorded under the dues' own ids.
        const { leaves = [] } = after.commands.get(`${party} ${commandId}`) ?? {};
        const revision = publicRevision(after);
        return {
          ...{ accepted: true, commandId, recordId: id, recorded: true },
          ...{ leaves, revision, position: appended.position },
        };
      } catch (error) {
        if (!(error instanceof StreamMoved)) {
          this.#records.forget(recordType, id);
          throw error;
        }
        before = await this.#records.refreshed(recordType, id);
        isCertain = true;
      }
    }
    return rejection(reject('STREAM.BUSY'), recordType);
  }

  /** What is to be answered, or appended, given the record as it stands. */
  async #evaluate(
    issued: Issued,
    party: Party,
    id: RecordId,
    before: RecordSnapshot,
  ): Promise<{ outcome: Outcome } | { events: NewEvent[] }> {
    const { recordType, command, who, commandId } = issued;
    const body = { category: recordType.category, command };
    const rejectedWith = (rejected: Rejected) => ({ outcome: rejection(rejected, recordType) });

    // 1. A command that is already in the record is answered as it was the first time.
    const earlier = before.commands.get(`${party} ${commandId}`);
    if (earlier) {
      if (!isCommitmentTo(body, earlier.digest)) return rejectedWith(reject('COMMAND.ID_REUSED'));
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

    // 2. The record as it stands now, by the clock that its events are stamped with.
    const now = notBefore(before.recordedAt, this.#now());
    const { record: present, passed } = elapsed(recordType, id, before, now);

    // 3. Hidden and absent are one answer; only who can see the record learns that it may not act on it.
    const target = targetOf(recordType, command, party);
    const { marking: current, isErased } = present.record;
    if (current === null && !isErased) {
      if ('id' in target || ('key' in target && !target.mayCreate)) return rejectedWith(reject(recordType.notFound));
    } else {
      const isHidden =
        current === null ||
        !this.#records.mayRead(recordType, id, present, who) ||
        (current.owner !== party && (await this.#references.parentOf(recordType, present.state, who)) === 'hidden');
      if (isHidden)
        return rejectedWith(reject('key' in target && target.mayCreate ? 'ACCESS.DENIED' : recordType.notFound));
      const mayAct = isRecordCommand(command)
        ? mayActOnRecord(who, present.record)
        : recordType.access.mayAct(command, who, present.state, current);
      if (!mayAct) return rejectedWith(reject('ACCESS.DENIED'));
    }

    // 4. The marking asked for, and the other records that the command names.
    const asked = command.marking ?? recordType.defaultMarking?.(command, id) ?? {};
    const marking = completedMarking(asked, party);
    const unfit = unfitMarking(asked, marking, who, id);
    if (unfit) return rejectedWith(unfit);
    const isFirstOrChanged = current === null || command.type === 'ChangeMarking';
    const named = await this.#references.named(referencesOf(recordType, command, present, marking), who);
    if ('code' in named) return rejectedWith(named);
    const obstacle = this.#references.obstacle(named, isFirstOrChanged ? marking : current);
    if (obstacle) return rejectedWith(obstacle);

    // 5. The decision itself.
    const history = isRecordCommand(command) ? [] : await this.#records.historyFor(recordType);
    const decision = isRecordCommand(command)
      ? decideRecord(command, present.record, recordType, { who, marking })
      : recordType.decider.decide(command, present.state, {
          now,
          who,
          recordId: id,
          marking,
          references: named,
          history,
        });
    if (!decision.ok) return rejectedWith(decision);
    const isNoted = command.type === ('NoteTime' satisfies NoteTime['type']) && passed.length > 0;
    if (decision.events.length === 0 && !isNoted) {
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
    const noted = asNoted(recordType, id, passed, before, now);
    const made = withMetadata(decision.events, issued, party, now, commitTo(body));
    const events = withStanding([...noted, ...made], standingAfter(recordType, before, [...noted, ...made]));
    requireMarking(before.revision, events, recordType);
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

const targetOf = (recordType: AnyRecordType, command: Command, party: Party): Target =>
  isRecordCommand(command) ? { id: command.id } : recordType.targetOf(command, party);

const requireMarking = (revision: bigint, events: readonly NewEvent[], recordType: AnyRecordType): void => {
  if (revision === ABSENT && !('marking' in (events[0]?.event.data ?? {}))) {
    throw new Error(`the first event of a ${recordType.category} record has no marking`);
  }
};
