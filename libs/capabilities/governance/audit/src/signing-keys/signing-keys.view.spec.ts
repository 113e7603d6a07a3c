import { describe, it } from '@jest/globals';
import { JP, markedFor, NOW, RECORD, specifyView } from '@kernel/testing';
import type { KeyRegistered, KeyRevoked } from './signing-keys.events.js';
import { signingKeysView } from './signing-keys.view.js';

const { given } = specifyView(signingKeysView);
const key = {
  kid: 'k1',
  ministry: 'METI',
  publicKey: 'AAAA',
  validFrom: NOW,
  party: JP,
  marking: markedFor(JP, 'PUBLIC'),
};
const registered: KeyRegistered = { type: 'audit.KeyRegistered.v1', data: key };
const revoked: KeyRevoked = { type: 'audit.KeyRevoked.v1', data: { kid: 'k1', reason: 'lost' } };

describe('The signing keys', () => {
  it('are a row each', () => given(registered).thenRow({ ...key, registeredAt: NOW }, `${RECORD}:k1`));
  it('stay when they are revoked', () =>
    given(registered, revoked).thenRow({ ...key, registeredAt: NOW, revokedAt: NOW, reason: 'lost' }, `${RECORD}:k1`));
});
