import type { Capability } from '@kernel';
import { auditMandateStream } from './audit-mandate/audit-mandate.stream.js';
import { auditMandatesView } from './audit-mandate/audit-mandates.view.js';
import { refusalStream } from './refusal/refusal.stream.js';
import { signingKeysStream } from './signing-keys/signing-keys.stream.js';
import { signingKeysView } from './signing-keys/signing-keys.view.js';

export { auditMandateStream, refusalStream, signingKeysStream };

/** What was decided and refused, who may audit it, and the keys that commands are signed with. */
export const audit: Capability = {
  name: 'audit',
  streams: [refusalStream, auditMandateStream, signingKeysStream],
  events: [
    'audit.AuditMandateGranted.v1',
    'audit.AuditMandateRevoked.v1',
    'audit.CommandRefused.v1',
    'audit.KeyRegistered.v1',
    'audit.KeyRevoked.v1',
    'audit.SignatureDemandLifted.v1',
    'audit.SignaturesDemanded.v1',
  ],
  views: [auditMandatesView, signingKeysView],
};
