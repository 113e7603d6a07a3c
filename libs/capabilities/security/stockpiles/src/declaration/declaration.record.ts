import {
  accept,
  country,
  hasBegun,
  recordType,
  latestToday,
  materialCode,
  newOwners,
  optional,
  ownerAlone,
  owners,
  partial,
  reject,
  required,
  text,
  type Day,
  type Given,
  type Instant,
  type Marking,
  type PersonRef,
  type Rejected,
} from '@kernel';
import { materialReference, unknownMaterial } from '../../../../supply/materials/src/contract.js';
import {
  figures,
  figuresOf,
  type Status,
  type StockDeclarationEvent,
  type StockFigures,
} from './declaration.events.js';

export const stockDeclarationRejections = {
  ...unknownMaterial,
  'STOCKPILES.NOT_FOUND': 'No such stock declaration. Check its id.',
  'STOCKPILES.AS_OF_IN_FUTURE':
    'A stock cannot be counted in the future. Name a day that has begun anywhere on Earth (UTC+14).',
  'STOCKPILES.SAME_PERSON': 'Whoever wrote figures cannot approve them. Let another approver of your country do it.',
  'STOCKPILES.NOTHING_PENDING': 'Nothing of this declaration waits for approval.',
  'STOCKPILES.NOTHING_CHANGED': 'The correction leaves every figure as it is. Name at least one that is different.',
  'STOCKPILES.REFUSED':
    'The country refused to declare this stock, so there are no figures. Declare the stock anew instead.',
  'STOCKPILES.WITHDRAWN': 'The declaration is withdrawn and stays as it is. Declare the stock anew instead.',
} as const;
type StockDeclarationRejection = keyof typeof stockDeclarationRejections;

export type StockDeclarationState = {
  /** Null before the first event. */
  readonly status: Status | null;
  /** Whether others than the owner have been let in: from the first approval, or the refusal, on. */
  readonly isReleased: boolean;
  /** The figures written last, and the marking of the record; null where the country declared nothing. */
  readonly declared: { readonly figures: StockFigures; readonly marking: Marking } | null;
  /** Everybody who wrote at what now waits for approval; nobody when nothing waits. */
  readonly authors: readonly PersonRef[];
};

const stockDeclaration = recordType<StockDeclarationEvent, StockDeclarationState>()({
  name: 'declaration',
  category: 'stockDeclaration',
  endsWith: ['stockpiles.DeclarationWithdrawn.v1'],
  rejections: stockDeclarationRejections,
  notFound: 'STOCKPILES.NOT_FOUND',
  markingIn: ({ isReleased }, marking) => (isReleased ? marking : ownerAlone(marking)),
  initial: { status: null, isReleased: false, declared: null, authors: [] },
  evolve: {
    'stockpiles.StockDeclared.v1': (state, data) => ({
      ...state,
      status: 'PENDING',
      declared: { figures: figuresOf(data), marking: data.marking },
      authors: [data.declaredBy],
    }),
    'stockpiles.DeclarationApproved.v1': (state) => ({ ...state, status: 'APPROVED', isReleased: true, authors: [] }),
    'stockpiles.DeclarationCorrected.v1': (state, data) => ({
      ...state,
      declared: state.declared && { ...state.declared, figures: figuresOf(data) },
      authors: [...state.authors, data.correctedBy],
    }),
    'stockpiles.DeclarationRefused.v1': (state) => ({ ...state, status: 'REFUSED', isReleased: true }),
    'stockpiles.DeclarationWithdrawn.v1': (state) => ({ ...state, status: 'WITHDRAWN' }),
  },
});

const material = { material: required(materialCode, 'Code of the material.') };
const reason = text(2000);

/** A liaison prepares figures, another person approves them; only a delegate commits the country on its own. */
export const declareStock = stockDeclaration.create({
  type: 'DeclareStock',
  description: 'Declare a stock of your country. For liaisons and delegates; others see it once it is approved.',
  input: {
    description: 'A stock to declare. It is shown to nobody else before a second person has approved it.',
    of: {
      country: optional(country, 'The declaring country; your own, and no other, where given.'),
      ...material,
      ...figures,
      note: optional(reason, 'What readers should know.'),
    },
  },
  marking: 'Who may see it once approved. Left out: your country alone.',
  refersTo: (given) => [materialReference(given.material)],
  may: [newOwners('LIAISON', 'DELEGATE')],
  decide: ({ country: _, ...given }, { now, who, marking }) =>
    countedInFuture(given.asOf, now) ??
    accept({ type: 'stockpiles.StockDeclared.v1', data: { ...given, declaredBy: who.person, marking } }),
});

export const approveDeclaration = stockDeclaration.change({
  type: 'ApproveDeclaration',
  description: 'Approve what waits of a declaration. For an approver of the country who did not write it.',
  input: { description: 'A declaration, or a correction of one, to approve as the second person.', of: {} },
  may: [owners('APPROVER')],
  decide: (_, { status, declared, authors }, { who }) => {
    if (declared === null || status === 'WITHDRAWN') return closed(status);
    if (authors.length === 0) return reject('STOCKPILES.NOTHING_PENDING');
    if (authors.includes(who.person)) return reject('STOCKPILES.SAME_PERSON');
    return accept({ type: 'stockpiles.DeclarationApproved.v1', data: { ...declared.figures, approvedBy: who.person } });
  },
});

export const correctDeclaration = stockDeclaration.change({
  type: 'CorrectDeclaration',
  description: 'Correct figures of a declaration. For liaisons and delegates; others see them once they are approved.',
  input: {
    description: 'Figures to correct; what is left out stays. Others see them once a second person has approved.',
    of: { ...partial(figures), reason: required(reason, 'Why the figures change.') },
  },
  may: [owners('LIAISON', 'DELEGATE')],
  decide: (given, { status, declared, isReleased }, { now, who }) => {
    if (declared === null || status === 'WITHDRAWN') return closed(status);
    const corrected = figuresOf({ ...declared.figures, ...given });
    const inFuture = countedInFuture(corrected.asOf, now);
    if (inFuture) return inFuture;
    if (FIGURES.every((each) => corrected[each] === declared.figures[each]))
      return reject('STOCKPILES.NOTHING_CHANGED');
    return accept({
      type: 'stockpiles.DeclarationCorrected.v1',
      data: {
        ...corrected,
        corrects: isReleased ? 'APPROVED' : 'PENDING',
        reason: given.reason,
        correctedBy: who.person,
        marking: ownerAlone(declared.marking),
      },
    });
  },
});

export const refuseDeclaration = stockDeclaration.create({
  type: 'RefuseDeclaration',
  description: 'Decline to declare a stock, with the reason. For delegates.',
  input: {
    description: 'A stock that your country declines to declare.',
    of: {
      country: optional(country, 'The refusing country; your own, and no other, where given.'),
      ...material,
      reason: required(reason, 'Why.'),
    },
  },
  marking: 'Who may know of the refusal, at once. Left out: your country alone.',
  refersTo: (given) => [materialReference(given.material)],
  may: [newOwners('DELEGATE')],
  decide: ({ country: _, ...given }, { who, marking }) =>
    accept({ type: 'stockpiles.DeclarationRefused.v1', data: { ...given, refusedBy: who.person, marking } }),
});

export const withdrawDeclaration = stockDeclaration.change({
  type: 'WithdrawDeclaration',
  description:
    'Withdraw a declaration, or the refusal of one. For delegates and approvers; its figures are no longer shown.',
  input: {
    description: 'A declaration, or the refusal of one, to withdraw.',
    of: { reason: required(reason, 'Why; whoever could see the declaration reads it.') },
  },
  may: [owners('DELEGATE', 'APPROVER')],
  again: (_, { status }) => status === 'WITHDRAWN',
  decide: (given, { status }, { who }) =>
    status === null
      ? closed(status)
      : accept({ type: 'stockpiles.DeclarationWithdrawn.v1', data: { ...given, withdrawnBy: who.person } }),
});

export const stockDeclarationRecordType = stockDeclaration.withCommands(
  declareStock,
  approveDeclaration,
  correctDeclaration,
  refuseDeclaration,
  withdrawDeclaration,
);
export type StockDeclarationCommand = Given<(typeof stockDeclarationRecordType.commands)[number]>;
export type DeclareStock = Given<typeof declareStock>;
export type CorrectDeclaration = Given<typeof correctDeclaration>;
export type RefuseDeclaration = Given<typeof refuseDeclaration>;
export type WithdrawDeclaration = Given<typeof withdrawDeclaration>;
export type ApproveDeclaration = Given<typeof approveDeclaration>;

/** Why a record without figures to work on takes no approval or correction. */
const closed = (status: Status | null): Rejected<StockDeclarationRejection> => {
  if (status === 'WITHDRAWN') return reject('STOCKPILES.WITHDRAWN');
  return status === 'REFUSED' ? reject('STOCKPILES.REFUSED') : reject('STOCKPILES.NOT_FOUND');
};

const countedInFuture = (asOf: Day, now: Instant): Rejected<StockDeclarationRejection> | null =>
  hasBegun(asOf, now) ? null : reject('STOCKPILES.AS_OF_IN_FUTURE', { field: 'asOf', latest: latestToday(now) });

const FIGURES = Object.keys(figures) as (keyof StockFigures)[];
