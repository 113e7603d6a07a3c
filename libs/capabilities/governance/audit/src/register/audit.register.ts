import {
  isFactOf,
  readerFor,
  ownerAudience,
  type DomainEvent,
  type Instant,
  type Party,
  type Principal,
  type Reader,
  type RecordId,
} from '@kernel';
import { auditMandateRecordType, type AuditMandateState } from '../audit-mandate/audit-mandate.record.js';
import type { SigningKey } from '../signing-keys/signing-keys.events.js';
import { signingKeysRecordType, validKeys, type SigningKeysState } from '../signing-keys/signing-keys.record.js';

const { decider: auditMandates } = auditMandateRecordType;
const { decider: signingKeys } = signingKeysRecordType;

/** Who may audit what, and whose signatures count. */
export type AuditRegister = {
  /** By the id of the audit mandate. */
  readonly mandates: ReadonlyMap<RecordId, AuditMandateState>;
  /** By the id of a party's stream. */
  readonly keys: ReadonlyMap<RecordId, SigningKeysState>;
  readonly keyStreams: ReadonlyMap<Party, RecordId>;
};

export const auditRegister = {
  categories: ['auditMandate', 'signingKeys'],
  initial: { mandates: new Map(), keys: new Map(), keyStreams: new Map() } as AuditRegister,

  evolve: (state: AuditRegister, event: DomainEvent, id: string): AuditRegister => {
    const recordId = id as RecordId;
    if (isFactOf(auditMandateRecordType, event)) {
      const before = state.mandates.get(recordId) ?? auditMandates.initial;
      return { ...state, mandates: new Map(state.mandates).set(recordId, auditMandates.evolve(before, event)) };
    }
    if (!isFactOf(signingKeysRecordType, event)) return state;
    const before = state.keys.get(recordId) ?? signingKeys.initial;
    const keys = new Map(state.keys).set(recordId, signingKeys.evolve(before, event));
    if (event.type !== 'audit.KeyRegistered.v1') return { ...state, keys };
    return { ...state, keys, keyStreams: new Map(state.keyStreams).set(event.data.party, recordId) };
  },
};

/** What a party says of its signatures now. */
export const signaturesOf = (
  { keys, keyStreams }: AuditRegister,
  party: Party,
  now: Instant,
): { readonly isDemanded: boolean; readonly valid: readonly SigningKey[] } => {
  const stream = keyStreams.get(party);
  const state = (stream && keys.get(stream)) ?? signingKeys.initial;
  return { isDemanded: state.isDemanded, valid: validKeys(state, now) };
};

/** Whether a person has a party's leave to audit it in that capability, now. */
export const mayAudit = (
  register: AuditRegister,
  who: Principal,
  party: Party,
  capability: string | null,
  now: Instant,
): boolean => leaveOf(register, who, party, capability, now) !== null;

const leaveOf = (
  { mandates }: AuditRegister,
  who: Principal,
  party: Party,
  capability: string | null,
  now: Instant,
) => {
  if (!who.roles.includes('AUDITOR')) return null;
  for (const state of mandates.values()) {
    if (state?.party !== party || state.terms?.person !== who.person || state.terms.until <= now) continue;
    if (capability === null || (state.terms.subjects as readonly string[]).includes(capability)) return state.terms;
  }
  return null;
};

/**
 * The reader that a person is of one party's records in a capability, when it replays them: where the party lets them
 * audit, as the party's own people are, up to the level that it says. Everywhere else as always.
 */
export const auditingReader = (
  register: AuditRegister,
  who: Principal,
  party: Party,
  capability: string,
  now: Instant,
): Reader => {
  const terms = leaveOf(register, who, party, capability, now);
  const own = readerFor(who, capability);
  return terms === null ? own : { ...own, audiences: [...own.audiences, ownerAudience(party)], clearance: terms.level };
};
