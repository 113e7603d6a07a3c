import {
  accept,
  capability,
  hoursAfter,
  integer,
  recordType,
  members,
  optional,
  ownerAlone,
  platform,
  platformFor,
  reaction,
  recordId,
  reject,
  required,
  text,
  type DomainEvent,
  type Given,
  type Instant,
  type Marked,
  type RecordId,
} from '@kernel';

/* A small kind of record that time changes: offers that lapse and are archived an hour later, and the ledger of a shop
   that counts what becomes of them. */

type Offered = DomainEvent<'offers.Offered.v1', Marked & { readonly lapsesAt: Instant; readonly ledger: string }>;
type Renewed = DomainEvent<'offers.Renewed.v1', { readonly lapsesAt: Instant }>;
type Taken = DomainEvent<'offers.Taken.v1', { readonly note: string }>;
type Lapsed = DomainEvent<'offers.Lapsed.v1', { readonly at: Instant }>;
type Archived = DomainEvent<'offers.Archived.v1', { readonly at: Instant }>;
export type OfferEvent = Offered | Renewed | Taken | Lapsed | Archived;
type Offer = { readonly lapsesAt: Instant; readonly state: 'OPEN' | 'TAKEN' | 'LAPSED' | 'ARCHIVED' } | null;

const anHourAfter = (at: Instant): Instant => hoursAfter(at, 1n);

const offer = recordType<OfferEvent, Offer>()({
  category: 'offer',
  rejections: {
    'OFFERS.NOT_FOUND': 'No such offer.',
    'OFFERS.LAPSED': 'It has lapsed.',
    'OFFERS.TAKEN': 'It is taken.',
  },
  notFound: 'OFFERS.NOT_FOUND',
  initial: null,
  // A lapsed offer is its owner's alone.
  markingIn: (state, marking) =>
    state?.state === 'LAPSED' || state?.state === 'ARCHIVED' ? ownerAlone(marking) : marking,
  dueOf: (state) => {
    if (state?.state === 'OPEN') {
      const { lapsesAt: at } = state;
      return [{ at, key: 'lapses', facts: [{ type: 'offers.Lapsed.v1', data: { at } }] }];
    }
    if (state?.state !== 'LAPSED') return [];
    const at = anHourAfter(state.lapsesAt);
    return [{ at, key: 'archived', facts: [{ type: 'offers.Archived.v1', data: { at } }] }];
  },
  evolve: {
    'offers.Offered.v1': (_, { lapsesAt }) => ({ lapsesAt, state: 'OPEN' }),
    'offers.Renewed.v1': (_, { lapsesAt }) => ({ lapsesAt, state: 'OPEN' }),
    'offers.Taken.v1': (state) => state && { ...state, state: 'TAKEN' },
    'offers.Lapsed.v1': (state) => state && { ...state, state: 'LAPSED' },
    'offers.Archived.v1': (state) => state && { ...state, state: 'ARCHIVED' },
  },
});

const makeOffer = offer.create({
  type: 'MakeOffer',
  description: 'Offer.',
  input: { description: 'An offer.', of: { ledger: required(text(50), 'Who counts it.') } },
  may: [members('DELEGATE')],
  decide: ({ ledger }, { now, marking }) =>
    accept({ type: 'offers.Offered.v1', data: { marking, ledger, lapsesAt: anHourAfter(now) } }),
});
const takeOffer = offer.change({
  type: 'TakeOffer',
  description: 'Take it.',
  input: {
    description: 'An offer.',
    of: { note: required(text(50), 'A word.'), other: optional(recordId, 'Another, open too.') },
  },
  may: [members('DELEGATE')],
  refersTo: ({ other }: { readonly other?: RecordId }) =>
    other === undefined
      ? []
      : [
          {
            category: 'offer',
            at: { id: other },
            missing: reject('OFFERS.NOT_FOUND'),
            rejectIf: ((named: Offer) => (named?.state === 'OPEN' ? null : reject('OFFERS.LAPSED'))) as never,
          },
        ],
  decide: ({ note }, { state }) => {
    if (state === 'TAKEN') return reject('OFFERS.TAKEN');
    return state === 'OPEN' ? accept({ type: 'offers.Taken.v1', data: { note } }) : reject('OFFERS.LAPSED');
  },
});
/** Also one that has lapsed, but none that is archived. */
const renewOffer = offer.change({
  type: 'RenewOffer',
  description: 'Let it last an hour from now.',
  input: { description: 'An offer.', of: {} },
  may: [members('DELEGATE')],
  decide: (_, { state }, { now }) =>
    state === 'OPEN' || state === 'LAPSED'
      ? accept({ type: 'offers.Renewed.v1', data: { lapsesAt: anHourAfter(now) } })
      : reject('OFFERS.TAKEN'),
});
export const offerRecordType = offer.withCommands(makeOffer, takeOffer, renewOffer);
export type OfferCommand = Given<(typeof offerRecordType.commands)[number]>;

export type LedgerEvent = DomainEvent<'offers.Counted.v1', Marked & { readonly what: string }>;
const ledger = recordType<LedgerEvent, readonly string[]>()({
  category: 'ledger',
  rejections: { 'LEDGERS.NOT_FOUND': 'No such ledger.', 'LEDGERS.UNCOUNTABLE': 'It cannot be counted.' },
  notFound: 'LEDGERS.NOT_FOUND',
  initial: [],
  evolve: { 'offers.Counted.v1': (counted, { what }) => [...counted, what] },
});
const count = ledger.upsert({
  type: 'Count',
  description: 'Count. For the platform.',
  input: {
    description: 'What became of an offer.',
    of: { ledger: required(text(50), 'Which.'), what: required(text(50), 'What.'), number: required(integer, 'Any.') },
  },
  target: ({ ledger: key }) => ({ key, mayCreate: true }),
  may: [platform],
  decide: ({ what }, counted, { marking }) => {
    if (what === 'uncountable') return reject('LEDGERS.UNCOUNTABLE');
    return counted.length > 50 ? accept() : accept({ type: 'offers.Counted.v1', data: { what, marking } });
  },
});
export const ledgerRecordType = ledger.withCommands(count);

/** What was taken and what has lapsed is counted in the ledger that the offer named, twice. */
const countOffers = reaction<ReadonlyMap<string, string>>({
  name: 'countOffers',
  to: ['offers.Offered.v1', 'offers.Taken.v1', 'offers.Lapsed.v1'],
  records: ['offers.Counted.v1'],
  memory: {
    initial: new Map(),
    evolve: (ledgers, { event, recordId: id }) =>
      event.type === 'offers.Offered.v1' ? new Map(ledgers).set(id, (event as Offered).data.ledger) : ledgers,
  },
  then: ({ event, recordId: id, party }, ledgers) => {
    if (event.type === 'offers.Offered.v1') return [];
    const what = event.type === 'offers.Taken.v1' ? (event as Taken).data.note : 'lapsed';
    return [1, 2].map((number) => ({
      recordType: ledgerRecordType,
      who: platformFor(party),
      command: { type: 'Count', ledger: ledgers.get(id)!, what, number },
    }));
  },
});

export const offers = capability({
  name: 'offers',
  recordTypes: [offerRecordType, ledgerRecordType],
  views: [],
  reactions: [countOffers],
});
