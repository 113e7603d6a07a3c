import { describe, expect, it } from '@jest/globals';
import { granted, revoked, withoutTerms, type DomainEvent, type Marked } from '@kernel';
import { JP, markedFor, NOW, RECORD, recorded } from '@kernel/testing';

type Granted = DomainEvent<'keys.Granted.v1', { readonly door: string } & Partial<Marked>>;
type Row = Marked & { readonly id: string; readonly door: string; readonly grantedAt: string };
const grant = (door: string, marking?: Marked): Granted => ({ type: 'keys.Granted.v1', data: { door, ...marking } });
const marking = markedFor(JP);
const row: Row = { id: RECORD, door: 'north', grantedAt: NOW, marking };
const reason = { type: 'keys.Revoked.v1', data: { reason: 'Lost.' } };

describe('What is granted', () => {
  it('is shown since when, under the marking of the first grant', () => {
    expect(granted<Granted, Row>(null, recorded(grant('north', { marking })))).toEqual(row);
    expect(granted<Granted, Row>(row, recorded(grant('south')))).toEqual({ ...row, door: 'south' });
    expect(granted<Granted, Row>(null, recorded(grant('north')))).toBeNull();
  });
  it('is shown with when and why it was revoked, until it is granted anew', () => {
    const ended = revoked(row, recorded(reason));
    expect(ended).toEqual({ ...row, reason: 'Lost.', revokedAt: NOW });
    expect(granted<Granted, Row>(ended, recorded(grant('north')))).toEqual(row);
    expect(revoked(null, recorded(reason))).toBeNull();
  });
  it('holds no longer once it is revoked', () => {
    expect(withoutTerms({ by: JP, terms: 'all' })).toEqual({ by: JP, terms: null });
    expect(withoutTerms(null)).toBeNull();
  });
});
