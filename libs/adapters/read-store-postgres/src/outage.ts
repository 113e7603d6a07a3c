import { ReadStoreUnavailable, ViewLocked } from '@foundation/eventing';
import { DatabaseError } from 'pg';

/**
 * Connection exceptions, resource limits, operator intervention (a time limit among them), a start-up under way, and locks
 * that others hold: PostgreSQL appendix A. Trying again mends them.
 */
const OUTAGE = /^(08|53|57|25P03|40P01|55P03)/;

/** PostgreSQL's lock_not_available and deadlock_detected. */
const LOCKED = ['55P03', '40P01'];

/** An error as the callers know it: a lost or refusing server is an outage, anything else stays what it is. */
export const asOutage = (error: unknown): unknown => {
  if (error instanceof ReadStoreUnavailable) return error;
  if (error instanceof DatabaseError && !OUTAGE.test(error.code ?? '')) return error;
  if (error instanceof DatabaseError && LOCKED.includes(error.code ?? ''))
    return new ViewLocked('another session holds a lock on a table of the read models', { cause: error });
  return new ReadStoreUnavailable('the read store did not answer', { cause: error });
};
