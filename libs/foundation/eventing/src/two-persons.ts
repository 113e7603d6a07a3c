import { canonicalizeStored } from '@foundation/transparency';
import {
  commandIdOfAct,
  commandIdOfReaction,
  isPlatform,
  partyOf,
  platformFor,
  type AnyReaction,
  type AnyRecordType,
  type Command,
  type Instant,
  type Level,
  type Party,
  type PersonRef,
  type Principal,
  type RecordId,
  type Role,
} from '@kernel';
import { createHash } from 'node:crypto';
import { recordIdOfCommand } from './identifiers.js';
import type { CommandAccepted, CommandPrepared, Issued, Outcome } from './outcome.js';
import type { RecordSnapshot } from './record-snapshot.js';

/** A command that one person has given, and that a second one has to approve. */
export type Prepared = {
  /** Category of the record that it is given to. */
  readonly category: string;
  /** That record: the one that it names, or the one that it will make. */
  readonly record: RecordId;
  /** Its type, `DemandSignatures`. */
  readonly command: string;
  /** RFC 8785 JSON of all else that it says. */
  readonly input: string;
  /** SHA-256 of the RFC 8785 JSON of `{ command, input }`, base64url. */
  readonly digest: string;
  /** In which it was given. */
  readonly roles: readonly Role[];
};
export type Kept = Prepared & {
  readonly party: Party;
  readonly preparedBy: PersonRef;
  readonly lapsesAt: Instant;
  readonly isCarriedOut: boolean;
};

/** The records in which such commands are kept, in the words of the capability whose they are. */
export type ActRecords = {
  readonly recordType: AnyRecordType;
  readonly prepare: (prepared: Prepared) => Command;
  readonly isApproval: (command: Command) => boolean;
  /** That the command was carried out; for the platform. */
  readonly carriedOut: (act: RecordId, approvedBy: PersonRef | null) => Command;
  /** What was prepared, of a party; null in a record that is none. */
  readonly keptIn: (state: unknown, party: Party) => Kept | null;
  /** By which it is noted, should whoever carried it out not come to it. */
  readonly reaction: AnyReaction;
};

/** What of the pipeline is needed for it. */
type Pipeline = {
  /** Authorises, judges and records a command as any other. */
  readonly carryOut: (issued: Issued) => Promise<Outcome>;
  /** Records a command to a record of this id that was authorised by another way. */
  readonly record: (issued: Issued, party: Party, id: RecordId) => Promise<Outcome>;
  readonly mayAddress: (recordType: AnyRecordType, id: RecordId, who: Principal) => Promise<boolean>;
  readonly snapshotOf: (category: string, id: RecordId) => Promise<RecordSnapshot>;
  readonly recordTypeOf: (category: string) => AnyRecordType;
};

/**
 * Commands that take two persons: the first one's is judged and kept as an act of its party's, and its record knows
 * nothing of it. It is judged anew when the second approves it, and only then recorded.
 */
export class TwoPersonActs {
  constructor(
    private readonly acts: ActRecords,
    private readonly pipeline: Pipeline,
  ) {}

  /** Whether a person gives a command to an act. */
  isToAct({ recordType, who }: Issued): boolean {
    return recordType.category === this.#category && !isPlatform(who);
  }

  /**
   * Keeps a command that was judged, for the second person.
   * @param id of its record, also of one that it will make under the id of this command
   */
  async prepare(issued: Issued, party: Party, id: RecordId, level: Level | undefined): Promise<Outcome> {
    const { recordType, command, commandId, who } = issued;
    const { category } = recordType;
    const act = this.#idOf(party, commandId);
    const isNew = 'fresh' in recordType.targetOf(command, party, who.person);
    const record = isNew ? recordIdOfCommand(category, party, commandIdOfAct(act)) : id;
    const preparing = this.acts.prepare({ category, record, ...keptOf(command), roles: who.roles });
    const outcome = await this.pipeline.record(
      { ...issued, recordType: this.acts.recordType, command: { ...preparing, ...(level && { marking: { level } }) } },
      party,
      act,
    );
    return outcome.accepted ? (await this.preparedBefore(issued, party))! : outcome;
  }

  /** The first answer to a command that was prepared under this id; null where none was, or another. */
  async preparedBefore({ commandId, command }: Issued, party: Party): Promise<CommandPrepared | null> {
    const act = this.#idOf(party, commandId);
    const kept = this.#keptIn(await this.pipeline.snapshotOf(this.#category, act));
    if (kept?.digest !== keptOf(command).digest) return null;
    return { accepted: 'prepared', commandId, act, digest: kept.digest, lapsesAt: kept.lapsesAt };
  }

  /** A command of a person to an act: approves it, takes it back, or whatever can be done to any record. */
  async give(issued: Issued): Promise<Outcome> {
    const { command, commandId, who } = issued;
    const act = (command as Command & { readonly id: RecordId }).id;
    const kept = await this.#ownKept(act, who);
    // Whoever carried it out may have died before that was noted: it is noted before anything is asked of the act.
    const before = kept && (await this.#answerOf(kept, act));
    if (before && !kept.isCarriedOut) await this.#noteCarriedOut(kept, act, before, null);
    const checked = await this.pipeline.carryOut(issued);
    if (checked.accepted !== true || !kept || !this.acts.isApproval(command)) return checked;
    if (before) return { ...before, commandId };
    // It had found nothing to do; an act is used once.
    if (kept.isCarriedOut) return { ...checked, recordId: kept.record };

    const outcome = await this.pipeline.carryOut({
      ...issued,
      recordType: this.pipeline.recordTypeOf(kept.category),
      command: { ...(JSON.parse(kept.input) as object), type: kept.command },
      // Whoever approves it answers for it, in the roles in which it was given.
      who: { ...who, roles: [...new Set([...who.roles, ...kept.roles])] },
      commandId: commandIdOfAct(act),
      act: { id: act, preparedBy: kept.preparedBy },
    });
    if (outcome.accepted !== true) return outcome;
    await this.#noteCarriedOut(kept, act, outcome, who.person);
    return { ...outcome, commandId };
  }

  get #category(): string {
    return this.acts.recordType.category;
  }

  #idOf(party: Party, commandId: string): RecordId {
    return recordIdOfCommand(this.#category, party, commandId);
  }

  #keptIn({ state, record }: RecordSnapshot): Kept | null {
    return record.marking === null || record.isErased ? null : this.acts.keptIn(state, record.marking.owner);
  }

  /** Of another party's act nothing is read: it is not there. */
  async #ownKept(act: RecordId, who: Principal): Promise<Kept | null> {
    if (!(await this.pipeline.mayAddress(this.acts.recordType, act, who))) return null;
    const kept = this.#keptIn(await this.pipeline.snapshotOf(this.#category, act));
    return kept?.party === partyOf(who) ? kept : null;
  }

  /** What carrying it out was answered; null where its record holds nothing of it. */
  async #answerOf({ category, record, party }: Kept, act: RecordId): Promise<CommandAccepted | null> {
    const commandId = commandIdOfAct(act);
    const { commands } = await this.pipeline.snapshotOf(category, record);
    const carried = commands.get(`${party} ${commandId}`);
    return carried ? { accepted: true, commandId, recordId: record, recorded: true, ...carried } : null;
  }

  /** As the reaction to the first fact would, under the same id: whoever comes second finds it done. */
  async #noteCarriedOut(
    { party }: Kept,
    act: RecordId,
    { leaves: [first] }: CommandAccepted,
    approvedBy: PersonRef | null,
  ): Promise<void> {
    const commandId = first ? commandIdOfReaction(first.eventId, this.acts.reaction, 0) : commandIdOfAct(act);
    await this.pipeline.carryOut({
      recordType: this.acts.recordType,
      command: this.acts.carriedOut(act, approvedBy),
      who: platformFor(party),
      commandId,
      correlationId: commandId,
    });
  }
}

/** A command, as it is kept and shown to whoever is to approve it. */
const keptOf = ({ type: command, ...given }: Command): Pick<Prepared, 'command' | 'input' | 'digest'> => {
  const digest = createHash('sha256')
    .update(canonicalizeStored({ command, input: given }))
    .digest('base64url');
  return { command, input: canonicalizeStored(given), digest };
};
