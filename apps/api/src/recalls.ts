import { principalOf, type AccessRegister } from '@capabilities/access';
import { noReadings, noteFact, recallCausingFacts, recallsDue } from '@capabilities/sharing';
import { isUnreadable, newId, type CommandPipeline, type EventStore, type Register } from '@foundation/eventing';
import type { Issuer, ReadLog } from '@foundation/transport';
import { mayRead, SECRETARIAT, type Audience, type Capability, type Instant, type Party, type RecordId } from '@kernel';

const RETRY_MS = 500;

/**
 * Follows the history for readings, changes of audience and withdrawals, and issues the recalls that are due. Each node
 * does; a recall is issued once, because the record of the reading decides.
 */
export class Recalls {
  readonly #state: ReturnType<typeof noReadings>;
  #position: bigint | null = null;

  constructor(
    private readonly events: EventStore,
    private readonly issuer: Issuer,
    private readonly pipeline: Pick<CommandPipeline, 'markingInForce'>,
    private readonly register: Register<AccessRegister>,
    private readonly readLog: ReadLog,
    private readonly capabilities: readonly Capability[],
    private readonly now: () => Instant,
  ) {
    this.#state = noReadings(capabilities);
  }

  /** Until the signal aborts, through outages of the store. */
  async follow(signal: AbortSignal, onInterruption: (reason: unknown) => void): Promise<void> {
    const types = recallCausingFacts(this.capabilities);
    let isCurrent = false;
    while (!signal.aborted) {
      try {
        for await (const item of this.events.follow({ after: this.#position, types, signal })) {
          if (item === 'caughtUp') {
            isCurrent = true;
          } else {
            this.#position = item.position;
            if (isUnreadable(item)) continue;
            noteFact(this.#state, item);
            if (item.event.type === 'access.MarkingChanged.v1') this.readLog.forget();
          }
          if (isCurrent) await this.#settle();
        }
      } catch (error) {
        if (!signal.aborted) onInterruption(error);
      }
      if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
    }
  }

  async #settle(): Promise<void> {
    await this.register.ready;
    for (const record of this.#state.suspects) {
      const { category } = this.#state.moved.get(record)!;
      const marking = await this.pipeline.markingInForce(category, record as RecordId);
      const reads = (party: Party | null): boolean =>
        mayRead(marking!, { audiences: this.#audiencesOf(party), deniedAs: [], clearance: 'SECRET' }, this.now());
      const due = marking === null ? [] : recallsDue(this.#state, record, marking, reads);
      for (const recall of due) {
        const commandId = newId();
        await this.issuer.issue({ ...recall, commandId, correlationId: commandId });
      }
      this.#state.suspects.delete(record);
    }
  }

  /** What any of the party's people can be shown. */
  #audiencesOf(party: Party | null): readonly Audience[] {
    const roles = party === null ? ['OBSERVER'] : party === SECRETARIAT ? [SECRETARIAT] : ['DELEGATE'];
    const country = party === SECRETARIAT ? null : party;
    return principalOf({ person: newId(), country, roles }, this.register.state, this.now()).audiences;
  }
}
