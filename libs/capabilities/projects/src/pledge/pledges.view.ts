import { add, view, ZERO, type Decimal, type Instant, type Marked, type Party, type RecordId } from '@kernel';
import type { Pledge, PledgeEvent } from './pledge.events.js';

export const PLEDGE_STATUSES = ['PLEDGED', 'CONFIRMED', 'WITHDRAWN'] as const;
export type PledgeStatus = (typeof PLEDGE_STATUSES)[number];

/** The three sums count what holds now: of a withdrawn pledge only what was drawn. */
export type PledgeRow = Pledge &
  Marked & {
    readonly id: RecordId;
    readonly country: Party;
    readonly status: PledgeStatus;
    /** What counts as promised. */
    readonly pledged: Decimal;
    /** Of that, what a second person confirmed. */
    readonly confirmed: Decimal;
    /** Of that, what was paid out. */
    readonly drawn: Decimal;
    readonly pledgedAt: Instant;
  };

/** The pledges, each for those to whom its country released it, and who can see the project. */
export const pledgesView = view<PledgeEvent, PledgeRow>({
  name: 'projects.pledges',
  version: 1,
  events: [
    'projects.InvestmentPledged.v1',
    'projects.PledgeConfirmed.v1',
    'projects.PledgeDrawnDown.v1',
    'projects.PledgeWithdrawn.v1',
  ],
  fields: {
    projectId: { kind: 'text', filter: true },
    country: { kind: 'text', filter: true },
    kind: { kind: 'text', filter: true },
    currency: { kind: 'text', filter: true },
    status: { kind: 'text', filter: true },
    amount: { kind: 'decimal', sort: true },
    pledgedAt: { kind: 'text', sort: true },
    pledged: { kind: 'decimal' },
    confirmed: { kind: 'decimal' },
    drawn: { kind: 'decimal' },
  },
  within: { view: 'projects.projects', field: 'projectId' },
  project: (row, { event, recordId, recordedAt }) => {
    switch (event.type) {
      case 'projects.InvestmentPledged.v1': {
        const { by: _, ...pledge } = event.data;
        return {
          ...pledge,
          id: recordId,
          country: pledge.marking.owner,
          status: 'PLEDGED',
          pledged: pledge.amount,
          confirmed: ZERO,
          drawn: ZERO,
          pledgedAt: recordedAt,
        };
      }
      case 'projects.PledgeConfirmed.v1':
        return row && { ...row, status: 'CONFIRMED', confirmed: row.amount };
      case 'projects.PledgeDrawnDown.v1':
        return row && { ...row, drawn: add(row.drawn, event.data.amount) };
      case 'projects.PledgeWithdrawn.v1':
        return row && { ...row, status: 'WITHDRAWN', pledged: row.drawn, confirmed: row.drawn };
    }
  },
});
