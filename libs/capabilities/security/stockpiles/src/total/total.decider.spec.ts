import { describe, expect, it } from '@jest/globals';
import {
  CONTENT_WITHHELD,
  country,
  day,
  decimal,
  instant,
  materialCode,
  percent,
  quarter,
  reject,
  type DomainEvent,
  type Marking,
  type Recorded,
  type RecordId,
} from '@kernel';
import { markedFor, person, recorded, secretariat, specify } from '@kernel/testing';
import type { StockFigures } from '../declaration/declaration.events.js';
import { stockTotalRecordType } from './total.record.js';
import type { PublishStockTotal } from './total.record.js';
import type { StockTotalPublished } from './total.events.js';

const { given } = specify(stockTotalRecordType);
const HOLDERS = ['US', 'JP', 'KR', 'AU', 'CA'];
const material = materialCode('gallium');
const marking: Marking = { owner: 'SECRETARIAT', releaseTo: ['MEMBERS'], handling: 'GREEN' };
const publish = (change: Partial<PublishStockTotal> = {}): PublishStockTotal => ({
  type: 'PublishStockTotal',
  material,
  quarter: quarter('2026-Q1'),
  ...change,
});

type Stock = Partial<StockFigures> & { readonly of?: string; readonly marking?: Partial<Marking> };
const idOf = (name: string): RecordId => `stock of ${name}` as RecordId;
type Fact = readonly [string, DomainEvent];

const by = person(null, 'SECRETARIAT').person;
const figures = { form: 'metal', purity: percent('99'), quantity: decimal('10'), asOf: day('2026-03-31') };
const declared = (holder: string, { of, marking: asked, ...change }: Stock = {}): Fact => [
  holder,
  {
    type: 'stockpiles.StockDeclared.v1',
    data: {
      ...figures,
      ...change,
      material: of ?? material,
      declaredBy: by,
      marking: { ...markedFor(country(holder.slice(0, 2))), aggregateOnly: true, ...asked },
    },
  },
];
const approved = (holder: string, change: Stock = {}): Fact => [
  holder,
  { type: 'stockpiles.DeclarationApproved.v1', data: { ...figures, ...change, approvedBy: by } },
];
/** A stock that a second person has approved; `JP again` is another record of Japan's. */
const stock = (holder: string, change: Stock = {}): readonly Fact[] => [
  declared(holder, change),
  approved(holder, change),
];
const withdrawn = (holder: string): Fact => [
  holder,
  { type: 'stockpiles.DeclarationWithdrawn.v1', data: { reason: 'x', withdrawnBy: by } },
];
const erased = (holder: string): Fact => [holder, { type: 'access.ContentErased.v1', data: { basis: 'x' } }];
const onMarkingChanged = (holder: string, to: Partial<Marking>): Fact => [
  holder,
  { type: 'access.MarkingChanged.v1', data: { marking: { ...markedFor(country(holder)), ...to }, reason: 'x' } },
];
const withheld = (holder: string, of: string): Fact => [holder, { type: CONTENT_WITHHELD, data: { of } }];
const four = HOLDERS.slice(0, 4).flatMap((holder) => stock(holder));
const historyOf = (facts: readonly Fact[]): readonly Recorded[] =>
  facts.map(([name, event], at) => ({ ...recorded(event, at), recordId: idOf(name) }));

const total = (change: Partial<StockTotalPublished['data']>): StockTotalPublished => ({
  type: 'stockpiles.StockTotalPublished.v1',
  data: {
    material,
    quarter: quarter('2026-Q1'),
    outcome: 'WITHHELD',
    cells: [],
    counted: [],
    rules: '1',
    marking,
    ...change,
  },
});
const shown = (quantity: string, counted: readonly string[] = HOLDERS): StockTotalPublished =>
  total({
    outcome: 'PUBLISHED',
    total: decimal(quantity),
    cells: [{ form: 'metal', quantity: decimal(quantity) }],
    counted: counted.map(idOf),
  });
/** What comes of it, given the facts. */
const published = (facts: readonly Fact[], at: { command?: PublishStockTotal; marking?: Marking; now?: string } = {}) =>
  given().when(at.command ?? publish(), secretariat, {
    marking: at.marking ?? marking,
    history: historyOf(facts),
    ...(at.now && { now: instant(at.now) }),
  });

describe('A stock total', () => {
  it('is published with what is in it', () => published([...four, ...stock('CA')]).then(shown('50')));
  it('is withheld alike where nobody has declared, too few have, or one holds most', () => {
    for (const facts of [[], four, [...four, ...stock('CA', { quantity: decimal('9999') })]])
      published(facts).then(total({}));
  });
  it('is published or withheld once', () => {
    given(shown('50')).when(publish(), secretariat).thenRejected('STOCKPILES.TOTAL_PUBLISHED');
    given(total({})).when(publish(), secretariat).thenRejected('STOCKPILES.TOTAL_PUBLISHED');
  });
  it.each([
    ['2026-Q1', '2026-04-30'],
    ['2026-Q2', '2026-07-30'],
    ['2026-Q3', '2026-10-30'],
    ['2025-Q4', '2026-01-30'],
  ])('of %s is due on %s and not a millisecond before', (of, on) => {
    const command = publish({ quarter: quarter(of) });
    const eve = `${on.slice(0, 8)}29T23:59:59.999Z`;
    published([], { command, now: eve }).thenRejected('STOCKPILES.TOTAL_NOT_DUE');
    published([], { command, now: `${on}T00:00:00.000Z` }).then(total({ quarter: quarter(of) }));
  });
  it('is found by material and quarter, and names a registered material', () => {
    expect(stockTotalRecordType.targetOf(publish(), 'SECRETARIAT')).toEqual({
      key: 'gallium|2026-Q1',
      mayCreate: true,
    });
    expect(stockTotalRecordType.refersTo?.(publish())).toEqual([
      {
        category: 'material',
        at: { key: 'gallium' },
        missing: reject('MATERIALS.UNKNOWN', { field: 'material', value: 'gallium' }),
      },
    ]);
  });
  it('rests on all declarations and all totals', () =>
    expect(stockTotalRecordType.readsHistoryOf).toEqual(['stockDeclaration', 'stockTotal']));
});

describe('What is in a total', () => {
  const without = (...fifth: readonly Fact[]) => published([...four, ...fifth]).then(total({}));
  const within = (...fifth: readonly Fact[]) => published([...four, ...fifth]).then(shown('50'));

  it('is for totals only', () => {
    without(...stock('CA', { marking: { aggregateOnly: false } }));
    without(...stock('CA', { marking: { aggregateOnly: false, releaseTo: ['MEMBERS'] } }));
    within(...stock('CA', { marking: { releaseTo: ['country:US' as never] } }));
  });
  it('is so by the marking in force', () => {
    without(...stock('CA'), onMarkingChanged('CA', { releaseTo: ['MEMBERS'] }));
    within(...stock('CA', { marking: { aggregateOnly: false } }), onMarkingChanged('CA', { aggregateOnly: true }));
  });
  it('is approved by a second person', () => without(declared('CA')));
  it('is as it was approved last, whatever waits', () => {
    const corrected: Fact = [
      'CA',
      {
        type: 'stockpiles.DeclarationCorrected.v1',
        data: { ...figures, quantity: decimal('15'), corrects: 'APPROVED', reason: 'x', correctedBy: by, marking },
      },
    ];
    within(...stock('CA'), corrected);
    published([...four, ...stock('CA'), corrected, approved('CA', { quantity: decimal('15') })]).then(shown('55'));
  });
  it('is not withdrawn, nor erased, nor beyond reading', () => {
    without(...stock('CA'), withdrawn('CA'));
    without(...stock('CA'), erased('CA'));
    without(withheld('CA', 'stockpiles.StockDeclared.v1'), withheld('CA', 'stockpiles.DeclarationApproved.v1'));
    without(declared('CA'), withheld('CA', 'stockpiles.DeclarationApproved.v1'));
  });
  it('is no refusal to declare', () =>
    without([
      'CA',
      { type: 'stockpiles.DeclarationRefused.v1', data: { material, reason: 'x', refusedBy: by, marking } },
    ]));
  it('is of that material', () => without(...stock('CA', { of: 'indium' })));
  it('was counted in the quarter, from its first to its last day', () => {
    without(...stock('CA', { asOf: day('2025-12-31') }));
    without(...stock('CA', { asOf: day('2026-04-01') }));
    within(...stock('CA', { asOf: day('2026-01-01') }));
  });
  it('is the newest of each holder and form', () => {
    const newer = stock('CA again', { quantity: decimal('12') });
    const older = stock('CA', { asOf: day('2026-03-30') });
    const counted = [...HOLDERS.slice(0, 4), 'CA again'];
    published([...four, ...older, ...newer]).then(shown('52', counted));
    published([...four, ...newer, ...older]).then(shown('52', counted));
    published([...four, ...stock('CA'), ...newer]).then(shown('52', counted));
  });
  it('is not an older figure of what its holder tells openly since', () =>
    without(
      ...stock('CA', { asOf: day('2026-03-30') }),
      ...stock('CA again', { marking: { aggregateOnly: false, releaseTo: ['MEMBERS'] } }),
    ));
  it('is under no embargo any more', () => {
    without(...stock('CA', { marking: { embargoUntil: instant('2026-06-01T09:00:00.001Z') } }));
    within(...stock('CA', { marking: { embargoUntil: instant('2026-06-01T09:00:00.000Z') } }));
  });
  it.each([
    { level: 'SECRET' as const },
    { denyTo: ['country:KR' as never] },
    { needToKnow: ['group:g' as never] },
    { expiresAt: instant('2027-01-01T00:00:00.000Z') },
  ])('keeps its limits: %j is not in a total without it', (limit) => {
    const facts = [...four, ...stock('CA', { marking: limit })];
    published(facts).then(total({}));
    const limited = { ...marking, ...limit };
    published(facts, { marking: limited }).then({ ...shown('50'), data: { ...shown('50').data, marking: limited } });
  });
});

describe('A total after others', () => {
  const next = publish({ quarter: quarter('2026-Q2') });
  const now = '2026-08-01T00:00:00.000Z';
  const again = (...holders: readonly string[]) =>
    holders.flatMap((holder) => stock(`${holder} again`, { asOf: day('2026-06-30') }));
  const withheldNext = total({ quarter: quarter('2026-Q2') });
  const first: readonly Fact[] = [...four, ...stock('CA')];

  it('is withheld where a single holder has joined since', () => {
    published([...first, ['total', shown('50')], ...again(...HOLDERS, 'GB')], { command: next, now }).then(
      withheldNext,
    );
  });
  it('is compared with those alone that were published, of the same material', () => {
    const six = [...HOLDERS, 'GB'];
    const counted = six.map((each) => `${each} again`);
    const expected = { ...shown('60', counted), data: { ...shown('60', counted).data, quarter: quarter('2026-Q2') } };
    published([...first, ['total', total({})], ...again(...six)], { command: next, now }).then(expected);
    const other = { ...shown('50'), data: { ...shown('50').data, material: materialCode('indium') } };
    published([...first, ['total', other], ...again(...six)], { command: next, now }).then(expected);
  });
  it('is compared with what was in them then, withdrawn since or not', () =>
    published(
      [...first, ...stock('GB'), ['total', shown('60', [...HOLDERS, 'GB'])], withdrawn('GB'), ...again(...HOLDERS)],
      { command: next, now },
    ).then(withheldNext));
  it('is withheld where what was in them, or they themselves, cannot be read any more', () => {
    const six: Fact = ['total', shown('60', [...HOLDERS, 'GB'])];
    published([...first, withheld('GB', 'stockpiles.StockDeclared.v1'), six, ...again(...HOLDERS)], {
      command: next,
      now,
    }).then(withheldNext);
    published([...first, withheld('total', shown('50').type), ...again(...HOLDERS)], { command: next, now }).then(
      withheldNext,
    );
  });
});
