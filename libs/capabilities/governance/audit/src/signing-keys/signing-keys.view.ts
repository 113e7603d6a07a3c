import { instant, party, readModel, required, revocation, revoked, type RowOf } from '@kernel';
import { signingKey, type KeyRegistered, type KeyRevoked } from './signing-keys.events.js';

const row = {
  ...signingKey,
  party: required(party, 'Whose ministry.'),
  registeredAt: required(instant, 'When it was registered.'),
  ...revocation,
};
export type SigningKeyRow = RowOf<typeof row>;

/** Every party's keys, those that were revoked among them: whoever verifies what was signed needs them. */
export const signingKeysView = readModel<KeyRegistered | KeyRevoked, SigningKeyRow>({
  name: 'audit.signingKeys',
  version: 1,
  of: row,
  node: { name: 'SigningKey', description: 'A key with which a ministry signs its commands.' },
  list: {
    name: 'signingKeys',
    description: 'The keys that parties sign their commands with, those that were revoked among them.',
  },
  filter: { party: 'Whose.', kid: 'Ids of keys.' },
  sort: ['registeredAt'],
  keysOf: ({ event, recordId }) => [`${recordId}:${event.data.kid}`],
  on: {
    'audit.KeyRegistered.v1': (_, { event, recordedAt }) => ({ ...event.data, registeredAt: recordedAt }),
    'audit.KeyRevoked.v1': revoked,
  },
});
