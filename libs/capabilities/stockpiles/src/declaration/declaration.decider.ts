import {
  accept,
  hasBegun,
  latestToday,
  ownerAlone,
  reject,
  type Circumstances,
  type Command,
  type CountryCode,
  type Day,
  type Decider,
  type Decision,
  type Instant,
  type Marking,
  type MaterialCode,
  type PersonRef,
  type RecordId,
  type Rejected,
} from '@kernel';
import { unknownMaterial } from '../../../materials/src/contract.js';
import { figuresOf, type Status, type StockDeclarationEvent, type StockFigures } from './declaration.events.js';

export type StockDeclarationCommand =
  DeclareStock | ApproveDeclaration | CorrectDeclaration | RefuseDeclaration | WithdrawDeclaration;

export type DeclareStock = Command<'DeclareStock'> &
  StockFigures & { readonly country?: CountryCode; readonly material: MaterialCode; readonly note?: string };
export type ApproveDeclaration = Command<'ApproveDeclaration'> & { readonly id: RecordId };
export type CorrectDeclaration = Command<'CorrectDeclaration'> &
  Partial<StockFigures> & { readonly id: RecordId; readonly reason: string };
export type RefuseDeclaration = Command<'RefuseDeclaration'> & {
  readonly country?: CountryCode;
  readonly material: MaterialCode;
  readonly reason: string;
};
export type WithdrawDeclaration = Command<'WithdrawDeclaration'> & { readonly id: RecordId; readonly reason: string };

export const stockDeclarationRefusals = {
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
export type StockDeclarationRefusal = keyof typeof stockDeclarationRefusals;

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

type StockDecision = Decision<StockDeclarationEvent, StockDeclarationRefusal>;

export const stockDeclaration: Decider<
  StockDeclarationCommand,
  StockDeclarationEvent,
  StockDeclarationState,
  StockDeclarationRefusal
> = {
  initial: { status: null, isReleased: false, declared: null, authors: [] },

  evolve: (state, event) => {
    switch (event.type) {
      case 'stockpiles.StockDeclared.v1': {
        const { marking, declaredBy } = event.data;
        return {
          ...state,
          status: 'PENDING',
          declared: { figures: figuresOf(event.data), marking },
          authors: [declaredBy],
        };
      }
      case 'stockpiles.DeclarationApproved.v1':
        return { ...state, status: 'APPROVED', isReleased: true, authors: [] };
      case 'stockpiles.DeclarationCorrected.v1':
        return {
          ...state,
          declared: state.declared && { ...state.declared, figures: figuresOf(event.data) },
          authors: [...state.authors, event.data.correctedBy],
        };
      case 'stockpiles.DeclarationRefused.v1':
        return { ...state, status: 'REFUSED', isReleased: true };
      case 'stockpiles.DeclarationWithdrawn.v1':
        return { ...state, status: 'WITHDRAWN' };
    }
  },

  decide: (command, state, when) => {
    switch (command.type) {
      case 'DeclareStock':
        return declare(command, when);
      case 'ApproveDeclaration':
        return approve(state, when);
      case 'CorrectDeclaration':
        return correct(command, state, when);
      case 'RefuseDeclaration': {
        const { material, reason } = command;
        const { marking, who } = when;
        return accept({
          type: 'stockpiles.DeclarationRefused.v1',
          data: { material, reason, refusedBy: who.person, marking },
        });
      }
      case 'WithdrawDeclaration':
        return withdraw(command, state, when);
    }
  },
};

const declare = (command: DeclareStock, { now, who, marking }: Circumstances): StockDecision => {
  const { type: _, country: _owner, marking: _asked, ...declaration } = command;
  return (
    countedInFuture(declaration.asOf, now) ??
    accept({ type: 'stockpiles.StockDeclared.v1', data: { ...declaration, declaredBy: who.person, marking } })
  );
};

const approve = ({ status, declared, authors }: StockDeclarationState, { who }: Circumstances): StockDecision => {
  if (declared === null || status === 'WITHDRAWN') return closed(status);
  if (authors.length === 0) return reject('STOCKPILES.NOTHING_PENDING');
  if (authors.includes(who.person)) return reject('STOCKPILES.SAME_PERSON');
  return accept({ type: 'stockpiles.DeclarationApproved.v1', data: { ...declared.figures, approvedBy: who.person } });
};

const correct = (
  command: CorrectDeclaration,
  { status, declared, isReleased }: StockDeclarationState,
  { now, who }: Circumstances,
): StockDecision => {
  if (declared === null || status === 'WITHDRAWN') return closed(status);
  const figures = figuresOf({ ...declared.figures, ...command });
  const inFuture = countedInFuture(figures.asOf, now);
  if (inFuture) return inFuture;
  if (FIGURES.every((each) => figures[each] === declared.figures[each])) return reject('STOCKPILES.NOTHING_CHANGED');
  return accept({
    type: 'stockpiles.DeclarationCorrected.v1',
    data: {
      ...figures,
      corrects: isReleased ? 'APPROVED' : 'PENDING',
      reason: command.reason,
      correctedBy: who.person,
      marking: ownerAlone(declared.marking),
    },
  });
};

const withdraw = (
  { reason }: WithdrawDeclaration,
  { status }: StockDeclarationState,
  { who }: Circumstances,
): StockDecision => {
  if (status === null) return closed(status);
  if (status === 'WITHDRAWN') return accept();
  return accept({ type: 'stockpiles.DeclarationWithdrawn.v1', data: { reason, withdrawnBy: who.person } });
};

/** Why a record without figures to work on takes no approval or correction. */
const closed = (status: Status | null): Rejected<StockDeclarationRefusal> => {
  if (status === 'WITHDRAWN') return reject('STOCKPILES.WITHDRAWN');
  return status === 'REFUSED' ? reject('STOCKPILES.REFUSED') : reject('STOCKPILES.NOT_FOUND');
};

const countedInFuture = (asOf: Day, now: Instant): Rejected<StockDeclarationRefusal> | null =>
  hasBegun(asOf, now) ? null : reject('STOCKPILES.AS_OF_IN_FUTURE', { field: 'asOf', latest: latestToday(now) });

const FIGURES = ['form', 'purity', 'quantity', 'shareOfAnnualConsumption', 'asOf'] as const;
