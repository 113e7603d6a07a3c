export * from './audit.manifest.js';
export {
  auditingReader,
  auditRegister,
  mayAudit,
  signaturesOf,
  type AuditRegister,
} from './register/audit.register.js';
export { auditMandatesView, type AuditMandateRow } from './audit-mandate/audit-mandates.view.js';
export type { CommandRefused } from './rejection/rejection.events.js';
export { rejectionOf } from './rejection/rejection.reaction.js';
export { signingKeysView, type SigningKeyRow } from './signing-keys/signing-keys.view.js';
export { columnChanges, columnsOf, mayReplay, type ColumnChange } from './replay/replay.rule.js';
