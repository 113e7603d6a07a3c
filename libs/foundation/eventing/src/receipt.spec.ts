import { ED25519, formatSignerKey, parseSignerKey, signNote } from '@foundation/transparency';
import { describe, expect, it } from '@jest/globals';
import { NOW } from '@kernel/testing';
import { openReceipt, Receipts, signReceipt, type Receipt } from './receipt.js';

const keyOf = (byte: number) =>
  parseSignerKey(formatSignerKey('lodestone.example/receipts', ED25519, Buffer.alloc(32, byte)));
const key = keyOf(7);
const leaf = (byte: number) => ({
  eventId: `00000000-0000-4000-8000-00000000000${byte}`,
  leafHash: Buffer.alloc(32, byte),
});
const receipt: Receipt = { leaves: [leaf(1), leaf(2)], includeBy: NOW };
const signed = signReceipt(receipt, key);

describe('A receipt', () => {
  it('says which events will be in the log, and by when', () => {
    expect(openReceipt(signed, [key.verifier])).toEqual(receipt);
    expect(signed).toContain(`lodestone-receipt/v1\nevent ${leaf(1).eventId} `);
  });
  it('is the platform’s word and nobody else’s', () =>
    expect(() => openReceipt(signed, [keyOf(8).verifier])).toThrow(/known/));
  it('does not hold once a byte of it is another', () =>
    expect(() => openReceipt(signed.replace(leaf(1).eventId, leaf(3).eventId), [key.verifier])).toThrow(/signature/i));
  it.each([
    'lodestone-receipt/v2\nevent 00000000-0000-4000-8000-000000000001 AAAA\ninclude-by x\n',
    `lodestone-receipt/v1\ninclude-by ${NOW}\n`,
    `lodestone-receipt/v1\nevent 00000000-0000-4000-8000-000000000001 AAAA\ninclude-by ${NOW}\n`,
    `lodestone-receipt/v1\nevent 00000000-0000-4000-8000-000000000001 ${Buffer.alloc(32).toString('base64')}\ninclude-by now\n`,
  ])('is not whatever else the key signs: %j', (text) =>
    expect(() => openReceipt(signNote(text, [key.at()]), [key.verifier])).toThrow(/Not a receipt/),
  );
  it('is the same each time, and promises inclusion within a minute of recording', () => {
    const receipts = new Receipts(key);
    const made = [{ ...leaf(1), recordedAt: NOW }];
    expect(receipts.for(made)).toBe(receipts.for(made));
    expect(openReceipt(receipts.for(made)!, [key.verifier])).toEqual({
      leaves: [leaf(1)],
      includeBy: '2026-06-01T09:01:00.000Z',
    });
    expect(receipts.for([])).toBeNull();
    expect(receipts.verifierKey).toMatch(/^lodestone\.example\/receipts\+/);
  });
});
