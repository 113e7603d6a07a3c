import {
  add,
  country,
  day,
  decimal,
  instant,
  oneOf,
  optional,
  positive,
  readModel,
  recordId,
  required,
  ZERO,
  type RowOf,
} from '@kernel';
import { pledge, type PledgeEvent } from './pledge.events.js';

export const pledgeStatus = oneOf('PledgeStatus', 'How far a pledge has come.', {
  PLEDGED: 'Made by a delegate; not confirmed.',
  CONFIRMED: 'Confirmed by a second person; it can be drawn.',
  WITHDRAWN: 'Withdrawn; what was drawn stays drawn.',
});

const row = {
  id: required(recordId, 'Id of the pledge.'),
  ...pledge,
  country: required(country, 'The pledging country.'),
  amount: required(positive, 'How much was pledged.'),
  expiresOn: optional(day, 'Last day on which it can be drawn.'),
  status: required(pledgeStatus, 'How far it has come.'),
  pledged: required(decimal, 'What counts as promised: once withdrawn, what was drawn.'),
  confirmed: required(decimal, 'How much stands confirmed: nothing, or all; once withdrawn, what was drawn.'),
  drawn: required(decimal, 'How much was paid out.'),
  pledgedAt: required(instant, 'When it was made.'),
};
export type PledgeRow = RowOf<typeof row>;

const { pledged: _, ...shown } = row;

/** The pledges, each for those to whom its country released it, and who can see the project. */
export const pledgesView = readModel<PledgeEvent, PledgeRow>({
  name: 'projects.pledges',
  version: 1,
  of: row,
  node: {
    name: 'Pledge',
    description: 'What a country promised to put into a project.',
    of: shown,
    marking: 'Who may see it, of those who see the project.',
  },
  list: { name: 'pledges', description: 'The pledges that you may see.' },
  changed: 'Pledges that you may see, as they change.',
  nested: {
    name: 'pledges',
    description:
      'The pledges to it that you may see, the latest first. Where there may be thousands, page through pledges instead.',
    most: 5_000,
    order: (a, b) => b.pledgedAt.localeCompare(a.pledgedAt),
  },
  filter: {
    projectId: 'Ids of projects.',
    country: 'Pledging countries.',
    kind: 'In what form.',
    currency: 'In which currencies.',
    status: 'How far they have come.',
  },
  sort: ['amount', 'pledgedAt'],
  sums: ['pledged', 'confirmed', 'drawn'],
  parent: { view: 'projects.projects', field: 'projectId' },
  on: {
    'projects.InvestmentPledged.v1': (_, { event, recordId: id, recordedAt }) => {
      const { by: __, ...promised } = event.data;
      return {
        ...promised,
        id,
        country: country(promised.marking.owner),
        status: 'PLEDGED',
        pledged: promised.amount,
        confirmed: ZERO,
        drawn: ZERO,
        pledgedAt: recordedAt,
      };
    },
    'projects.PledgeConfirmed.v1': (before) => before && { ...before, status: 'CONFIRMED', confirmed: before.amount },
    'projects.PledgeDrawnDown.v1': (before, { event }) =>
      before && { ...before, drawn: add(before.drawn, event.data.amount) },
    'projects.PledgeWithdrawn.v1': (before) =>
      before && { ...before, status: 'WITHDRAWN', pledged: before.drawn, confirmed: before.drawn },
  },
});
