import { mayRead, ownerAudience, type AnyView, type Instant, type Marked, type Reader, type RecordId } from '@kernel';

/** A row of a record at some point of its history, and as it stands now; null where there is none. */
export type RowInTime = { readonly then: Marked; readonly now: Marked | null };

/**
 * Whether a replay may show a row as it was at a time: its reader could read it then, by the marking that it had, and can
 * read it now. So what was restricted later stays shut, and what was under an embargo then is not shown as of then. Of a
 * row that is no more, the owner's own people alone are told.
 * @param readsNow what the read gateway says of the row as it stands
 */
export const mayReplay = (
  { then, now }: RowInTime,
  reader: Reader,
  readsNow: boolean,
  at: Instant,
  recordId: RecordId,
): boolean => {
  const isOwn = reader.audiences.includes(ownerAudience(then.marking.owner));
  if (now === null ? !isOwn : !readsNow) return false;
  return reader.breakGlassRecords.includes(recordId) || mayRead(then.marking, reader, at);
};

/** The columns of a row that a replay shows. */
export const columnsOf = (view: AnyView, row: Marked | null): ReadonlyMap<string, unknown> =>
  new Map(
    Object.entries(row ?? {}).filter(
      ([name]) => name !== 'marking' && !((view.notInReplay ?? []) as readonly string[]).includes(name),
    ),
  );

/** One column that came out otherwise. */
export type ColumnChange = { readonly column: string; readonly before: unknown; readonly after: unknown };

/** What a reader who sees both rows sees changing. */
export const columnChanges = (view: AnyView, before: Marked | null, after: Marked | null): readonly ColumnChange[] => {
  const [old, young] = [columnsOf(view, before), columnsOf(view, after)];
  return [...new Set([...old.keys(), ...young.keys()])]
    .map((column) => ({ column, before: old.get(column) ?? null, after: young.get(column) ?? null }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after));
};
