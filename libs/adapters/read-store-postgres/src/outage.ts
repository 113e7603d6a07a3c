import { ReadStoreDamaged, ReadStoreUnavailable, ViewLocked } from '@foundation/eventing';
import { DatabaseError } from 'pg';

/**
 * Connection exceptions, logins and databases that are not there (28, 3D: one is restored or renamed), resource limits,
 * operator intervention (a time limit among them), a start-up under way, a server that only reads, prepared statements
 * that a pooler lost, disks that fail, and transactions and locks that others cross: PostgreSQL appendix A. Trying again
 * mends them.
 */
const OUTAGE = /^(08|28|3D|53|57|25P03|25P04|25006|26000|40001|40P01|55000|55P03|58000|58030)/;

/**
 * What PostgreSQL answers where its files are not what it wrote: internal errors, corrupted data and indexes (class XX),
 * files that are gone or twice there. Nothing mends it but a restore, or tables that are made anew.
 */
const DAMAGE = /^(XX|58P0[12])/;

/** PostgreSQL's lock_not_available and deadlock_detected. */
const LOCKED = ['55P03', '40P01'];

/** An error as the callers know it: a lost or refusing server is an outage, a damaged one is told as such, anything else stays what it is. */
export const asOutage = (error: unknown): unknown => {
  if (error instanceof ReadStoreUnavailable || error instanceof ReadStoreDamaged) return error;
  if (error instanceof DatabaseError && DAMAGE.test(error.code ?? ''))
    return new ReadStoreDamaged(`ALARM the read store is damaged: PostgreSQL says ${error.message} (${error.code})`, {
      cause: error,
    });
  if (error instanceof DatabaseError && !OUTAGE.test(error.code ?? '')) return error;
  if (error instanceof DatabaseError && LOCKED.includes(error.code ?? ''))
    return new ViewLocked('another session holds a lock on a table of the read models', { cause: error });
  return new ReadStoreUnavailable('the read store did not answer', { cause: error });
};

/**
 * The table, or a column of it, is not there, or is another than when the question was prepared: PostgreSQL's
 * undefined_table, undefined_column and feature_not_supported, by which it tells of results of another type.
 */
export const isOfAnotherVersion = (error: unknown): boolean =>
  error instanceof DatabaseError && ['42P01', '42703', '0A000'].includes(error.code ?? '');
