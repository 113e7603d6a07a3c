import { capability } from '@kernel';
import { auditMandateRecordType } from './audit-mandate/audit-mandate.record.js';
import { auditMandatesView } from './audit-mandate/audit-mandates.view.js';
import { rejectionRecordType } from './rejection/rejection.record.js';
import { signingKeysRecordType } from './signing-keys/signing-keys.record.js';
import { signingKeysView } from './signing-keys/signing-keys.view.js';

export { auditMandateRecordType, rejectionRecordType, signingKeysRecordType };

/** What was accepted and rejected, who may audit it, and the keys that commands are signed with. */
export const audit = capability({
  name: 'audit',
  recordTypes: [rejectionRecordType, auditMandateRecordType, signingKeysRecordType],
  views: [auditMandatesView, signingKeysView],
});
