import { keepPreviousData, QueryClient, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { TadaDocumentNode } from 'gql.tada';
import { ask, Refused } from './ask.ts';
import { capacity, onCapacity } from './capacity.ts';

/** Kinds of records, as announcements name them. */
export type Kind =
  | 'project'
  | 'pledge'
  | 'stockDeclaration'
  | 'brief'
  | 'useRequest'
  | 'accessRequest'
  | 'recall'
  | 'act'
  | 'group'
  | 'material';

/** How often a list that is catching up with a write of this page is asked again, and how long is waited (milliseconds). */
const CATCHING_UP = { times: 5, afterMs: 1_000 };

/** What the page has read. In memory alone: nothing of it may outlive the session. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) =>
        error instanceof Refused && error.code === 'READ_MODEL_BEHIND' && failures < CATCHING_UP.times,
      retryDelay: CATCHING_UP.afterMs,
      staleTime: 15_000,
      refetchOnWindowFocus: true,
    },
  },
});

// Two capacities are two readers: nothing that one has read is shown to the other.
onCapacity(() => queries.clear());

type Options = { readonly kinds: readonly Kind[]; readonly enabled?: boolean };

/** Reads something for as long as it is shown, and again whenever a record of these kinds changes. */
export const useAsk = <R, V>(
  document: TadaDocumentNode<R, V>,
  variables: V,
  { kinds, enabled = true }: Options = { kinds: [] },
) =>
  useQuery({
    queryKey: [capacity(), nameOf(document), variables],
    queryFn: ({ signal }) => ask(document, variables, signal),
    meta: { kinds },
    enabled,
    placeholderData: keepPreviousData,
  });

type Connection = {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
};

/** Reads a list page by page. */
export const usePages = <R, V extends { after?: string | null | undefined }>(
  document: TadaDocumentNode<R, V>,
  variables: Omit<V, 'after'>,
  connectionOf: (answer: R) => Connection,
  { kinds }: Options,
) =>
  useInfiniteQuery({
    queryKey: [capacity(), nameOf(document), variables],
    queryFn: ({ signal, pageParam }) => ask(document, { ...variables, after: pageParam } as unknown as V, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => {
      const { hasNextPage, endCursor } = connectionOf(last).pageInfo;
      return hasNextPage ? endCursor : undefined;
    },
    meta: { kinds },
    placeholderData: keepPreviousData,
  });

/** Reads anew whatever shows records of a kind. */
export const stale = (kind: Kind): void =>
  void queries.invalidateQueries({
    predicate: ({ meta }) => (meta?.['kinds'] as readonly Kind[] | undefined)?.includes(kind) ?? false,
  });

const nameOf = (document: object): string => {
  const { definitions } = document as { definitions: readonly { name?: { value: string } }[] };
  return definitions.find(({ name }) => name)?.name?.value ?? '';
};
