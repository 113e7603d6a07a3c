import type { DomainEvent, Instant, Marking, Party, RecordId } from '@kernel';
import { partyOf, SECRETARIAT } from '@kernel';
import { committed } from './binding.js';
import type { EventStore } from './event-store.js';
import { newId } from './identifiers.js';
import { POLICY_VERSION } from './metadata.js';
import type { Issued } from './outcome.js';
import { commitTo } from './salted-digest.js';

/** A command that was rejected, as the history keeps it. */
export type RejectedCommand = {
  readonly code: string;
  /** The command's type, `ProposeProject`. */
  readonly command: string;
  /** Category of the stream that it was meant for. */
  readonly category: string;
  /** The record that it named, whether there is one or not. */
  readonly record?: RecordId;
  /** In whose name it was given; null for people who act for nobody. */
  readonly party: Party | null;
  /** How many like it this stands for. */
  readonly times: number;
  /** For the party that gave it. */
  readonly marking: Marking;
};

/** Rejections of one person that are recorded one by one in a minute; what comes on top is recorded as counts. */
const EACH_IN_A_MINUTE = 60;
const MINUTE_MS = 60_000;
const MINUTE_LENGTH = '2026-01-01T00:00'.length;
/** Where a command is given for nobody. */
const NOBODY = 'NONE';

type Counted = { readonly issued: Issued; readonly code: string; times: number };

/**
 * Writes down which commands were rejected, each in a stream of its own, so that it costs the same whatever the command
 * named and whether that exists. A person who is rejected without end fills no store: beyond a number in a minute the
 * rest is counted, and the counts are recorded when the minute is over.
 */
export class RejectionLog {
  #minute = '';
  readonly #recorded = new Map<string, number>();
  readonly #counted = new Map<string, Counted>();
  #timer: NodeJS.Timeout | null = null;

  /**
   * @param category of the streams
   * @param toEvent the fact, in the words of the capability that the streams are of
   */
  constructor(
    private readonly store: EventStore,
    private readonly category: string,
    private readonly toEvent: (rejected: RejectedCommand) => DomainEvent,
    private readonly now: () => Instant,
    private readonly report: (problem: string) => void,
  ) {}

  /**
   * Records a rejection before it is answered.
   * @throws EventStoreUnavailable: what cannot be recorded is not answered either
   */
  async note(issued: Issued, code: string): Promise<void> {
    const minute = this.now().slice(0, MINUTE_LENGTH);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#recorded.clear();
    }
    const { person } = issued.who;
    const before = this.#recorded.get(person) ?? 0;
    this.#recorded.set(person, before + 1);
    if (before < EACH_IN_A_MINUTE) return await this.#append(issued, code, 1);

    const name = [person, partyOf(issued.who), issued.recordType.category, issued.command.type, code].join(' ');
    const counted = this.#counted.get(name);
    if (counted) counted.times++;
    else this.#counted.set(name, { issued, code, times: 1 });
    this.#timer ??= setTimeout(() => void this.flush(), MINUTE_MS).unref();
  }

  /** Records the counts that wait. */
  async flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const waiting = [...this.#counted.values()];
    this.#counted.clear();
    for (const { issued, code, times } of waiting) {
      try {
        await this.#append(issued, code, times);
      } catch (error) {
        this.report(`${times} rejections with ${code} could not be recorded: ${String(error)}`);
      }
    }
  }

  async #append(
    { who, recordType, command, commandId, correlationId }: Issued,
    code: string,
    times: number,
  ): Promise<void> {
    const party = partyOf(who);
    const { id: record } = command as { readonly id?: RecordId };
    const event = this.toEvent({
      code,
      command: command.type,
      category: recordType.category,
      ...(record !== undefined && times === 1 && { record }),
      party,
      times,
      marking: { owner: party ?? SECRETARIAT, releaseTo: [], handling: 'AMBER' },
    });
    const metadata = committed(event.data, {
      actor: who.person,
      party: party ?? NOBODY,
      roles: who.roles,
      ...(who.mandate && { capacity: { mandate: who.mandate.id, delegate: who.mandate.delegate } }),
      commandId,
      // Over what was recorded and not over the command: nothing of what was rejected is kept.
      commandDigest: commitTo(event.data),
      correlationId,
      causationId: commandId,
      recordedAt: this.now(),
      policyVersion: POLICY_VERSION,
    });
    await this.store.append(this.category, newId() as RecordId, -1n, [{ id: newId(), event, metadata }]);
  }
}
