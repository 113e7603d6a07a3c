import type { Day, Decimal, DomainEvent, Marked, MaterialCode, Percent, PersonRef, Tonnes } from '@kernel';

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

export type StockFigures = {
  /** Chemical form, such as "metal" or "lithium carbonate". */
  readonly form: string;
  /** Share of the form in the mass held. */
  readonly purity: Percent;
  readonly quantity: Tonnes;
  /** Stock over a year's national consumption, in per cent; more than 100 where it lasts longer than a year. */
  readonly shareOfAnnualConsumption?: Decimal;
  /** The day on which the stock was counted. */
  readonly asOf: Day;
};

/** The figures alone, out of whatever carries them. */
export const figuresOf = ({ form, purity, quantity, shareOfAnnualConsumption, asOf }: StockFigures): StockFigures => ({
  form,
  purity,
  quantity,
  ...(shareOfAnnualConsumption !== undefined && { shareOfAnnualConsumption }),
  asOf,
});

export const STATUSES = ['PENDING', 'APPROVED', 'REFUSED', 'WITHDRAWN'] as const;
/** PENDING until the first approval; a correction that waits for approval does not change it. */
export type Status = (typeof STATUSES)[number];
