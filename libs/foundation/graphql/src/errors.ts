import {
  DataKeysUnavailable,
  EventStoreUnavailable,
  FeedExpired,
  NotCaughtUp,
  OwnerKeyUnfit,
  ReadStoreDamaged,
  ReadStoreUnavailable,
} from '@foundation/eventing';
import { InvalidValue } from '@kernel';
import { GraphQLError } from 'graphql';
import { BadToken } from './opaque-tokens.js';

/** Whoever accepts application/json only is told of a wrong request under status 200, as GraphQL over HTTP has it. */
export const httpOf = (status: number): object => ({
  status,
  ...((status === 400 || status === 410) && { spec: true }),
});

const said = (message: string, code: string, status: number, more: Record<string, unknown> = {}): GraphQLError =>
  new GraphQLError(message, { extensions: { code, ...more, http: httpOf(status) } });

/** RFC 6750, section 3, without what is wrong: a token that does not hold is answered as none. */
const CHALLENGE = { 'www-authenticate': 'Bearer realm="lodestone"' };

export const unauthenticated = (): GraphQLError =>
  new GraphQLError('Sign in: send a valid bearer token.', {
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401, headers: CHALLENGE } },
  });

/** A request in a browser's session that another page may have made, or that says who asks in two ways. */
export const foreignPage = (): GraphQLError =>
  said('A session serves the console alone: no other page, and no bearer token beside it.', 'FOREIGN_PAGE', 403);

/** One answer for every country that the person may not act for, whether a mandate is missing, hidden, over or revoked. */
export const notMandated = (): GraphQLError =>
  said('You may not act for another country in this request.', 'NOT_MANDATED', 403);

/** A body that is not JSON, whatever it is. */
export const mediaType = (): GraphQLError =>
  said('Send the operation as application/json.', 'UNSUPPORTED_MEDIA_TYPE', 415);

/** Arguments of a query that mean nothing; the message names the argument. */
export const badInput = (message: string, field: string): GraphQLError => said(message, 'BAD_INPUT', 400, { field });

/**
 * An argument of a query as a value of the kernel's.
 * @throws GraphQLError BAD_INPUT that names it
 */
export const argument = <T>(parse: (given: string) => T, given: string, name: string): T => {
  try {
    return parse(given);
  } catch (error) {
    if (error instanceof InvalidValue) throw badInput(`${name} ${error.message}.`, name);
    throw error;
  }
};

/** One answer for every cursor or position that this platform did not make. */
export const badToken = (): GraphQLError =>
  said('The cursor or position is not one of ours for this question. Start again without it.', 'BAD_CURSOR', 400);

/** A request whose nested fields would give more records than one request may have. */
export const tooMuchNested = (most: number): GraphQLError =>
  said(`The nested fields give more than ${most} records. Ask for less at once.`, 'LIMIT_EXCEEDED', 400);

/**
 * Somebody who asks more often than one may.
 * @param retryAfter seconds until the next request is answered
 */
export const rateLimited = (retryAfter: number): GraphQLError =>
  new GraphQLError('You ask more often than you may. Wait as many seconds as retryAfter says.', {
    extensions: {
      code: 'RATE_LIMITED',
      retryAfter,
      http: { status: 429, headers: { 'retry-after': String(retryAfter) } },
    },
  });

/** Somebody who listens more often than one may. */
export const tooManyConnections = (most: number): GraphQLError =>
  said(`You have ${most} connections open at this node already. Close one.`, 'TOO_MANY_CONNECTIONS', 429);

/** A socket that asks more at once than it may. */
export const tooManyOperations = (most: number): GraphQLError =>
  said(`This socket has ${most} operations under way. Complete one.`, 'LIMIT_EXCEEDED', 400);

/** Sent when the subscriber's rights were revoked. */
export const rightsRevoked = (): GraphQLError =>
  said('Your rights were taken back. Sign in again.', 'RIGHTS_REVOKED', 403);

/** Somebody who asks by hash where documents are not kept: the words by which Apollo's clients know to send the text. */
export const persistedQueriesUnknown = (): GraphQLError =>
  new GraphQLError('PersistedQueryNotSupported', { extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } });

/** An installation that answers documents of its own list alone. */
export const badDocument = (): GraphQLError =>
  said('This installation answers documents that it knows, and no others.', 'UNKNOWN_DOCUMENT', 400);

/** The schema, asked for by somebody without a role. */
export const schemaWithheld = (): GraphQLError =>
  said('The schema is told to people with a role.', 'SCHEMA_WITHHELD', 403);

/** The identity provider's keys cannot be read, so that nobody can be known by them. */
export const identityUnavailable = (): GraphQLError =>
  said('The identity provider does not answer. Try again later.', 'IDENTITY_UNAVAILABLE', 503);

/**
 * What a client may know of an exception: an outage says which part is down, anything unforeseen says nothing.
 * @returns the error to send, and whether it is worth the operator's attention
 */
export const shown = (error: unknown, correlationId: string): { error: GraphQLError; unforeseen: boolean } => {
  const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  const outage = (message: string, code: string): { error: GraphQLError; unforeseen: boolean } => ({
    error: said(message, code, 503, { correlationId }),
    unforeseen: true,
  });
  // What is recorded needs the keys as much as the store.
  if (cause instanceof EventStoreUnavailable || cause instanceof DataKeysUnavailable) {
    return outage(
      'The event store does not answer. Send the command again with the same commandId: it is recorded once at most.',
      'EVENT_STORE_UNAVAILABLE',
    );
  }
  if (cause instanceof OwnerKeyUnfit) {
    return outage(
      'A key that this needs is not at hand here. Nothing was recorded: send it again later, and tell the operator.',
      'OWNER_KEY_UNAVAILABLE',
    );
  }
  if (cause instanceof ReadStoreUnavailable)
    return outage('The read store does not answer. Commands still work; ask again later.', 'READ_STORE_UNAVAILABLE');
  if (cause instanceof ReadStoreDamaged)
    return outage(
      'The read store is damaged. Commands still work; asking again does not help: tell the operator.',
      'READ_STORE_DAMAGED',
    );
  if (cause instanceof NotCaughtUp) {
    return outage(
      'The read model has not come to the position asked for in time. Ask again, or without atLeast.',
      'READ_MODEL_BEHIND',
    );
  }
  if (cause instanceof BadToken) return { error: badToken(), unforeseen: false };
  if (cause instanceof FeedExpired) {
    return {
      error: said(
        'What happened after this cursor is no longer kept. Read the list anew, then subscribe without a cursor.',
        'CURSOR_EXPIRED',
        410,
      ),
      unforeseen: false,
    };
  }
  if (cause instanceof GraphQLError) return { error: error as GraphQLError, unforeseen: false };
  return {
    error: said('Something went wrong on our side. Tell the operator the correlation id.', 'INTERNAL', 500, {
      correlationId,
    }),
    unforeseen: true,
  };
};
