import { initGraphQLTada } from 'gql.tada';
import type { introspection } from './schema.d.ts';

/** Documents of the console, checked against docs/schema.graphql by the compiler. */
export const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: {
    Audience: string;
    CountryCode: string;
    CurrencyCode: string;
    Cursor: string;
    Day: string;
    Decimal: string;
    Details: Readonly<Record<string, unknown>>;
    Instant: string;
    Json: unknown;
    Party: string;
    PlaceCode: string;
    Position: string;
  };
  disableMasking: true;
}>();

export type { FragmentOf, ResultOf, VariablesOf } from 'gql.tada';
