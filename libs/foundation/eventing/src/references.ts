import {
  derivationObstacle,
  isNarrower,
  isRecordCommand,
  partyOf,
  reject,
  type AnyRecordType,
  type Command,
  type Instant,
  type Marked,
  type Marking,
  type DerivationApproval,
  type Principal,
  type Reader,
  type Reference,
  type Rejected,
  type Source,
} from '@kernel';
import { recordIdOfKey } from './identifiers.js';
import type { RecordCache } from './record-cache.js';
import { inForce, type RecordSnapshot } from './record-snapshot.js';

/** How old the fold of a record that a command merely names may be, in milliseconds. */
const REFERENCE_FRESH_FOR_MS = 1000;

/** Another record, as a command that names it finds it. */
export type Named = Marked & {
  readonly state: unknown;
  /** It, and what it is a part of, each as the asker reads it. */
  readonly sources: readonly (Source & { readonly reader: Reader })[];
  readonly derivedFrom: Reference['derivedFrom'];
  readonly approval: DerivationApproval | null;
};

/** The other records that a command names, as the person who gives it may read them. */
export class References {
  constructor(
    private readonly records: RecordCache,
    private readonly now: () => Instant,
  ) {}

  /** The record that one in this state is a part of, as this person may read it; null where it is a part of none. */
  async parentOf(recordType: AnyRecordType, state: unknown, who: Principal): Promise<Named | 'hidden' | null> {
    const parent = recordType.parentOf?.(state) ?? null;
    return parent && ((await this.#find(parent, who)) ?? 'hidden');
  }

  /** The records that a command names, or the answer for the first one that it cannot name. */
  async named(references: readonly Reference[], who: Principal): Promise<readonly Named[] | Rejected> {
    const named: Named[] = [];
    for (const reference of references) {
      const found = await this.#find(reference, who);
      if (!found) return reference.missing;
      const unfit = reference.rejectIf?.(found.state as never);
      if (unfit) return unfit;
      named.push(found);
    }
    return named;
  }

  /** What stands between a record with this marking and the sources among those that its command names. */
  obstacle(named: readonly Named[], marking: Marking): Rejected | null {
    const approvals = named.flatMap(({ approval }) => approval ?? []);
    for (const { derivedFrom, sources } of named) {
      for (const source of derivedFrom ? sources : []) {
        const obstacle = derivationObstacle(marking, source, approvals, source.reader, this.now());
        if (obstacle === 'UNAPPROVED') return derivedFrom!.unapproved;
        if (obstacle === 'TOO_WIDE') return reject('MARKING.WIDER_THAN_SOURCE', { field: 'marking' });
      }
    }
    return null;
  }

  /** The record referred to, as it stands; null where it is absent or hidden. */
  async #find(
    reference: Pick<Reference, 'category' | 'at'> & Partial<Reference>,
    who: Principal,
  ): Promise<Named | null> {
    const { category, at, derivedFrom, approvalIn } = reference;
    const recordType = this.records.recordTypeOf(category);
    const id = 'id' in at ? at.id : recordIdOfKey(category, at.key);
    const known = this.records.known(recordType, id);
    // What an owner allows, or no longer does, holds with the very next command.
    const isFresh =
      !derivedFrom && !approvalIn && known !== undefined && performance.now() - known.readAt < REFERENCE_FRESH_FOR_MS;
    if (!(await this.records.mayAddress(recordType, id, who))) return null;
    const asOfNow = (record: RecordSnapshot): RecordSnapshot => this.records.asOfNow(recordType, id, record);
    const record =
      isFresh && this.records.mayRead(recordType, id, asOfNow(known), who)
        ? asOfNow(known)
        : asOfNow(await this.records.refreshed(recordType, id));
    if (!this.records.mayRead(recordType, id, record, who)) return null;
    const { state } = record;
    const marking = inForce(recordType, state, record.record.marking!);
    const parent = await this.parentOf(recordType, state, who);
    // A part's owner always learns of it.
    if (parent === 'hidden' && marking.owner !== partyOf(who)) return null;
    const reader = this.records.readerOf(recordType, who);
    return {
      marking,
      state,
      sources: [{ id, marking, reader }, ...(parent === null || parent === 'hidden' ? [] : parent.sources)],
      derivedFrom,
      approval: approvalIn?.(state as never) ?? null,
    };
  }
}
/** A record that only becomes narrower stays within its sources, whatever has become of them. */
export const referencesOf = (
  recordType: AnyRecordType,
  command: Command,
  before: RecordSnapshot,
  marking: Marking,
): readonly Reference[] => {
  if (!isRecordCommand(command)) return recordType.refersTo?.(command) ?? [];
  const { marking: current } = before.record;
  const mayWiden = command.type === 'ChangeMarking' && !(current && isNarrower(marking, current));
  return mayWiden ? (recordType.sourcesOf?.(before.state) ?? []) : [];
};
