import { graphql } from '../platform/graphql.ts';
import { marking, page, pledgeRow, projectRow, stockRow } from './shared.documents.ts';

export const meQuery = graphql(`
  query Me($atLeast: Position) {
    me(atLeast: $atLeast) {
      person
      country
      roles
      isMember
      clearance
      mandate
      groups {
        id
        name
      }
    }
  }
`);

export const briefsQuery = graphql(
  `
    query Briefs($first: Int, $after: Cursor, $filter: BriefFilter, $atLeast: Position) {
      briefs(
        first: $first
        after: $after
        filter: $filter
        orderBy: { field: REVISED_AT, direction: DESC }
        atLeast: $atLeast
      ) {
        nodes {
          id
          title
          owner
          status
          revisedAt
          marking {
            ...MarkingShown
          }
        }
        pageInfo {
          ...PageShown
        }
      }
    }
  `,
  [marking, page],
);

export const briefQuery = graphql(
  `
    query Brief($id: ID!, $atLeast: Position) {
      brief(id: $id, atLeast: $atLeast) {
        id
        title
        text
        owner
        status
        writtenAt
        revisedAt
        withdrawnBecause
        sources {
          id
          kind
        }
        marking {
          ...MarkingShown
        }
      }
    }
  `,
  [marking],
);

export const actsQuery = graphql(
  `
    query Acts($first: Int, $after: Cursor, $filter: ActFilter, $atLeast: Position) {
      acts(first: $first, after: $after, filter: $filter, orderBy: { field: LAPSES_AT }, atLeast: $atLeast) {
        nodes {
          id
          command
          category
          input
          digest
          record
          preparedBy
          preparedAt
          lapsesAt
          approvedBy
          state
        }
        pageInfo {
          ...PageShown
        }
      }
    }
  `,
  [page],
);

export const useRequestsQuery = graphql(
  `
    query UseRequests($first: Int, $after: Cursor, $filter: UseRequestFilter, $atLeast: Position) {
      useRequests(first: $first, after: $after, filter: $filter, atLeast: $atLeast) {
        nodes {
          id
          owner
          requester
          purpose
          explanation
          audience
          status
          requestedAt
          source {
            id
            kind
          }
          marking {
            ...MarkingShown
          }
        }
        pageInfo {
          ...PageShown
        }
      }
    }
  `,
  [marking, page],
);

/** All that may wait for somebody of one country, in one request. */
export const waitingQuery = graphql(
  `
    query Waiting(
      $stocks: StockDeclarationFilter
      $pledges: PledgeFilter
      $projects: ProjectFilter
      $uses: UseRequestFilter
      $requests: AccessRequestFilter
      $recalls: RecallFilter
      $atLeast: Position
    ) {
      stockDeclarations(first: 50, filter: $stocks, atLeast: $atLeast) {
        nodes {
          ...StockRow
        }
      }
      pledges(first: 50, filter: $pledges, atLeast: $atLeast) {
        nodes {
          ...PledgeRow
        }
      }
      projects(first: 50, filter: $projects, atLeast: $atLeast) {
        nodes {
          ...ProjectRow
        }
      }
      useRequests(first: 50, filter: $uses, atLeast: $atLeast) {
        nodes {
          id
          requester
          purpose
          explanation
          requestedAt
          source {
            id
            kind
          }
          marking {
            ...MarkingShown
          }
        }
      }
      accessRequests(first: 50, filter: $requests, atLeast: $atLeast) {
        nodes {
          id
          requester
          subject
          reason
          requestedAt
          marking {
            ...MarkingShown
          }
        }
      }
      recalls(first: 50, filter: $recalls, atLeast: $atLeast) {
        nodes {
          id
          owner
          kind
          record
          cause
          issuedAt
        }
      }
      acts(first: 50, filter: { state: [PREPARED] }, atLeast: $atLeast) {
        nodes {
          id
          command
          input
          digest
          preparedBy
          preparedAt
          lapsesAt
        }
      }
    }
  `,
  [marking, stockRow, pledgeRow, projectRow],
);

/** What has changed of late, of the kinds that keep the day of their last change. */
export const latestQuery = graphql(
  `
    query Latest($atLeast: Position) {
      projects(first: 10, orderBy: { field: PROPOSED_AT, direction: DESC }, atLeast: $atLeast) {
        nodes {
          ...ProjectRow
        }
      }
      briefs(first: 5, orderBy: { field: REVISED_AT, direction: DESC }, atLeast: $atLeast) {
        nodes {
          id
          title
          owner
          revisedAt
          marking {
            ...MarkingShown
          }
        }
      }
      stockDeclarations(
        first: 5
        filter: { status: [APPROVED] }
        orderBy: { field: DECLARED_AT, direction: DESC }
        atLeast: $atLeast
      ) {
        nodes {
          ...StockRow
        }
      }
    }
  `,
  [marking, projectRow, stockRow],
);
