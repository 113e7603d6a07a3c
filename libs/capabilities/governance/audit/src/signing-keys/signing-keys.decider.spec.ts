import { describe, it } from '@jest/globals';
import { instant } from '@kernel';
import { JP, markedFor, NOW, person, specify } from '@kernel/testing';
import { signingKeysRecordType } from './signing-keys.record.js';
import type { KeyRegistered } from './signing-keys.events.js';

const delegate = person(JP, 'DELEGATE');
const marking = markedFor(JP, 'PUBLIC');
const later = instant('2027-06-01T00:00:00.000Z');
const key = { kid: 'k1', ministry: 'METI', publicKey: 'AAAA' };
const register = { type: 'RegisterKey', ...key } as const;
const registered = (kid: string, validFrom = NOW): KeyRegistered => ({
  type: 'audit.KeyRegistered.v1',
  data: { ...key, kid, validFrom, party: JP, marking },
});
const revoke = { type: 'RevokeKey', kid: 'k1', reason: 'lost' } as const;
const revoked = { type: 'audit.KeyRevoked.v1', data: { kid: 'k1', reason: 'lost' } } as const;
const demand = { type: 'DemandSignatures', on: true, reason: 'order' } as const;
const demanded = { type: 'audit.SignaturesDemanded.v1', data: { reason: 'order' } } as const;
const lifted = { type: 'audit.SignatureDemandLifted.v1', data: { reason: 'order' } } as const;
const { given } = specify(signingKeysRecordType);

describe('A signing key', () => {
  it('is registered from now on, or from a time that is named', () => {
    given().when(register, delegate, { marking }).then(registered('k1'));
    given()
      .when({ ...register, validFrom: later }, delegate, { marking })
      .then(registered('k1', later));
  });
  it('is registered once, and not again after it was revoked', () => {
    given(registered('k1')).when(register, delegate).thenNothing();
    given(registered('k1'), revoked).when(register, delegate).thenRejected('KEYS.REVOKED');
  });
  it('is revoked once, if there is one', () => {
    given(registered('k1')).when(revoke, delegate).then(revoked);
    given(registered('k1'), revoked).when(revoke, delegate).thenNothing();
    given(registered('k2')).when(revoke, delegate).thenRejected('KEYS.NOT_FOUND');
  });
  it('is not revoked where signatures are demanded and no other is valid', () => {
    given(registered('k1'), demanded).when(revoke, delegate).thenRejected('KEYS.LAST_ONE');
    given(registered('k1'), registered('k2', later), demanded).when(revoke, delegate).thenRejected('KEYS.LAST_ONE');
    given(registered('k1'), registered('k2'), demanded).when(revoke, delegate).then(revoked);
  });
});

describe('Signatures', () => {
  it('are demanded, once, where somebody can sign', () => {
    given(registered('k1')).when(demand, delegate).then(demanded);
    given(registered('k1'), demanded).when(demand, delegate).thenNothing();
    given(registered('k1', later)).when(demand, delegate).thenRejected('KEYS.NONE_VALID');
    given(registered('k1'), revoked).when(demand, delegate).thenRejected('KEYS.NONE_VALID');
  });
  it('are demanded no longer', () => {
    const lift = { ...demand, on: false };
    given(registered('k1'), demanded).when(lift, delegate).then(lifted);
    given(registered('k1')).when(lift, delegate).thenNothing();
    given(registered('k1'), demanded, lifted).when(revoke, delegate).then(revoked);
  });
});
