import type { TadaDocumentNode } from 'gql.tada';
import { capacity } from './capacity.ts';
import { position } from './position.ts';
import { textOf } from './text.ts';
import { sessionEnded } from '../session/session-end.ts';

/** What the platform answered in place of data: a refusal of the request, or an outage. */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(
    /** Of write-a-client.md; `NETWORK` where no answer came. */
    readonly code: string,
    message: string,
    readonly correlationId: string | null = null,
    readonly retryAfter: number | null = null,
  ) {
    super(message);
  }

  /** Whether it is unknown what became of the request. */
  get isOutage(): boolean {
    return (
      ['NETWORK', 'INTERNAL', 'RATE_LIMITED', 'IDENTITY_UNAVAILABLE'].includes(this.code) ||
      /_(UNAVAILABLE|DAMAGED|BEHIND)$/.test(this.code)
    );
  }
}

/** Headers of every request of the console: what no other page can send, and the capacity. */
export const consoleHeaders = (): Record<string, string> => ({
  'content-type': 'application/json',
  'lodestone-console': '1',
  ...(capacity() !== null && { 'lodestone-acting-for': capacity()! }),
});

type Answer = {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string; readonly correlationId?: string; readonly retryAfter?: number };
  }[];
};

/**
 * Asks the platform. A document that declares `$atLeast` waits for what this page has written.
 * @param purpose `export` where the answer is to leave the platform
 * @throws Refused
 */
export const ask = async <R, V>(
  document: TadaDocumentNode<R, V>,
  variables: V,
  signal: AbortSignal | null = null,
  purpose: 'read' | 'export' = 'read',
): Promise<R> => {
  const query = textOf(document);
  const atLeast = query.includes('$atLeast: Position') ? { atLeast: position() } : {};
  let response: Response;
  try {
    response = await fetch('/graphql', {
      method: 'POST',
      headers: {
        ...consoleHeaders(),
        'lodestone-purpose': purpose,
        accept: 'application/graphql-response+json, application/json',
      },
      body: JSON.stringify({ query, variables: { ...variables, ...atLeast } }),
      credentials: 'same-origin',
      cache: 'no-store',
      signal,
    });
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw new Refused('NETWORK', 'The platform does not answer.');
  }
  const answer = (await response.json().catch(() => ({}))) as Answer;
  const refused = refusalIn(answer, response.headers.get('x-correlation-id'));
  if (refused) throw refused;
  if (!response.ok || answer.data == null) throw new Refused('NETWORK', `The platform answered ${response.status}.`);
  return answer.data as R;
};

/** The first error of an answer, if there is any. A session that is over is told to the page. */
export const refusalIn = ({ errors }: Answer, correlation: string | null = null): Refused | null => {
  const [first] = errors ?? [];
  if (!first) return null;
  const { code = 'INTERNAL', correlationId = correlation, retryAfter = null } = first.extensions ?? {};
  if (code === 'UNAUTHENTICATED' || code === 'RIGHTS_REVOKED') sessionEnded(code);
  return new Refused(code, first.message, correlationId, retryAfter);
};
