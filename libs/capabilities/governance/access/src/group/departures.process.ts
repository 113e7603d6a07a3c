import type { Issuer, CommandPreparation } from '@foundation/bus';
import { newId, type Issued, type Register, type Watch } from '@foundation/eventing';
import { isPlatform, type CountryCode, type RecordId } from '@kernel';
import { departuresFrom, type GroupRegister } from './group.register.js';
import { groupRecordType } from './group.record.js';

type OfGroups = { readonly left: ReadonlySet<CountryCode>; readonly groups: GroupRegister };

/**
 * Notes in every group who has left it with the alliance, and so passes on what a country ruled. Each node does, whenever
 * the register says that something is to be noted, at its start too; it is noted once, because the group's own record
 * decides. Whoever gives a command on such a group meets it as it is once that is noted.
 */
export class Departures implements Watch, CommandPreparation {
  /** The register tells it all that it needs. */
  readonly types: readonly string[] = [];

  constructor(
    private readonly register: Pick<Register<OfGroups>, 'state' | 'ready' | 'moved'>,
    private readonly issuer: Pick<Issuer, 'issue'>,
  ) {}

  note(): void {}

  async act(): Promise<null> {
    for (const id of [...this.register.state.groups.departed.keys()]) await this.#note(id);
    return null;
  }

  async listen(wake: () => void, signal: AbortSignal): Promise<void> {
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.race([this.register.ready, aborted]);
    while (!signal.aborted) {
      const { moved } = this.register;
      wake();
      await Promise.race([moved, aborted]);
    }
  }

  /** @throws EventStoreUnavailable */
  async before({ recordType, command, who }: Issued): Promise<null> {
    const { id } = command as { readonly id?: RecordId };
    if (recordType.category === groupRecordType.category && id !== undefined && !isPlatform(who)) await this.#note(id);
    return null;
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
