/** One error of an answer, as GraphQL puts it. */
export type AnswerError = {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  /** `code` is stable: `UNAUTHENTICATED`, `BAD_INPUT`, `EVENT_STORE_UNAVAILABLE`, … */
  readonly extensions?: Readonly<Record<string, unknown>> & { readonly code?: string };
};

/** Codes that this client adds to those of the API. */
export const UNREACHABLE = 'UNREACHABLE';
const PREPARED = 'PREPARED';
const NOT_GRAPHQL = 'NOT_GRAPHQL';

/**
 * A request that was not answered, or was answered with errors. A refused command is no error: see `CommandRejected`.
 */
export class LodestoneError extends Error {
  override readonly name = 'LodestoneError';

  private constructor(
    /** All errors of the answer; at least one. */
    readonly errors: readonly AnswerError[],
    /** HTTP status; null where nothing answered, or over a connection that has none. */
    readonly status: number | null,
    /** What to tell the operator of the platform; null where none was given. */
    readonly correlationId: string | null,
    cause?: unknown,
  ) {
    super(errors.map(({ message }) => message).join(' '), { cause });
  }

  /** Code of the first error. */
  get code(): string {
    return this.errors[0]?.extensions?.code ?? 'UNKNOWN';
  }

  /** Whether a part of the platform is away for now, or has no time for more, so that asking again later makes sense. */
  get isOutage(): boolean {
    return (
      this.code === UNREACHABLE ||
      this.status === 502 ||
      this.status === 503 ||
      this.status === 504 ||
      OUTAGES.has(this.code)
    );
  }

  static answered(errors: readonly AnswerError[], status: number | null, correlationId: string | null): LodestoneError {
    const named = errors.map(({ extensions }) => extensions?.['correlationId']).find((id) => typeof id === 'string');
    return new LodestoneError(errors, status, named ?? correlationId);
  }

  /** A command that takes two persons was given as one that takes one: it waits for the second. */
  static prepared(mutation: string): LodestoneError {
    const message = `${mutation} is prepared and waits for a second person of your party. Give such commands with prepare().`;
    return new LodestoneError([{ message, extensions: { code: PREPARED } }], null, null);
  }

  static unreachable(url: string, cause: unknown): LodestoneError {
    const reason = innermost(cause);
    return new LodestoneError(
      [{ message: `${url} does not answer${reason ? ` (${reason})` : ''}.`, extensions: { code: UNREACHABLE } }],
      null,
      null,
      cause,
    );
  }

  static notGraphql(url: string, status: number, correlationId: string | null, text: string): LodestoneError {
    const message = `What answers at ${url} is not the GraphQL API of Lodestone (status ${status}): ${text.slice(0, 200)}`;
    return new LodestoneError([{ message, extensions: { code: NOT_GRAPHQL } }], status, correlationId);
  }
}

/** Over a WebSocket an error has no status, so outages are known by their codes. */
const OUTAGES = new Set([
  'EVENT_STORE_UNAVAILABLE',
  'OWNER_KEY_UNAVAILABLE',
  'READ_STORE_UNAVAILABLE',
  'READ_MODEL_BEHIND',
  'IDENTITY_UNAVAILABLE',
  'RATE_LIMITED',
  'TOO_MANY_CONNECTIONS',
]);

/** `fetch` hides the reason of a failure in its cause. */
const innermost = (error: unknown): string => {
  if (!(error instanceof Error)) return '';
  const { cause } = error;
  if (cause instanceof Error) return innermost(cause);
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : error.message;
};
