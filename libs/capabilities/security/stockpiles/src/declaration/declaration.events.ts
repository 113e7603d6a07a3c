import {
  day,
  decimal,
  oneOf,
  optional,
  percent,
  required,
  text,
  type DomainEvent,
  type Marked,
  type MaterialCode,
  type Of,
  type PersonRef,
} from '@kernel';

export const figures = {
  form: required(text(200), 'Chemical form, such as "metal" or "lithium carbonate".'),
  /** Share of the form in the mass held. */
  purity: required(percent, 'Purity in per cent, from 0 to 100.'),
  quantity: required(decimal, 'Tonnes.'),
  shareOfAnnualConsumption: optional(
    decimal,
    'Stock over a year’s national consumption, in per cent; more than 100 where it lasts longer than a year.',
  ),
  asOf: required(day, 'The day on which the stock was counted: one that has begun anywhere on Earth (UTC+14).'),
};
export type StockFigures = Of<typeof figures>;

/** PENDING until the first approval; a correction that waits for approval does not change it. */
export const stockDeclarationStatus = oneOf('StockDeclarationStatus', 'How far a stock declaration has come.', {
  PENDING: 'Waits for its first approval; only the owner sees it.',
  APPROVED: 'Approved by a second person, and shown as its marking says.',
  REFUSED: 'The country declines to declare this stock.',
  WITHDRAWN: 'Withdrawn by its country; its figures are no longer shown.',
});
export type Status = ReturnType<typeof stockDeclarationStatus>;

/**
 * What a country tells of its stock of one material; the marking's owner is the declaring country. A record begins with
 * a declaration or with the refusal to declare.
 */
export type StockDeclarationEvent =
  StockDeclared | DeclarationApproved | DeclarationCorrected | DeclarationRefused | DeclarationWithdrawn;

export type StockDeclared = DomainEvent<
  'stockpiles.StockDeclared.v1',
  Marked & StockFigures & { readonly material: MaterialCode; readonly note?: string; readonly declaredBy: PersonRef }
>;

/** A second person approved these figures: from here on they are shown to everybody whom the marking names. */
export type DeclarationApproved = DomainEvent<
  'stockpiles.DeclarationApproved.v1',
  StockFigures & { readonly approvedBy: PersonRef }
>;

/**
 * All figures as they shall read once approved. Until then they are for the owner alone: the marking here is that of the
 * correction, not of the record.
 */
export type DeclarationCorrected = DomainEvent<
  'stockpiles.DeclarationCorrected.v1',
  Marked &
    StockFigures & {
      /** Whether it corrects what still waits for its first approval, or figures that others see. */
      readonly corrects: 'PENDING' | 'APPROVED';
      readonly reason: string;
      readonly correctedBy: PersonRef;
    }
>;

/** The country declines to declare its stock of a material. */
export type DeclarationRefused = DomainEvent<
  'stockpiles.DeclarationRefused.v1',
  Marked & { readonly material: MaterialCode; readonly reason: string; readonly refusedBy: PersonRef }
>;

export type DeclarationWithdrawn = DomainEvent<
  'stockpiles.DeclarationWithdrawn.v1',
  { readonly reason: string; readonly withdrawnBy: PersonRef }
>;

/** The figures alone, out of whatever carries them. */
export const figuresOf = ({ form, purity, quantity, shareOfAnnualConsumption, asOf }: StockFigures): StockFigures => ({
  form,
  purity,
  quantity,
  ...(shareOfAnnualConsumption !== undefined && { shareOfAnnualConsumption }),
  asOf,
});
