import type { Capability } from '@kernel';
import { auditMandateRecordType } from './audit-mandate/audit-mandate.record.js';
import { auditMandatesView } from './audit-mandate/audit-mandates.view.js';
import { rejectionRecordType } from './rejection/rejection.record.js';
import { signingKeysRecordType } from './signing-keys/signing-keys.record.js';
import { signingKeysView } from './signing-keys/signing-keys.view.js';

export { auditMandateRecordType, rejectionRecordType, signingKeysRecordType };

/** What was accepted and rejected, who may audit it, and the keys that commands are signed with. */
export const audit: Capability = {
  name: 'audit',
  recordTypes: [rejectionRecordType, auditMandateRecordType, signingKeysRecordType],
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
