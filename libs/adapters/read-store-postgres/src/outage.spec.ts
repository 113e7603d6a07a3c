import { ReadStoreDamaged, ReadStoreUnavailable, ViewLocked } from '@foundation/eventing';
import { describe, expect, it } from '@jest/globals';
import { DatabaseError } from 'pg';
import { asOutage } from './outage.js';

const answered = (code: string): DatabaseError => Object.assign(new DatabaseError('refused', 1, 'error'), { code });

describe('What PostgreSQL answers', () => {
  it.each([
    ['connection_failure', '08006'],
    ['invalid_password', '28P01'],
    ['invalid_catalog_name', '3D000'],
    ['read_only_sql_transaction', '25006'],
    ['idle_in_transaction_session_timeout', '25P03'],
    ['transaction_timeout', '25P04'],
    ['invalid_sql_statement_name', '26000'],
    ['serialization_failure', '40001'],
    ['too_many_connections', '53300'],
    ['disk_full', '53100'],
    ['object_not_in_prerequisite_state', '55000'],
    ['query_canceled', '57014'],
    ['admin_shutdown', '57P01'],
    ['cannot_connect_now', '57P03'],
    ['idle_session_timeout', '57P05'],
    ['io_error', '58030'],
  ])('is an outage: %s', (_, code) => {
    expect(asOutage(answered(code))).toBeInstanceOf(ReadStoreUnavailable);
    expect(asOutage(answered(code))).not.toBeInstanceOf(ViewLocked);
  });

  it.each([
    ['lock_not_available', '55P03'],
    ['deadlock_detected', '40P01'],
  ])('is the matter of one view: %s', (_, code) => expect(asOutage(answered(code))).toBeInstanceOf(ViewLocked));

  it.each([
    ['undefined_table', '42P01'],
    ['untranslatable_character', '22P05'],
  ])('is no outage: %s', (_, code) => expect(asOutage(answered(code))).toBeInstanceOf(DatabaseError));

  it.each([
    ['internal_error', 'XX000'],
    ['data_corrupted', 'XX001'],
    ['index_corrupted', 'XX002'],
    ['undefined_file', '58P01'],
    ['duplicate_file', '58P02'],
  ])('is damage, and an alarm that names it: %s', (_, code) => {
    const damage = asOutage(answered(code));
    expect(damage).toBeInstanceOf(ReadStoreDamaged);
    expect(damage).not.toBeInstanceOf(ReadStoreUnavailable);
    expect((damage as Error).message).toMatch(new RegExp(`^ALARM .*refused \\(${code}\\)$`));
  });

  it('is an outage where it answers nothing', () => {
    for (const error of [new Error('Connection terminated'), new Error('Query read timeout')])
      expect(asOutage(error)).toBeInstanceOf(ReadStoreUnavailable);
  });
});
