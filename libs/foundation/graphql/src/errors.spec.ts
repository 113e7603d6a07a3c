import {
  DataKeysUnavailable,
  EventStoreUnavailable,
  FeedExpired,
  NotCaughtUp,
  OwnerKeyUnfit,
  ReadStoreDamaged,
  ReadStoreUnavailable,
  ViewLocked,
} from '@foundation/eventing';
import { describe, expect, it } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { badInput, shown } from './errors.js';
import { BadToken } from './opaque-tokens.js';

const SECRET = 'a detail that is nobody’s business';

describe('What goes wrong', () => {
  it.each([
    [new EventStoreUnavailable(SECRET), 'EVENT_STORE_UNAVAILABLE', 503, true],
    [new DataKeysUnavailable(SECRET), 'EVENT_STORE_UNAVAILABLE', 503, true],
    [new OwnerKeyUnfit(SECRET), 'OWNER_KEY_UNAVAILABLE', 503, true],
    [new ReadStoreUnavailable(SECRET), 'READ_STORE_UNAVAILABLE', 503, true],
    [new ReadStoreDamaged(SECRET), 'READ_STORE_DAMAGED', 503, true],
    [new ViewLocked(SECRET), 'READ_STORE_UNAVAILABLE', 503, true],
    [new NotCaughtUp(SECRET), 'READ_MODEL_BEHIND', 503, true],
    [new FeedExpired(SECRET), 'CURSOR_EXPIRED', 410, false],
    [new BadToken(SECRET), 'BAD_CURSOR', 400, false],
    [new TypeError(SECRET), 'INTERNAL', 500, true],
  ] as const)('is told by its code and without its details: %s', (cause, code, status, isForOperator) => {
    // Thrown by a resolver it comes wrapped.
    for (const error of [cause, new GraphQLError(cause.message, { originalError: cause })]) {
      const { error: told, unforeseen } = shown(error, 'the correlation id');
      expect(told.extensions).toMatchObject({ code, http: { status } });
      expect(told.extensions['correlationId']).toBe(isForOperator ? 'the correlation id' : undefined);
      expect(unforeseen).toBe(isForOperator);
      expect(JSON.stringify(told)).not.toContain(SECRET);
    }
  });

  it('on the sender’s side is told as it is', () => {
    const error = badInput('first must be from 1 to 200.', 'first');
    expect(shown(error, 'id')).toEqual({ error, unforeseen: false });
  });
});
