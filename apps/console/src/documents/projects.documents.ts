import { graphql } from '../platform/graphql.ts';
import { page, pledgeRow, projectRow } from './shared.documents.ts';

export const projectsQuery = graphql(
  `
    query Projects($first: Int, $after: Cursor, $filter: ProjectFilter, $orderBy: ProjectOrder, $atLeast: Position) {
      projects(first: $first, after: $after, filter: $filter, orderBy: $orderBy, atLeast: $atLeast) {
        totalCount
        totalCountIsCapped
        nodes {
          ...ProjectRow
        }
        pageInfo {
          ...PageShown
        }
      }
    }
  `,
  [projectRow, page],
);

export const projectQuery = graphql(
  `
    query Project($id: ID!, $atLeast: Position) {
      project(id: $id, atLeast: $atLeast) {
        ...ProjectRow
        summary
        location
        promoter
        source
        startsOn
        endsOn
        completedOn
        designatedBy
        designatedOn
        designation
        endorsedBy
        proposedAt
        withdrawnBecause
        expectedOutput {
          quantity
        }
        consent {
          country
          at
          note
        }
        milestones {
          milestone
          reachedOn
          note
        }
        delays {
          at
          reason
          newEndsOn
        }
        funding {
          currency
          pledged
          confirmed
          drawn
          count
        }
        pledges {
          ...PledgeRow
        }
      }
    }
  `,
  [projectRow, pledgeRow],
);

export const pledgesQuery = graphql(
  `
    query Pledges($first: Int, $after: Cursor, $filter: PledgeFilter, $orderBy: PledgeOrder, $atLeast: Position) {
      pledges(first: $first, after: $after, filter: $filter, orderBy: $orderBy, atLeast: $atLeast) {
        nodes {
          ...PledgeRow
        }
        pageInfo {
          ...PageShown
        }
      }
    }
  `,
  [pledgeRow, page],
);
