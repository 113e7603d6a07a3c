import { ED25519, formatSignerKey, leafHash, parseSignerKey, signNote } from '@foundation/transparency';
import { describe, expect, it } from '@jest/globals';
import type { Instant } from '@kernel';
import { randomBytes } from 'node:crypto';
import { openReceipt, type Receipt, signReceipt } from './receipt.js';

const keyOf = (name: string) => parseSignerKey(formatSignerKey(name, ED25519, randomBytes(32)));
const key = keyOf('lodestone/test/receipts');
const receipt: Receipt = {
  events: [
    { id: '00000000-0000-4000-8000-000000000001', leafHash: leafHash(Buffer.from('one')) },
    { id: '00000000-0000-4000-8000-000000000002', leafHash: leafHash(Buffer.from('two')) },
  ],
  includeBy: '2026-06-01T09:01:00.000Z' as Instant,
};

describe('A receipt', () => {
  it('is read as it was signed', () => expect(openReceipt(signReceipt(receipt, key), [key.verifier])).toEqual(receipt));

  it('is a note that people can read', () =>
    expect(signReceipt(receipt, key)).toMatch(
      /^lodestone-receipt\/v1\nevent 00000000-0000-4000-8000-000000000001 \S{44}\nevent \S+ \S{44}\ninclude-by 2026-06-01T09:01:00.000Z\n\n— lodestone\/test\/receipts \S+\n$/,
    ));

  it('of another key is none', () =>
    expect(() => openReceipt(signReceipt(receipt, key), [keyOf('lodestone/test/receipts').verifier])).toThrow(
      'No known key signed the note',
    ));

  it('with another time is refused', () =>
    expect(() => openReceipt(signReceipt(receipt, key).replace('09:01', '10:01'), [key.verifier])).toThrow(
      'is not of this text',
    ));

  it.each([
    [
      'another first line',
      'receipt\nevent 00000000-0000-4000-8000-000000000001 AAAA\ninclude-by 2026-06-01T09:01:00Z\n',
    ],
    ['no event', 'lodestone-receipt/v1\ninclude-by 2026-06-01T09:01:00Z\n'],
    ['no time', `lodestone-receipt/v1\nevent 00000000-0000-4000-8000-000000000001 ${'A'.repeat(43)}=\n`],
    [
      'a short hash',
      'lodestone-receipt/v1\nevent 00000000-0000-4000-8000-000000000001 AAAA\ninclude-by 2026-06-01T09:01:00Z\n',
    ],
    [
      'a time without zone',
      `lodestone-receipt/v1\nevent 00000000-0000-4000-8000-000000000001 ${'A'.repeat(43)}=\ninclude-by 2026-06-01T09:01:00\n`,
    ],
  ])('with %s is refused, whoever signed it', (_, text) =>
    expect(() => openReceipt(signNote(text, [key.at()]), [key.verifier])).toThrow('Not a receipt'),
  );
});
