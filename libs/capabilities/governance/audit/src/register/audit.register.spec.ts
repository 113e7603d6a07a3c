import { describe, expect, it } from '@jest/globals';
import { instant, type DomainEvent, type Instant } from '@kernel';
import { JP, markedFor, NOW, person, RECORD, US } from '@kernel/testing';
import { auditMandateRecordType } from '../audit-mandate/audit-mandate.record.js';
import { signingKeysRecordType } from '../signing-keys/signing-keys.record.js';
import { auditingReader, auditRegister, mayAudit, signaturesOf } from './audit.register.js';

const until = instant('2027-06-01T00:00:00.000Z');
const auditor = { ...person(null, 'AUDITOR'), audiences: ['PUBLIC' as const], clearance: 'OPEN' as const };
const after = (...events: readonly DomainEvent[]) =>
  events.reduce((state, event) => auditRegister.evolve(state, event, RECORD), auditRegister.initial);
const granted = {
  type: 'audit.AuditMandateGranted.v1',
  data: {
    party: JP,
    person: auditor.person,
    subjects: ['projects'],
    level: 'RESTRICTED',
    until,
    marking: markedFor(JP),
  },
};
const revoked = { type: 'audit.AuditMandateRevoked.v1', data: { reason: 'over' } };
const key = (validFrom: Instant) => ({
  type: 'audit.KeyRegistered.v1',
  data: { kid: 'k1', ministry: 'METI', publicKey: 'AAAA', validFrom, party: JP, marking: markedFor(JP) },
});

describe('An auditor', () => {
  const register = after(granted);
  it('reads as the party’s own people what it lets them, and up to its level', () => {
    expect(mayAudit(register, auditor, JP, 'projects', NOW)).toBe(true);
    expect(auditingReader(register, auditor, JP, 'projects', NOW)).toMatchObject({
      audiences: ['PUBLIC', 'country:JP'],
      clearance: 'RESTRICTED',
    });
  });
  it('reads nothing else by it', () => {
    expect(mayAudit(register, auditor, US, 'projects', NOW)).toBe(false);
    expect(mayAudit(register, auditor, JP, 'stockpiles', NOW)).toBe(false);
    expect(mayAudit(register, auditor, JP, 'projects', until)).toBe(false);
    expect(mayAudit(register, { ...auditor, roles: ['OBSERVER'] }, JP, 'projects', NOW)).toBe(false);
    expect(mayAudit(register, { ...auditor, person: person(JP, 'DELEGATE').person }, JP, 'projects', NOW)).toBe(false);
    expect(mayAudit(after(granted, revoked), auditor, JP, 'projects', NOW)).toBe(false);
    expect(auditingReader(register, auditor, US, 'projects', NOW)).toMatchObject({
      audiences: ['PUBLIC'],
      clearance: 'OPEN',
    });
  });
  it('knows a party by name where it is let in anywhere', () => {
    expect(mayAudit(register, auditor, JP, null, NOW)).toBe(true);
    expect(mayAudit(register, auditor, US, null, NOW)).toBe(false);
  });
});

describe('Signatures', () => {
  it('count of keys that are valid then', () => {
    expect(signaturesOf(after(), JP, NOW)).toEqual({ isDemanded: false, valid: [] });
    expect(signaturesOf(after(key(NOW)), JP, NOW).valid).toMatchObject([{ kid: 'k1' }]);
    expect(signaturesOf(after(key(until)), JP, NOW).valid).toEqual([]);
    expect(signaturesOf(after(key(NOW)), US, NOW).valid).toEqual([]);
    const over = { type: 'audit.KeyRevoked.v1', data: { kid: 'k1', reason: 'lost' } };
    expect(signaturesOf(after(key(NOW), over), JP, NOW).valid).toEqual([]);
  });
  it('are demanded from one event to the other', () => {
    const demanded = { type: 'audit.SignaturesDemanded.v1', data: { reason: 'order' } };
    const lifted = { type: 'audit.SignatureDemandLifted.v1', data: { reason: 'order' } };
    expect(signaturesOf(after(key(NOW), demanded), JP, NOW).isDemanded).toBe(true);
    expect(signaturesOf(after(key(NOW), demanded, lifted), JP, NOW).isDemanded).toBe(false);
  });
});

describe('The register', () => {
  it('reads audit mandates and signing keys, and leaves its initial state empty', () => {
    expect(auditRegister.categories).toEqual([auditMandateRecordType.category, signingKeysRecordType.category]);
    after(granted, key(NOW));
    for (const part of Object.values(auditRegister.initial)) expect(part.size).toBe(0);
  });
});
