import { commandsOf, recordsOf } from '@foundation/graphql';
import { auditMandateRecordType } from './audit-mandate/audit-mandate.record.js';
import { auditMandatesView } from './audit-mandate/audit-mandates.view.js';
import { ReplayResolver } from './replay/replay.resolver.js';
import { signingKeyCommands } from './signing-keys/signing-keys.resolver.js';
import { signingKeysView } from './signing-keys/signing-keys.view.js';

export { replayHandlers as auditHandlers } from './replay/replay-handlers.query.js';

export const auditResolvers = [
  commandsOf(auditMandateRecordType),
  recordsOf(auditMandatesView, {
    list: {
      name: 'auditMandates',
      description: 'The audit mandates that your party granted, or that you were granted.',
      orderBy: { GRANTED_AT: 'grantedAt', UNTIL: 'until' },
    },
  }),
  ...signingKeyCommands,
  recordsOf(signingKeysView, {
    list: {
      name: 'signingKeys',
      description: 'The keys that parties sign their commands with, those that were revoked among them.',
      orderBy: { REGISTERED_AT: 'registeredAt' },
    },
  }),
  ReplayResolver,
];
