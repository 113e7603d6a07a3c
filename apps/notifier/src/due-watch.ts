import type { OpenDue } from '@foundation/alerting';
import { duesOf, foldedRecord, type EventStore, type StoredEvent, type Unreadable } from '@foundation/eventing';
import type { AnyAlertKind, AnyRecordType, Capability, Instant } from '@kernel';

type Told = OpenDue & { readonly lead: number };

/** The deadlines that kinds of alerts announce. A deadline is the record's to say; it is asked anew after each of its facts. */
export class DueWatch {
  readonly #open: Map<string, readonly OpenDue[]>;
  readonly #kinds: ReadonlyMap<string, { readonly recordType: AnyRecordType; readonly kinds: readonly AnyAlertKind[] }>;

  /** @param clock up to which instant deadlines were announced */
  constructor(
    capabilities: readonly Capability[],
    open: ReadonlyMap<string, readonly OpenDue[]>,
    private readonly events: EventStore,
    public clock: Instant,
  ) {
    this.#open = new Map(open);
    this.#kinds = new Map(
      capabilities.flatMap(({ recordTypes, alerts = [] }) => {
        const kinds = alerts.filter(({ due }) => due);
        const timed = kinds.length === 0 ? [] : recordTypes.filter(({ dueOf }) => dueOf);
        return timed.map((recordType) => [recordType.category, { recordType, kinds }] as const);
      }),
    );
  }

  /** @returns what is due of the records that have changed */
  async note(items: readonly (StoredEvent | Unreadable)[]): Promise<ReadonlyMap<string, readonly OpenDue[]>> {
    const changed = new Map<string, readonly OpenDue[]>();
    for (const { category, recordId } of items) {
      const timed = this.#kinds.get(category);
      const name = `${category}-${recordId}`;
      if (!timed || changed.has(name)) continue;
      const record = await foldedRecord(this.events, timed.recordType, recordId);
      const dues = record === null ? [] : duesOf(timed.recordType, recordId, record);
      const open = timed.kinds.flatMap(({ kind, view, due }) =>
        dues
          .filter(({ key }) => key === due!.key)
          .map(({ key, at }): OpenDue => ({ kind, view: view.name, key: recordId, due: key, at })),
      );
      changed.set(name, open);
      if (open.length === 0) this.#open.delete(name);
      else this.#open.set(name, open);
    }
    return changed;
  }

  /** The announcements whose instant has come since the last time. */
  passed(until: Instant, leadsOf: (kind: string) => readonly number[]): readonly Told[] {
    const after = this.clock;
    const passed = [...this.#told(leadsOf)].filter(({ told }) => told > after && told <= until).map(({ due }) => due);
    if (until > this.clock) this.clock = until;
    return passed;
  }

  next(after: Instant, leadsOf: (kind: string) => readonly number[]): Instant | null {
    let next: Instant | null = null;
    for (const { told } of this.#told(leadsOf)) if (told > after && (next === null || told < next)) next = told;
    return next;
  }

  *#told(leadsOf: (kind: string) => readonly number[]): Generator<{ due: Told; told: Instant }> {
    for (const open of this.#open.values())
      for (const due of open)
        for (const lead of leadsOf(due.kind))
          yield { due: { ...due, lead }, told: new Date(Date.parse(due.at) - lead * 60_000).toISOString() as Instant };
  }
}
