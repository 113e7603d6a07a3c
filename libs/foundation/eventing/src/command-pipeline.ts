import {
  isRecordCommand,
  mayIssueOfRecord,
  partyOf,
  reject,
  type AnyRecordType,
  type Capability,
  type Command,
  type Instant,
  type Marking,
  type NoteTime,
  type Party,
  type Principal,
  type RecordId,
} from '@kernel';
import { LRUCache } from 'lru-cache';
import { StreamMoved, type EventStore, type SaltedDigest } from './event-store.js';
import { recordIdOfCommand, recordIdOfKey } from './identifiers.js';
import { Judge, mayWaitForSecond, targetOf } from './judge.js';
import { rejection, type CommandAccepted, type Issued, type OnRejected, type Outcome } from './outcome.js';
import { RecordCache } from './record-cache.js';
import { absentRecord, inForce, nameOf, publicRevision, withAppended, type RecordSnapshot } from './record-snapshot.js';
import { References } from './references.js';
import { commitTo, isCommitmentTo } from './salted-digest.js';
import { TwoPersonActs, type ActRecords } from './two-persons.js';

const ATTEMPTS = 10;
const REMEMBERED_COMMANDS = 100_000;

/** The one way from a command to the history: authorise, load and fold, decide, append, answer. */
export class CommandPipeline {
  readonly #store: EventStore;
  readonly #records: RecordCache;
  readonly #judge: Judge;
  readonly #onRejected: OnRejected;
  /** First answers of this node's latest commands. The records themselves remember for ever those that made facts. */
  readonly #answered = new LRUCache<string, { readonly digest: SaltedDigest; readonly outcome: CommandAccepted }>({
    max: REMEMBERED_COMMANDS,
  });
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #acts: TwoPersonActs | null;

  /**
   * @param onRejected hears of every command that is rejected
   * @param acts where commands that take two persons are kept; without it they are carried out at the first one's word
   */
  constructor(
    store: EventStore,
    capabilities: readonly Capability[],
    now: () => Instant,
    onRejected: OnRejected = async () => {},
    acts?: ActRecords,
  ) {
    this.#store = store;
    this.#records = new RecordCache(store, capabilities, now);
    this.#judge = new Judge(this.#records, new References(this.#records, now), now, acts !== undefined);
    this.#onRejected = onRejected;
    const records = this.#records;
    const pipeline = {
      carryOut: (issued: Issued) => this.#carriedOut(issued),
      record: (issued: Issued, party: Party, id: RecordId) =>
        this.#inTurn(nameOf(issued.recordType, id), () => this.#decide(issued, party, id)),
      mayAddress: records.mayAddress.bind(records),
      snapshotOf: this.snapshotOf.bind(this),
      recordTypeOf: records.recordTypeOf.bind(records),
    };
    this.#acts = acts ? new TwoPersonActs(acts, pipeline) : null;
  }

  /**
   * Carries out one command.
   * @throws EventStoreUnavailable when the store does not answer: the command may or may not have been recorded, and the
   * same commandId finds out.
   */
  async issue(issued: Issued): Promise<Outcome> {
    const outcome = await (this.#acts?.isToAct(issued) ? this.#acts.give(issued) : this.#carriedOut(issued));
    if (!outcome.accepted) await this.#onRejected(issued, outcome.code);
    return outcome;
  }

  async #carriedOut(issued: Issued): Promise<Outcome> {
    const { recordType, command, who, commandId } = issued;
    if (issued.rejected) return rejection(issued.rejected, recordType);
    const party = partyOf(who);
    if (party === null || !this.#mayIssue(recordType, command, who))
      return rejection(reject('ACCESS.DENIED'), recordType);

    const target = targetOf(recordType, command, party, who.person);
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
    // What was prepared is answered as the first time, whatever the record has become since.
    const first =
      !outcome.accepted && mayWaitForSecond(issued)
        ? ((await this.#acts?.preparedBefore(issued, party)) ?? null)
        : null;
    if (first) return first;
    // That nothing is due yet is no answer for later.
    if (outcome.accepted === true && command.type !== ('NoteTime' satisfies NoteTime['type']))
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
    const isFresh = 'fresh' in targetOf(recordType, command, party, issued.who.person);
    const known = this.#records.known(recordType, id) ?? (isFresh ? absentRecord(recordType) : undefined);
    let before = known ?? (await this.#records.refreshed(recordType, id));
    let isCertain = known === undefined;

    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const verdict = await this.#judge.judge(issued, party, id, before);
      if ('outcome' in verdict || verdict.isForTwo) {
        const answer = async (): Promise<Outcome> =>
          'outcome' in verdict ? verdict.outcome : await this.#acts!.prepare(issued, party, id, verdict.level);
        // Another node may have moved the record on: what is not an append is only said of the stream's true end.
        if (isCertain) return answer();
        const now = await this.#records.refreshed(recordType, id);
        if (now.revision === before.revision) return answer();
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
