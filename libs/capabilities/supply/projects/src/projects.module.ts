import { childrenOf, recordsOf, commandsOf } from '@foundation/graphql';
import { PledgeResolver } from './pledge/pledge.resolver.js';
import { pledgeRecordType } from './pledge/pledge.record.js';
import { pledgesView, type PledgeRow } from './pledge/pledges.view.js';
import { ProjectResolver } from './project/project.resolver.js';
import { projectRecordType } from './project/project.record.js';
import { projectsView } from './project/projects.view.js';

export { fundingHandlers as projectsHandlers } from './project/funding.query.js';

export const projectsResolvers = [
  commandsOf(projectRecordType),
  commandsOf(pledgeRecordType),
  recordsOf(projectsView, {
    list: {
      name: 'projects',
      description: 'The projects that you may see.',
      orderBy: { TITLE: 'title', PROPOSED_AT: 'proposedAt', STATUS: 'status' },
    },
    changed: 'Projects that you may see, as they change.',
    alsoShows: [pledgesView],
  }),
  recordsOf(pledgesView, {
    list: {
      name: 'pledges',
      description: 'The pledges that you may see.',
      orderBy: { PLEDGED_AT: 'pledgedAt', AMOUNT: 'amount' },
    },
    changed: 'Pledges that you may see, as they change.',
    // A pledge is shown with its project only, so both show the position.
    alsoShows: [projectsView],
  }),
  childrenOf(projectsView, pledgesView, {
    name: 'pledges',
    description:
      'The pledges to it that you may see, the latest first. Where there may be thousands, page through pledges instead.',
    by: 'projectId',
    most: 5_000,
    order: (a: PledgeRow, b: PledgeRow) => b.pledgedAt.localeCompare(a.pledgedAt),
  }),
  ProjectResolver,
  PledgeResolver,
];
