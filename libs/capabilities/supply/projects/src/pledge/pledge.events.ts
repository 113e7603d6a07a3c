import {
  currency,
  day,
  oneOf,
  optional,
  positive,
  recordId,
  required,
  type DomainEvent,
  type Marked,
  type Of,
  type PersonRef,
} from '@kernel';
import { explanation } from '../project/project.events.js';

export const pledgeKind = oneOf('PledgeKind', 'In what form a country supports a project.', {
  GRANT: 'Money that is not paid back.',
  LOAN: 'Money that is paid back.',
  GUARANTEE: 'A promise to stand in for a debt.',
  EQUITY: 'A share in the undertaking.',
  OFFTAKE: 'A promise to buy what is produced.',
  TECHNICAL: 'Expertise and equipment, at their value.',
});

export const pledge = {
  projectId: required(recordId, 'Id of the project.'),
  kind: required(pledgeKind, 'In what form.'),
  amount: required(positive, 'How much, more than zero.'),
  currency: required(currency, 'In which currency.'),
  expiresOn: optional(day, 'Last day on which it can be drawn: one that has not ended everywhere on Earth (UTC−12).'),
  conditions: optional(explanation, 'What it depends on.'),
};
export const drawdown = {
  amount: required(
    positive,
    'How much, in the currency of the pledge: more than zero, and not more than what is left.',
  ),
  on: required(
    day,
    'When it was paid: a day that has begun anywhere on Earth (UTC+14), and the last day of the pledge at the latest.',
  ),
  note: optional(explanation, 'Particulars.'),
};
export type Pledge = Of<typeof pledge>;

/** Stream `pledge-<id>`: what one country promised to put into one project. */
export type PledgeEvent = InvestmentPledged | PledgeConfirmed | PledgeDrawnDown | PledgeWithdrawn;

/** `by` is the delegate who pledged: another person has to confirm. */
export type InvestmentPledged = DomainEvent<
  'projects.InvestmentPledged.v1',
  Pledge & { readonly by: PersonRef } & Marked
>;
export type PledgeConfirmed = DomainEvent<'projects.PledgeConfirmed.v1', Record<never, never>>;
export type PledgeDrawnDown = DomainEvent<'projects.PledgeDrawnDown.v1', Of<typeof drawdown>>;
/** What was drawn stays drawn; the rest is no longer promised. */
export type PledgeWithdrawn = DomainEvent<'projects.PledgeWithdrawn.v1', { readonly reason: string }>;
