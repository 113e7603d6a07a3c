import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import {
  assertGoodPublicKey,
  ed25519PrivateKey,
  ed25519PublicBytes,
  ed25519PublicKey,
  isGoodPublicKey,
  signEd25519,
  verifyEd25519,
} from './ed25519.js';

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');

// RFC 8032, 7.1: tests 1 to 3.
const RFC8032: [seed: string, publicKey: string, message: string, signature: string][] = [
  [
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
];

// testvectors_v1/ed25519_test.json of github.com/C2SP/wycheproof, key of its first groups.
const WYCHEPROOF_KEY = bytes('7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa');
const WYCHEPROOF_VALID: [tcId: number, message: string, signature: string][] = [
  [
    1,
    '',
    'd4fbdb52bfa726b44d1786a8c0d171c3e62ca83c9e5bbe63de0bb2483f8fd6cc1429ab72cafc41ab56af02ff8fcc43b99bfe4c7ae940f60f38ebaa9d311c4007',
  ],
  [
    3,
    '54657374',
    '7c38e026f29e14aabd059a0f2db8b0cd783040609a8be684db12f82a27774ab07a9155711ecfaf7f99f277bad0c6ae7e39d4eef676573336a5c51eb6f946b30d',
  ],
  [
    5,
    '313233343030',
    '657c1492402ab5ce03e2c3a7f0384d051b9cf3570f1207fc78c1bcc98c281c2bf0cf5b3a289976458a1be6277a5055545253b45b07dcc1abd96c8b989c00f301',
  ],
];
const ORDER = 'edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010';
const ORDER_LESS_ONE = 'ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010';
const FIELD = 'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f';
const ZERO = '00'.repeat(32);
const ONE = `01${'00'.repeat(31)}`;

// The low-order points and their other encodings, as the README of github.com/C2SP/CCTV/tree/main/ed25519 lists them.
const LOW_ORDER: [encoding: string, reason: string][] = [
  [ZERO, 'small order'],
  [FIELD, 'not canonical'],
  ['0000000000000000000000000000000000000000000000000000000000000080', 'small order'],
  ['edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', 'not canonical'],
  [ONE, 'small order'],
  ['0100000000000000000000000000000000000000000000000000000000000080', 'negative zero'],
  ['eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', 'not canonical'],
  ['eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', 'not canonical'],
  ['26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', 'small order'],
  ['26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85', 'small order'],
  ['c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', 'small order'],
  ['c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa', 'small order'],
  ['ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', 'small order'],
  ['ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', 'negative zero'],
];

describe('An Ed25519 public key', () => {
  it.each(RFC8032)('of RFC 8032 belongs to the seed %s, and is good', (seed, publicKey) => {
    expect(ed25519PublicBytes(ed25519PrivateKey(bytes(seed))).toString('hex')).toBe(publicKey);
    expect(() => assertGoodPublicKey(bytes(publicKey))).not.toThrow();
  });

  it('that was just generated is good', () => {
    for (let keys = 0; keys < 20; keys++) {
      expect(isGoodPublicKey(ed25519PublicBytes(generateKeyPairSync('ed25519').publicKey))).toBe(true);
    }
  });

  it.each(LOW_ORDER)('is refused as %s: %s', (encoding, reason) => {
    expect(() => assertGoodPublicKey(bytes(encoding))).toThrow(reason);
    expect(() => ed25519PublicKey(bytes(encoding))).toThrow(expect.objectContaining({ fault: 'KEY_DEGENERATE' }));
  });

  it('is refused with a component of small order', () =>
    // The key of vectors 4 to 7 of C2SP/CCTV ed25519, flagged low_order_component_A.
    expect(() =>
      assertGoodPublicKey(bytes('10eb7c3acfb2bed3e0d6ab89bf5a3d6afddd1176ce4812e38d9fd485058fdb1f')),
    ).toThrow('component of small order'));

  it('is refused when it is no point', () => {
    // y = 2: (y² - 1) / (d·y² + 1) is no square.
    expect(() => assertGoodPublicKey(bytes(`02${'00'.repeat(31)}`))).toThrow('no point of the curve');
  });

  it.each(['ff'.repeat(32), `efff${'ff'.repeat(29)}7f`])('is refused as %s, whose y is not below p', (encoding) =>
    expect(() => assertGoodPublicKey(bytes(encoding))).toThrow('not canonical'),
  );

  it('is refused in most of its neighbours', () => {
    const good = bytes(RFC8032[0]![1]);
    const neighbours = Array.from({ length: 16 }, (_, bit) => good.map((byte, at) => (at === 0 ? byte ^ bit : byte)));
    // Half of all y are of a point, and an eighth of those points are of prime order.
    expect(neighbours.filter(isGoodPublicKey).length).toBeLessThan(8);
  });

  it.each([0, 31, 33, 64])('is not %i bytes', (length) => {
    expect(() => assertGoodPublicKey(Buffer.alloc(length))).toThrow(
      expect.objectContaining({ fault: 'KEY_MALFORMED' }),
    );
    expect(isGoodPublicKey(Buffer.alloc(length))).toBe(false);
  });

  it('is not text, nor is a seed', () => {
    for (const text of [RFC8032[0]![1], 'a'.repeat(32)]) {
      expect(() => assertGoodPublicKey(text as never)).toThrow(expect.objectContaining({ fault: 'KEY_MALFORMED' }));
      expect(() => ed25519PrivateKey(text as never)).toThrow(expect.objectContaining({ fault: 'KEY_MALFORMED' }));
    }
  });

  it('is not of another algorithm', () =>
    expect(() => ed25519PublicBytes(generateKeyPairSync('x25519').privateKey)).toThrow('Not an Ed25519 key: x25519'));

  it.each([0, 31, 33])('comes from no seed of %i bytes', (length) =>
    expect(() => ed25519PrivateKey(Buffer.alloc(length))).toThrow('32 bytes'),
  );
});

describe('An Ed25519 signature', () => {
  it.each(RFC8032)('of RFC 8032 by the seed %s is made and verifies', (seed, publicKey, message, signature) => {
    expect(signEd25519(ed25519PrivateKey(bytes(seed)), bytes(message)).toString('hex')).toBe(signature);
    expect(verifyEd25519(ed25519PublicKey(bytes(publicKey)), bytes(message), bytes(signature))).toBe(true);
    expect(verifyEd25519(bytes(publicKey), bytes(message), bytes(signature))).toBe(true);
  });

  it.each(WYCHEPROOF_VALID)('of Wycheproof case %i verifies', (_, message, signature) =>
    expect(verifyEd25519(WYCHEPROOF_KEY, bytes(message), bytes(signature))).toBe(true),
  );

  // Cases 10 to 29: special values of R and S.
  it.each(
    [ZERO, ONE, ORDER, FIELD].flatMap((r) => [ZERO, ONE, ORDER_LESS_ONE, ORDER, FIELD].map((s) => [r, s] as const)),
  )('of R %s and S %s is refused', (r, s) =>
    expect(verifyEd25519(WYCHEPROOF_KEY, bytes('3f'), bytes(r + s))).toBe(false),
  );

  it('is refused with S above the order, though the equation holds', () => {
    const [, publicKey, message, signature] = RFC8032[1]!;
    const s = BigInt(`0x${bytes(signature).subarray(32).reverse().toString('hex')}`);
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const above = bytes((s + order).toString(16).padStart(64, '0')).reverse();
    const malleated = Buffer.concat([bytes(signature).subarray(0, 32), above]);
    expect(verifyEd25519(bytes(publicKey), bytes(message), malleated)).toBe(false);
  });

  it('is refused with any one bit changed, of the signature, the message or the key', () => {
    const [, publicKey, message, signature] = RFC8032[2]!;
    const key = ed25519PublicKey(bytes(publicKey));
    const flip = (data: Buffer, bit: number): Buffer => {
      const copy = Buffer.from(data);
      copy[bit >> 3]! ^= 1 << (bit & 7);
      return copy;
    };
    for (let bit = 0; bit < 512; bit++)
      expect(verifyEd25519(key, bytes(message), flip(bytes(signature), bit))).toBe(false);
    for (let bit = 0; bit < 16; bit++)
      expect(verifyEd25519(key, flip(bytes(message), bit), bytes(signature))).toBe(false);
    for (let bit = 0; bit < 256; bit += 17) {
      expect(verifyEd25519(flip(bytes(publicKey), bit), bytes(message), bytes(signature))).toBe(false);
    }
  });

  it.each([0, 32, 63, 65, 128])('is not %i bytes', (length) => {
    const whole = Buffer.concat([bytes(WYCHEPROOF_VALID[0]![2]), Buffer.alloc(64)]);
    expect(verifyEd25519(ed25519PublicKey(WYCHEPROOF_KEY), bytes(''), whole.subarray(0, length))).toBe(false);
  });

  it.each([null, undefined, 64])('is not %p', (odd) =>
    expect(verifyEd25519(ed25519PublicKey(WYCHEPROOF_KEY), bytes(''), odd as never)).toBe(false),
  );

  it('is not text', () =>
    expect(verifyEd25519(WYCHEPROOF_KEY, bytes(''), WYCHEPROOF_VALID[0]![2] as never)).toBe(false));

  it('that a key of small order “made” for every message is refused', () => {
    // A = R = the neutral point, S = 0: S·B = R + k·A whatever the message.
    expect(verifyEd25519(bytes(ONE), Buffer.from('anything'), bytes(ONE + ZERO))).toBe(false);
  });
});
