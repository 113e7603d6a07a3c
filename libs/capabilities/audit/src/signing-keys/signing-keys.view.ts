import { view, type Instant, type Marked, type Party } from '@kernel';
import type { KeyRegistered, KeyRevoked, SigningKey } from './signing-keys.events.js';

export type SigningKeyRow = Marked &
  SigningKey & {
    readonly party: Party;
    readonly registeredAt: Instant;
    readonly revokedAt?: Instant;
    readonly reason?: string;
  };

/** Every party's keys, those that were revoked among them: whoever verifies what was signed needs them. */
export const signingKeysView = view<KeyRegistered | KeyRevoked, SigningKeyRow>({
  name: 'audit.signingKeys',
  version: 1,
  events: ['audit.KeyRegistered.v1', 'audit.KeyRevoked.v1'],
  fields: {
    party: { kind: 'text', filter: true },
    kid: { kind: 'text', filter: true },
    registeredAt: { kind: 'text', sort: true },
  },
  keysOf: ({ event, recordId }) => [`${recordId}:${event.data.kid}`],
  project: (row, { event, recordedAt }) => {
    if (event.type === 'audit.KeyRevoked.v1')
      return row && { ...row, revokedAt: recordedAt, reason: event.data.reason };
    const { kid, ministry, publicKey, validFrom, party, marking } = event.data;
    return { kid, ministry, publicKey, validFrom, party, registeredAt: recordedAt, marking };
  },
});
