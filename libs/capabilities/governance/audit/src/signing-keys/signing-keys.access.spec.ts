import { describe, expect, it } from '@jest/globals';
import { JP, markedFor, person, RECORD, secretariat, specify, US } from '@kernel/testing';
import { signingKeysRecordType } from './signing-keys.record.js';

const commands = [
  { type: 'RegisterKey', kid: 'k', ministry: 'METI', publicKey: 'AAAA' },
  { type: 'RevokeKey', kid: 'k', reason: 'lost' },
  { type: 'DemandSignatures', on: true, reason: 'order' },
] as const;
const { mayIssue, mayAct } = specify(signingKeysRecordType);

describe('Signing keys', () => {
  it.each(commands)('are for delegates, and the secretariat for its own: $type', (command) => {
    for (const who of [person(JP, 'DELEGATE'), secretariat]) expect(mayIssue(command, who)).toBe(true);
    for (const who of [person(JP, ['LIAISON', 'APPROVER']), person(null, 'AUDITOR')])
      expect(mayIssue(command, who)).toBe(false);
    const mandate = { id: RECORD, delegate: US, subjects: ['audit'], mayCommand: true };
    expect(mayIssue(command, { ...person(JP, 'DELEGATE'), mandate })).toBe(false);
  });
  it.each(commands)('are a party’s own: $type', (command) => {
    expect(mayAct(command, person(JP, 'DELEGATE'), [], markedFor(JP))).toBe(true);
    expect(mayAct(command, person(US, 'DELEGATE'), [], markedFor(JP))).toBe(false);
    expect(signingKeysRecordType.targetOf(command, JP)).toEqual({
      key: 'JP',
      mayCreate: command.type === 'RegisterKey',
    });
  });
  it('are public, so that everybody can verify', () =>
    expect(signingKeysRecordType.defaultMarking?.(commands[0], RECORD)).toEqual({ releaseTo: ['PUBLIC'] }));
});
