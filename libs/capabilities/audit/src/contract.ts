export type { AuditMandateGranted, AuditMandateRevoked } from './audit-mandate/audit-mandate.events.js';
export type { CommandRefused } from './refusal/refusal.events.js';
export type {
  KeyRegistered,
  KeyRevoked,
  SignatureDemandLifted,
  SignaturesDemanded,
} from './signing-keys/signing-keys.events.js';
