import {
  commandIdOfDue,
  isContentWithheld,
  platformFor,
  type AnyRecordType,
  type Capability,
  type Due,
  type Instant,
  type NoteTime,
  type OfItself,
  type RecordEvent,
  type RecordId,
} from '@kernel';
import type { CommandPipeline } from './command-pipeline.js';
import { OwnerKeyUnfit } from './data-keys.js';
import { duesOf } from './elapsed.js';
import type { Next } from './errand.js';
import type { StoredEvent, Unreadable } from './event-store.js';
import type { Watch } from './follower.js';
import { isMistake, isToBeAskedAgain, mistake, type Issue } from './of-itself.js';
import { absentRecord, withEvent, type RecordSnapshot } from './record-snapshot.js';
import { isUnreadable } from './unreadable.js';

/** A record of which something is due. */
type Open = {
  readonly recordType: AnyRecordType;
  readonly recordId: RecordId;
  readonly record: RecordSnapshot;
  readonly dues: readonly Due[];
  /** Ids of the commands that were given from here. */
  readonly done: Set<string>;
};
type Given = { readonly open: Open; readonly due: Due; readonly ofItself: OfItself };

/**
 * Lets everybody see what time has changed: tells records that it has passed, and gives the commands that are due. It
 * holds the records of which something is due, and those alone.
 */
export class Dues implements Watch {
  readonly types: readonly string[];
  readonly #recordTypes: ReadonlyMap<string, AnyRecordType>;
  readonly #open = new Map<string, Open>();
  /** Records of which nothing was due, and which have changed since. */
  readonly #unknown = new Map<string, { readonly recordType: AnyRecordType; readonly recordId: RecordId }>();

  constructor(
    capabilities: readonly Capability[],
    private readonly pipeline: Pick<CommandPipeline, 'snapshotOf'>,
    private readonly issue: Issue,
    private readonly now: () => Instant,
    private readonly alarm: (sentence: string) => void,
  ) {
    const timed = capabilities.filter(({ recordTypes }) => recordTypes.some(({ dueOf }) => dueOf));
    this.#recordTypes = new Map(
      timed.flatMap(({ recordTypes }) => recordTypes.filter(({ dueOf }) => dueOf).map((each) => [each.category, each])),
    );
    const erased = 'access.ContentErased.v1' satisfies RecordEvent['type'];
    this.types = timed.length === 0 ? [] : [...timed.flatMap(({ events }) => events), erased];
  }

  note(item: StoredEvent | Unreadable): void {
    const { category, recordId, revision } = item;
    const recordType = this.#recordTypes.get(category);
    if (!recordType) return;
    const name = `${category}-${recordId}`;
    const known = revision === 0n ? absentRecord(recordType) : this.#open.get(name)?.record;
    if (known && revision <= known.revision) return;
    this.#open.delete(name);
    this.#unknown.delete(name);
    // What cannot be read is withheld with its record.
    if (isUnreadable(item) || isContentWithheld(item.event)) return;
    if (known) this.#keep(recordType, recordId, withEvent(recordType, known, item));
    else this.#unknown.set(name, { recordType, recordId });
  }

  async act(): Promise<Next> {
    let problem: unknown = null;
    let isWaiting = false;
    const eachOf = async <T>(all: Iterable<T>, work: (one: T) => Promise<boolean>): Promise<void> => {
      for (const one of all) {
        try {
          isWaiting = !(await work(one)) || isWaiting;
        } catch (error) {
          problem = error;
          // One owner's key is not at hand here: another's may be. Any other outage is one for all.
          if (!(error instanceof OwnerKeyUnfit)) break;
        }
      }
    };
    await eachOf([...this.#unknown], async ([name, { recordType, recordId }]) => {
      const record = await this.pipeline.snapshotOf(recordType.category, recordId);
      if (this.#unknown.delete(name)) this.#keep(recordType, recordId, record);
      return true;
    });
    await eachOf(this.#due(), (due) => this.#give(due));
    if (problem !== null) throw problem;
    return isWaiting ? 'SOON' : this.#next();
  }

  #keep(recordType: AnyRecordType, recordId: RecordId, record: RecordSnapshot): void {
    const dues = duesOf(recordType, recordId, record);
    if (dues.length > 0)
      this.#open.set(`${recordType.category}-${recordId}`, { recordType, recordId, record, dues, done: new Set() });
  }

  /** What is due now, each with the command by which it is noted or done. */
  *#due(): Generator<Given> {
    const now = this.now();
    for (const open of [...this.#open.values()]) {
      const passed = open.dues.filter(({ at }) => at <= now);
      const [first] = passed.filter((due) => 'facts' in due);
      // What follows from a record alone is noted all at once.
      if (first) yield { open, due: first, ofItself: noteTime(open) };
      for (const due of passed) if ('work' in due) yield { open, due, ofItself: due.work };
    }
  }

  #next(): Instant | null {
    const now = this.now();
    let next: Instant | null = null;
    for (const { dues } of this.#open.values()) {
      const coming = dues.find(({ at }) => at > now)?.at;
      if (coming !== undefined && (next === null || coming < next)) next = coming;
    }
    return next;
  }

  /** @returns whether it is done, as far as this node can do it */
  async #give({ open: { recordId, done }, due, ofItself }: Given): Promise<boolean> {
    const commandId = commandIdOfDue(recordId, due);
    if (done.has(commandId)) return true;
    const outcome = await this.issue({ ...ofItself, commandId, correlationId: commandId });
    if (isToBeAskedAgain(outcome)) return false;
    // By the clock it was due, by the record it is not: the one has been set, or the other's news is on its way.
    if (outcome.accepted === true && !outcome.recorded && 'facts' in due) return false;
    done.add(commandId);
    if (isMistake(outcome, ofItself)) this.alarm(mistake(commandId, ofItself, outcome));
    return true;
  }
}

const noteTime = ({ recordType, recordId, record: { record } }: Open): OfItself<NoteTime> => ({
  recordType,
  command: { type: 'NoteTime', id: recordId },
  who: platformFor(record.marking!.owner),
});
