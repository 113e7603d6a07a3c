import { graphql } from '../platform/graphql.ts';

/** What is shown of every record’s marking; the banner is computed from it. */
export const marking = graphql(`
  fragment MarkingShown on Marking {
    owner
    handling
    level
    mayExport
  }
`);

export const page = graphql(`
  fragment PageShown on PageInfo {
    hasNextPage
    endCursor
  }
`);

export const projectRow = graphql(
  `
    fragment ProjectRow on Project {
      id
      title
      owner
      hostCountry
      materials
      stages
      status
      revisedAt
      estimatedCost {
        amount
        currency
      }
      consent {
        given
      }
      marking {
        ...MarkingShown
      }
    }
  `,
  [marking],
);

export const pledgeRow = graphql(
  `
    fragment PledgeRow on Pledge {
      id
      projectId
      country
      kind
      amount
      currency
      confirmed
      drawn
      status
      expiresOn
      isExpired
      conditions
      pledgedAt
      project {
        title
      }
      marking {
        ...MarkingShown
      }
    }
  `,
  [marking],
);

export const stockRow = graphql(
  `
    fragment StockRow on StockDeclaration {
      id
      country
      material
      form
      quantity
      purity
      shareOfAnnualConsumption
      asOf
      status
      note
      reason
      declaredAt
      approvedAt
      pendingCorrection {
        asOf
        form
        purity
        quantity
        shareOfAnnualConsumption
        reason
        correctedAt
      }
      marking {
        ...MarkingShown
      }
    }
  `,
  [marking],
);

export const audienceParty = graphql(`
  fragment PartyShown on AudienceParty {
    party
    verdict
    because
    deniedBy
    isMember
    roles
  }
`);
