import {
  evolveRecord,
  isContentWithheld,
  isRecordEvent,
  isWithin,
  NO_RECORD,
  quarterOf,
  type DomainEvent,
  type Instant,
  type Marking,
  type MaterialCode,
  type Quarter,
  type Recorded,
  type RecordId,
  type RecordState,
} from '@kernel';
import type { StockDeclarationEvent, StockFigures } from '../declaration/declaration.events.js';
import type { Contribution, EarlierTable } from './stock-table.rule.js';
import type { StockTotalPublished } from './total.events.js';

/** What a total is about, under which marking and when it is to be published. */
export type Asked = {
  readonly material: MaterialCode;
  readonly quarter: Quarter;
  readonly marking: Marking;
  readonly now: Instant;
};

/** What goes into a total, and the earlier totals of the material. */
export type Known = {
  readonly counted: readonly RecordId[];
  readonly contributions: readonly Contribution[];
  readonly earlier: readonly EarlierTable[];
};

/** One declaration, as far as totals are concerned. */
type Declaration = {
  readonly record: RecordState;
  readonly material: MaterialCode | null;
  /** The figures approved last, and where that stands in the history. */
  readonly approved: { readonly figures: StockFigures; readonly position: bigint } | null;
  readonly isWithdrawn: boolean;
};
const NOTHING: Declaration = { record: NO_RECORD, material: null, approved: null, isWithdrawn: false };

/** @param history all facts of stock declarations and of stock totals, in order */
export const contributionsIn = (history: readonly Recorded[], asked: Asked): Known => {
  const declarations = new Map<RecordId, Declaration>();
  const earlier: EarlierTable[] = [];
  for (const { event, recordId, position } of history) {
    if (isOfTotal(event)) earlier.push(...tableOf(event, asked.material, declarations));
    else declarations.set(recordId, evolved(declarations.get(recordId) ?? NOTHING, event, position));
  }
  const alike = Map.groupBy(
    [...declarations].filter(([, each]) => isInForce(each, asked)),
    ([, each]) => `${each.record.marking?.owner} ${each.approved?.figures.form}`,
  );
  const newest = [...alike.values()].map((all) => all.toSorted(([, a], [, b]) => (isNewer(a, b) ? -1 : 1))[0]!);
  // Only then: what a holder tells openly in the meantime must not stand beside an older figure of the same.
  const counted = newest.filter(([, { record }]) => isForTotal(record.marking!, asked));
  return {
    counted: counted.map(([id]) => id),
    contributions: counted.flatMap(([, each]) => contributionOf(each) ?? []),
    earlier,
  };
};

const evolved = (of: Declaration, event: DomainEvent, position: bigint): Declaration => {
  const so = { ...of, record: evolveRecord(of.record, event) };
  if (isRecordEvent(event) || isContentWithheld(event)) return so;
  const { type, data } = event as StockDeclarationEvent;
  switch (type) {
    case 'stockpiles.StockDeclared.v1':
      return { ...so, material: data.material };
    case 'stockpiles.DeclarationApproved.v1':
      return { ...so, approved: { figures: data, position } };
    case 'stockpiles.DeclarationWithdrawn.v1':
      return { ...so, isWithdrawn: true };
    case 'stockpiles.DeclarationCorrected.v1':
    case 'stockpiles.DeclarationRefused.v1':
      return so;
  }
};

/** Approved by a second person, for the material and the quarter, and neither withdrawn nor erased. */
const isInForce = ({ record, material, approved, isWithdrawn }: Declaration, asked: Asked): boolean =>
  approved !== null &&
  !isWithdrawn &&
  !record.isErased &&
  material === asked.material &&
  quarterOf(approved.figures.asOf) === asked.quarter;

/** Counted on a later day or, on the same day, approved later. */
const isNewer = ({ approved: a }: Declaration, { approved: b }: Declaration): boolean =>
  a!.figures.asOf === b!.figures.asOf ? a!.position > b!.position : a!.figures.asOf > b!.figures.asOf;

/**
 * Whether its owner gives it to totals with this marking: it is for totals only, and whatever else limits it (who is
 * denied, needed groups, level, embargo, expiry) limits the total as well.
 */
const isForTotal = (own: Marking, { marking, now }: Asked): boolean => {
  const { aggregateOnly, embargoUntil, ...limits } = own;
  const isOpen = embargoUntil === undefined || embargoUntil <= now;
  return aggregateOnly === true && isOpen && isWithin(marking, { ...limits, releaseTo: ['PUBLIC'] });
};

/** Null where it cannot be read. */
const contributionOf = ({ record, approved }: Declaration): Contribution | null =>
  record.marking && approved
    ? { holder: record.marking.owner, form: approved.figures.form, quantity: approved.figures.quantity }
    : null;

const TOTAL: StockTotalPublished['type'] = 'stockpiles.StockTotalPublished.v1';
const isOfTotal = (event: DomainEvent): boolean =>
  event.type === TOTAL || (isContentWithheld(event) && event.data.of === TOTAL);

/** The table that a total showed, with what it was made of then; nothing where it showed none, or of another material. */
const tableOf = (
  event: DomainEvent,
  material: MaterialCode,
  declarations: ReadonlyMap<RecordId, Declaration>,
): readonly EarlierTable[] => {
  // It may have been of this material.
  if (isContentWithheld(event)) return [{ forms: [], contributions: null }];
  const of = event.data as StockTotalPublished['data'];
  if (of.material !== material || of.outcome === 'WITHHELD') return [];
  const made = of.counted.map((id) => contributionOf(declarations.get(id) ?? NOTHING));
  const isReadable = made.every((each) => each !== null);
  return [{ forms: of.cells.map(({ form }) => form), contributions: isReadable ? made : null }];
};
