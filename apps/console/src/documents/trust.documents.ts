import { graphql } from '../platform/graphql.ts';
import { audienceParty, marking, page } from './shared.documents.ts';

export const groupsQuery = graphql(
  `
    query Groups($first: Int, $after: Cursor, $atLeast: Position) {
      groups(first: $first, after: $after, orderBy: { field: NAME }, atLeast: $atLeast) {
        nodes {
          id
          name
          purpose
          owner
          foundedAt
          membersVisible
          members {
            country
            admittedAt
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

export const membersQuery = graphql(
  `
    query Members($first: Int, $after: Cursor) {
      members(first: $first, after: $after, orderBy: { field: COUNTRY }) {
        nodes {
          country
          since
          profile
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

export const recallsQuery = graphql(
  `
    query Recalls($first: Int, $after: Cursor, $filter: RecallFilter, $atLeast: Position) {
      recalls(
        first: $first
        after: $after
        filter: $filter
        orderBy: { field: ISSUED_AT, direction: DESC }
        atLeast: $atLeast
      ) {
        nodes {
          id
          kind
          record
          owner
          reader
          cause
          issuedAt
          acknowledgedAt
          note
        }
        pageInfo {
          ...PageShown
        }
      }
    }
  `,
  [page],
);

export const readingsQuery = graphql(
  `
    query Readings($first: Int, $after: Cursor, $filter: ReadingFilter, $atLeast: Position) {
      readings(
        first: $first
        after: $after
        filter: $filter
        orderBy: { field: LAST_AT, direction: DESC }
        atLeast: $atLeast
      ) {
        nodes {
          id
          kind
          record
          reader
          firstAt
          lastAt
          ways {
            how
            lastAt
          }
        }
        pageInfo {
          ...PageShown
        }
      }
    }
  `,
  [page],
);

export const historyQuery = graphql(`
  query History($id: ID!, $atLeast: Position) {
    history(id: $id, atLeast: $atLeast) {
      id
      kind
      facts {
        eventId
        at
        type
        by
        person
        policyVersion
        isOpen
        changes {
          list
          field
          before
          after
        }
      }
    }
  }
`);

export const recordAtQuery = graphql(`
  query RecordAt($id: ID!, $at: Instant) {
    recordAt(id: $id, at: $at) {
      id
      kind
      at
      knownThen {
        list
        fields
      }
      knownNow {
        list
        fields
      }
    }
  }
`);

export const previewQuery = graphql(
  `
    query PreviewAudience($marking: MarkingInput!) {
      previewAudience(marking: $marking) {
        __typename
        ... on AudiencePreview {
          readers
          level
          parties {
            ...PartyShown
          }
          others {
            audience
            verdict
            isResolved
          }
        }
        ... on CommandRejected {
          code
          message
          details
        }
      }
    }
  `,
  [audienceParty],
);

export const audienceOfQuery = graphql(
  `
    query AudienceOf($kind: RecordKind!, $id: ID!) {
      audienceOf(kind: $kind, id: $id) {
        readers
        level
        marking {
          ...MarkingShown
          releaseTo
          displayOnlyTo
          denyTo
          originatorControl
        }
        parties {
          ...PartyShown
        }
        readings {
          id
          reader
          lastAt
        }
      }
    }
  `,
  [marking, audienceParty],
);

export const mandatesQuery = graphql(`
  query Mandates($delegate: [CountryCode!]) {
    mandates(first: 100, filter: { delegate: $delegate }) {
      nodes {
        id
        principal
        from
        until
        revokedAt
        mayCommand
        subjects
      }
    }
  }
`);
