import { stream, type Capability } from '@kernel';
import { auditMandateAccess } from './audit-mandate/audit-mandate.access.js';
import { auditMandateDecider, auditMandateRefusals } from './audit-mandate/audit-mandate.decider.js';
import { auditMandatesView } from './audit-mandate/audit-mandates.view.js';
import { refusalDecider, refusalRefusals } from './refusal/refusal.decider.js';
import { signingKeysAccess } from './signing-keys/signing-keys.access.js';
import { signingKeysDecider, signingKeysRefusals } from './signing-keys/signing-keys.decider.js';
import { signingKeysView } from './signing-keys/signing-keys.view.js';

export const refusalStream = stream({
  category: 'refusal',
  decider: refusalDecider,
  access: { mayIssue: () => false, mayAct: () => false },
  refusals: refusalRefusals,
  notFound: 'REFUSALS.NOT_FOUND',
  targetOf: () => ({ fresh: true }),
  isMarkingFixed: true,
  isOpen: true,
});

export const auditMandateStream = stream({
  category: 'auditMandate',
  endsWith: ['audit.AuditMandateRevoked.v1'],
  decider: auditMandateDecider,
  access: auditMandateAccess,
  refusals: auditMandateRefusals,
  notFound: 'AUDITS.NOT_FOUND',
  // One record for each pair: what the party last granted the person is all that holds.
  targetOf: (command, party) =>
    command.type === 'GrantAuditMandate' ? { key: `${party} ${command.person}`, mayCreate: true } : { id: command.id },
  defaultMarking: (command) =>
    command.type === 'GrantAuditMandate' ? { releaseTo: [`person:${command.person}`] } : {},
  isMarkingFixed: true,
  isOpen: true,
});

export const signingKeysStream = stream({
  category: 'signingKeys',
  decider: signingKeysDecider,
  access: signingKeysAccess,
  refusals: signingKeysRefusals,
  notFound: 'KEYS.NOT_FOUND',
  targetOf: ({ type }, party) => ({ key: party, mayCreate: type === 'RegisterKey' }),
  // Whoever verifies a signature needs the key.
  defaultMarking: () => ({ releaseTo: ['PUBLIC'] }),
  isMarkingFixed: true,
  isOpen: true,
});

/** What was decided and refused, who may audit it, and the keys that commands are signed with. */
export const audit: Capability = {
  name: 'audit',
  streams: [refusalStream, auditMandateStream, signingKeysStream],
  views: [auditMandatesView, signingKeysView],
};
