import type { Issuer, CommandPreparation } from '@foundation/bus';
import { newId, type Issued, type Register } from '@foundation/eventing';
import { isPlatform, type CountryCode, type RecordId } from '@kernel';
import { departuresFrom, type GroupRegister } from './group.register.js';
import { groupRecordType } from './group.record.js';

const RETRY_MS = 500;

type OfGroups = { readonly left: ReadonlySet<CountryCode>; readonly groups: GroupRegister };

/**
 * Notes in every group who has left it with the alliance, and so passes on what a country ruled. Each node does, whenever
 * the register says that something is to be noted, at its start too; it is noted once, because the group's own record
 * decides. Whoever gives a command on such a group meets it as it is once that is noted.
 */
export class Departures implements CommandPreparation {
  constructor(
    private readonly register: Pick<Register<OfGroups>, 'state' | 'ready' | 'moved'>,
    private readonly issuer: Pick<Issuer, 'issue'>,
  ) {}

  /** Until the signal aborts, through outages of the store. */
  async follow(signal: AbortSignal, onInterruption: (reason: unknown) => void): Promise<void> {
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.race([this.register.ready, aborted]);
    while (!signal.aborted) {
      const { moved } = this.register;
      try {
        for (const id of [...this.register.state.groups.departed.keys()]) await this.#note(id);
        await Promise.race([moved, aborted]);
      } catch (error) {
        if (!signal.aborted) onInterruption(error);
        await Promise.race([new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref()), aborted]);
      }
    }
  }

  /** @throws EventStoreUnavailable */
  async before({ recordType, command, who }: Issued): Promise<void> {
    const { id } = command as { readonly id?: RecordId };
    if (recordType.category === groupRecordType.category && id !== undefined && !isPlatform(who)) await this.#note(id);
  }

  async #note(id: RecordId): Promise<void> {
    const { groups, left } = this.register.state;
    const due = departuresFrom(groups, left, id);
    if (due === null) return;
    const commandId = newId();
    const outcome = await this.issuer.issue({
      recordType: groupRecordType,
      command: due.command,
      who: due.who,
      commandId,
      correlationId: commandId,
    });
    if (!outcome.accepted) throw new Error(`the departures from the group ${id} were not noted: ${outcome.code}`);
  }
}
