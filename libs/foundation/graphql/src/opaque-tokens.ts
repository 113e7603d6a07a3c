import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

const BLOCK = 32;

/** A token that this platform did not make, or made for another purpose. */
export class BadToken extends Error {
  override readonly name = 'BadToken';
}

/**
 * Turns what a client carries for us (places in lists, positions in the history) into tokens that it can neither read
 * nor change. The same content gives the same token, so that equal answers are equal byte for byte: AES-256-GCM with
 * the nonce derived from the content.
 */
export class OpaqueTokens {
  #keys: readonly [Key, ...Key[]];

  /** @param keys of 32 bytes each, the same on every node: the first closes, all open */
  constructor(...keys: readonly Buffer[]) {
    this.#keys = derived(keys);
  }

  /** Other keys from now on: a new one, first as the second on every node, then as the first, then alone. */
  renew(keys: readonly Buffer[]): void {
    this.#keys = derived(keys);
  }

  close(purpose: string, content: readonly (string | number | null)[]): string {
    const text = JSON.stringify(content);
    // Filled up, so that the length of a token does not tell the size of a number in it.
    const plain = Buffer.from(text.padEnd(Math.ceil(text.length / BLOCK) * BLOCK));
    const [{ encryption, derivation }] = this.#keys;
    const nonce = createHmac('sha256', derivation).update(`${purpose}\0`).update(plain).digest().subarray(0, 12);
    const cipher = createCipheriv('aes-256-gcm', encryption, nonce).setAAD(Buffer.from(purpose));
    return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64url');
  }

  /** @throws BadToken */
  open(purpose: string, token: string): (string | number | null)[] {
    const bytes = Buffer.from(token, 'base64url');
    if (bytes.length < 28 || bytes.toString('base64url') !== token) throw new BadToken();
    for (const { encryption } of this.#keys) {
      const decipher = createDecipheriv('aes-256-gcm', encryption, bytes.subarray(0, 12))
        .setAAD(Buffer.from(purpose))
        .setAuthTag(bytes.subarray(-16));
      try {
        const plain = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
        return JSON.parse(plain.toString()) as (string | number | null)[];
      } catch {
        // Perhaps by the other key.
      }
    }
    throw new BadToken();
  }
}

/** A key for each of the two purposes, from one. */
type Key = { readonly encryption: KeyObject; readonly derivation: KeyObject };

const derived = (keys: readonly Buffer[]): readonly [Key, ...Key[]] => {
  const [first, ...others] = keys.map((key): Key => {
    if (key.length !== 32) throw new Error(`the sealing key has ${key.length} bytes instead of 32`);
    const part = (name: string): KeyObject =>
      createSecretKey(Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), name, 32)));
    return { encryption: part('lodestone seal encryption'), derivation: part('lodestone seal nonce') };
  });
  if (first === undefined) throw new Error('there is no sealing key');
  return [first, ...others];
};
