import {
  completedMarking,
  decideRecord,
  isRecordCommand,
  mayActOnRecord,
  reject,
  unfitMarking,
  type AnyRecordType,
  type Command,
  type Instant,
  type Level,
  type NoteTime,
  type Party,
  type PersonRef,
  type RecordId,
  type Rejected,
  type Target,
} from '@kernel';
import { asNoted, elapsed } from './elapsed.js';
import type { NewEvent } from './event-store.js';
import { withMetadata, withStanding } from './metadata.js';
import { rejection, type Issued, type Outcome } from './outcome.js';
import type { RecordCache } from './record-cache.js';
import { ABSENT, notBefore, publicRevision, standingAfter, type RecordSnapshot } from './record-snapshot.js';
import { referencesOf, type References } from './references.js';
import { commitTo, isCommitmentTo } from './salted-digest.js';

/** What is to be answered; or appended, once a second person has approved it where it takes two. */
export type Verdict =
  | { readonly outcome: Outcome }
  | { readonly events: NewEvent[]; readonly isForTwo: boolean; readonly level: Level | undefined };

/** Says what becomes of a command, given its record: the one place where all of it is asked, in this order. */
export class Judge {
  /** @param keepsActs whether commands that take two persons wait for the second */
  constructor(
    private readonly records: RecordCache,
    private readonly references: References,
    private readonly now: () => Instant,
    private readonly keepsActs: boolean,
  ) {}

  /** What is to be answered, or appended, given the record as it stands. */
  async judge(issued: Issued, party: Party, id: RecordId, before: RecordSnapshot): Promise<Verdict> {
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
    const now = notBefore(before.recordedAt, this.now());
    const { record: present, passed } = elapsed(recordType, id, before, now);

    // 3. Hidden and absent are one answer; only who can see the record learns that it may not act on it.
    const target = targetOf(recordType, command, party, who.person);
    const { marking: current, isErased } = present.record;
    if (current === null && !isErased) {
      if ('id' in target || ('key' in target && !target.mayCreate)) return rejectedWith(reject(recordType.notFound));
    } else {
      const isHidden =
        current === null ||
        !this.records.mayRead(recordType, id, present, who) ||
        (current.owner !== party && (await this.references.parentOf(recordType, present.state, who)) === 'hidden');
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
    const named = await this.references.named(referencesOf(recordType, command, present, marking), who);
    if ('code' in named) return rejectedWith(named);
    const obstacle = this.references.obstacle(named, isFirstOrChanged ? marking : current);
    if (obstacle) return rejectedWith(obstacle);

    // 5. The decision itself.
    const history = isRecordCommand(command) ? [] : await this.records.historyFor(recordType);
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
    const { level } = current ?? marking;
    return { events, isForTwo: this.keepsActs && waitsForSecond(issued, present.state), level };
  }
}

/** Whether a command of this kind may have to wait for a second person. */
export const mayWaitForSecond = ({ recordType, command, act }: Issued): boolean =>
  !act && recordType.access.twoPersons !== undefined && !isRecordCommand(command);

const waitsForSecond = (issued: Issued, state: unknown): boolean =>
  mayWaitForSecond(issued) && issued.recordType.access.twoPersons!(issued.command, issued.who, state);

export const targetOf = (recordType: AnyRecordType, command: Command, party: Party, person: PersonRef): Target =>
  isRecordCommand(command) ? { id: command.id } : recordType.targetOf(command, party, person);

const requireMarking = (revision: bigint, events: readonly NewEvent[], recordType: AnyRecordType): void => {
  if (revision === ABSENT && !('marking' in (events[0]?.event.data ?? {}))) {
    throw new Error(`the first event of a ${recordType.category} record has no marking`);
  }
};
