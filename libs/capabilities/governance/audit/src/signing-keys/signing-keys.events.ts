import { instant, required, text, value, type DomainEvent, type Marked, type Of, type Party } from '@kernel';

/** RFC 7638 thumbprint of the public key, base64url: the same key has the same id for everybody. */
const kid = value('ID', 'text', text(64));

export const keyId = { kid: required(kid, 'Id of the key: its RFC 7638 thumbprint.') };
export const signingKey = {
  kid: required(kid, 'Its RFC 7638 thumbprint.'),
  ministry: required(text(200), 'Which ministry or office holds the private key.'),
  publicKey: required(text(64), 'Ed25519 public key, 32 bytes in base64url.'),
  validFrom: required(instant, 'From when its signatures count.'),
};
export type SigningKey = Of<typeof signingKey>;

/** Stream `signingKeys-<id>`, one per party: the keys with which its ministries sign their commands. */
export type SigningKeysEvent = KeyRegistered | KeyRevoked | SignaturesDemanded | SignatureDemandLifted;

export type KeyRegistered = DomainEvent<'audit.KeyRegistered.v1', SigningKey & Marked & { readonly party: Party }>;
/** Signatures of it count no longer from here on. */
export type KeyRevoked = DomainEvent<'audit.KeyRevoked.v1', { readonly kid: string; readonly reason: string }>;
/** Commands of the party that are not signed are rejected from here on. */
export type SignaturesDemanded = DomainEvent<'audit.SignaturesDemanded.v1', { readonly reason: string }>;
export type SignatureDemandLifted = DomainEvent<'audit.SignatureDemandLifted.v1', { readonly reason: string }>;
