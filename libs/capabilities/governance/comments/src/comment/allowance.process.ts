import type { CommandPreparation } from '@foundation/bus';
import { isUnreadable, type Issued, type StoredEvent, type Unreadable, type Watch } from '@foundation/eventing';
import { anHourAfter, isPlatform, reject, type Instant, type Rejected } from '@kernel';
import { commentRecordType, writeComment } from './comment.record.js';

/** How many comments a person may write in an hour. */
export const AN_HOUR = 100;

/**
 * Counts what each person has written within the last hour, by the history, and rejects what is too much. Each node does;
 * what was written elsewhere counts here some milliseconds later.
 */
export class CommentAllowance implements Watch, CommandPreparation {
  readonly types: readonly string[] = ['comments.CommentWritten.v1'];
  /** Instants, by command, by person: those of the last hour. */
  readonly #written = new Map<string, Map<string, Instant>>();

  constructor(private readonly now: () => Instant) {}

  note(item: StoredEvent | Unreadable): void {
    if (isUnreadable(item) || !this.#isRecent(item.recordedAt)) return;
    const { actor, commandId } = item.metadata;
    const before = [...(this.#written.get(actor) ?? [])].filter(([, at]) => this.#isRecent(at));
    this.#written.set(actor, new Map([...before, [commandId, item.recordedAt]]));
  }

  /** Lets go of who has written nothing for an hour. */
  async act(): Promise<null> {
    for (const [person, written] of this.#written)
      if (![...written.values()].some((at) => this.#isRecent(at))) this.#written.delete(person);
    return null;
  }

  async before({ recordType, command, who, commandId }: Issued): Promise<Rejected | null> {
    if (recordType !== commentRecordType || command.type !== writeComment.type || isPlatform(who)) return null;
    const written = this.#written.get(who.person);
    // What is sent again is answered as the first time.
    if (written === undefined || written.has(commandId)) return null;
    const recent = [...written.values()].filter((at) => this.#isRecent(at));
    return recent.length < AN_HOUR ? null : reject('COMMENTS.FLOOD');
  }

  #isRecent(at: Instant): boolean {
    return anHourAfter(at) > this.now();
  }
}
