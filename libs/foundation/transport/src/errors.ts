import { EventStoreUnavailable, FeedExpired, NotCaughtUp, ReadStoreUnavailable } from '@foundation/eventing';
import { GraphQLError } from 'graphql';
import { BadToken } from './seal.js';

const said = (message: string, code: string, status: number, more: Record<string, unknown> = {}): GraphQLError =>
  new GraphQLError(message, { extensions: { code, ...more, http: { status } } });

export const unauthenticated = (): GraphQLError => said('Sign in: send a valid bearer token.', 'UNAUTHENTICATED', 401);

/** Arguments of a query that mean nothing; the message names the argument. */
export const badInput = (message: string, field: string): GraphQLError => said(message, 'BAD_INPUT', 400, { field });

/** One answer for every cursor or position that this platform did not make. */
export const badToken = (): GraphQLError =>
  said('The cursor or position is not one of ours for this question. Start again without it.', 'BAD_CURSOR', 400);

/** A request whose nested fields would give more records than one request may have. */
export const tooMuchNested = (most: number): GraphQLError =>
  said(`The nested fields give more than ${most} records. Ask for less at once.`, 'LIMIT_EXCEEDED', 400);

/** A subscriber that reads more slowly than things happen: it is let go before it costs others anything. */
export const tooSlow = (): GraphQLError =>
  said(
    'Changes come faster than you read them. Subscribe again after the last cursor you got.',
    'SUBSCRIBER_TOO_SLOW',
    503,
  );

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
  if (cause instanceof EventStoreUnavailable) {
    return outage(
      'The event store does not answer. Send the command again with the same commandId: it is recorded once at most.',
      'EVENT_STORE_UNAVAILABLE',
    );
  }
  if (cause instanceof ReadStoreUnavailable)
    return outage('The read store does not answer. Commands still work; ask again later.', 'READ_STORE_UNAVAILABLE');
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
