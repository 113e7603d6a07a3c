import { graphql } from '../platform/graphql.ts';
import { marking, page, projectRow, stockRow } from './shared.documents.ts';

export const stocksQuery = graphql(
  `
    query Stocks(
      $first: Int
      $after: Cursor
      $filter: StockDeclarationFilter
      $orderBy: StockDeclarationOrder
      $atLeast: Position
    ) {
      stockDeclarations(first: $first, after: $after, filter: $filter, orderBy: $orderBy, atLeast: $atLeast) {
        nodes {
          ...StockRow
        }
        pageInfo {
          ...PageShown
        }
      }
    }
  `,
  [stockRow, page],
);

export const materialsQuery = graphql(
  `
    query Materials($first: Int, $after: Cursor, $filter: MaterialFilter, $atLeast: Position) {
      materials(first: $first, after: $after, filter: $filter, orderBy: { field: NAME }, atLeast: $atLeast) {
        nodes {
          code
          name
          group
          hsCodes
          lists {
            list
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

export const materialQuery = graphql(
  `
    query Material(
      $code: String!
      $stage: Stage
      $year: Int
      $filter: ProjectFilter
      $stocks: StockDeclarationFilter
      $atLeast: Position
    ) {
      material(code: $code, atLeast: $atLeast) {
        code
        name
        group
        hsCodes
        source
        lists {
          list
          since
          note
        }
        marking {
          ...MarkingShown
        }
        production(stage: $stage, year: $year) {
          country
          stage
          year
          form
          basis
          quantity
          atLeast
          atMost
          source
          marking {
            ...MarkingShown
          }
        }
        concentration(stage: $stage) {
          stage
          year
          form
          hhi
          hhiWithin {
            atLeast
            atMost
          }
          total
          recorded
          largestSupplier {
            country
            share
            isCertain
            shareWithin {
              atLeast
              atMost
            }
          }
          shares {
            country
            quantity
            share
            shareWithin {
              atLeast
              atMost
            }
          }
          missing {
            country
          }
        }
      }
      projects(first: 10, filter: $filter) {
        nodes {
          ...ProjectRow
        }
      }
      stockDeclarations(first: 10, filter: $stocks) {
        nodes {
          ...StockRow
        }
      }
    }
  `,
  [marking, projectRow, stockRow],
);
