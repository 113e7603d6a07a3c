import type { DomainEvent, Instant, Marked, Party } from '@kernel';

/** Stream `signingKeys-<id>`, one per party: the keys with which its ministries sign their commands. */
export type SigningKeysEvent = KeyRegistered | KeyRevoked | SignaturesDemanded | SignatureDemandLifted;

export type SigningKey = {
  /** RFC 7638 thumbprint of the public key, base64url. */
  readonly kid: string;
  /** Which ministry or office holds the private key. */
  readonly ministry: string;
  /** Ed25519, 32 bytes in base64url. */
  readonly publicKey: string;
  readonly validFrom: Instant;
};

export type KeyRegistered = DomainEvent<'audit.KeyRegistered.v1', SigningKey & Marked & { readonly party: Party }>;
/** Signatures of it count no longer from here on. */
export type KeyRevoked = DomainEvent<'audit.KeyRevoked.v1', { readonly kid: string; readonly reason: string }>;
/** Commands of the party that are not signed are refused from here on. */
export type SignaturesDemanded = DomainEvent<'audit.SignaturesDemanded.v1', { readonly reason: string }>;
export type SignatureDemandLifted = DomainEvent<'audit.SignatureDemandLifted.v1', { readonly reason: string }>;
