import type { Refolded, RowChange } from '@foundation/eventing';
import type { AnyView, Instant, Marked, Reader, RecordId } from '@kernel';
import { columnChanges, mayReplay } from './replay.rule.js';
import type { HistoryFact } from './replay.view.js';

/** Says of each row of a record, at each time, whether one reader may be shown it. */
export class Judge {
  constructor(
    private readonly rows: Refolded,
    private readonly reader: Reader,
    private readonly readable: ReadonlySet<string>,
    private readonly isLetIn: boolean,
    private readonly id: RecordId,
    private readonly now: Instant,
  ) {}

  mayShow(view: AnyView, key: string, then: Marked, at: Instant): boolean {
    const now = this.rows.rows(view).get(key) ?? null;
    const byLeave = this.isLetIn && now !== null && mayReplay({ then: now, now }, this.reader, true, this.now, this.id);
    const readsNow = byLeave || this.readable.has(`${view.name} ${key}`);
    return mayReplay({ then, now }, this.reader, readsNow, at, this.id);
  }

  changes({ view, key, before, after }: RowChange, at: Instant): HistoryFact['changes'] {
    const [old, young] = [before, after].map((row) => (row && this.mayShow(view, key, row, at) ? row : null));
    // A row that the reader may not see any more has not gone for it: it says nothing.
    if (after !== null && young === null) return [];
    return columnChanges(view, old ?? null, young ?? null).map(({ column, ...values }) => ({
      list: view.name,
      field: column,
      ...values,
    }));
  }
}
