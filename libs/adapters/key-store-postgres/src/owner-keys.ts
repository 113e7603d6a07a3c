import { OwnerKeyUnfit } from '@foundation/eventing';
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const CIPHER = 'aes-256-gcm';
const KEY_LENGTH = 32;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
/** Codes of countries, EU and SECRETARIAT; nothing that could lead out of the folder. */
const OWNER = /^[A-Z]{2,16}$/;
/** What a check value is derived for (RFC 5869, 3.2): no other use of the key gives the same. */
const CHECK = 'lodestone check value of an owner key, version 1';

/** The keys of the owners, which wrap the keys of their records. In production, a key management service holds them. */
export abstract class OwnerKeys {
  /** Makes the key of an owner; one that is there stays. */
  abstract make(owner: string): Promise<void>;
  /**
   * What only this key gives, and what tells nothing of it. Asked anew each time, and what is wrapped next is wrapped by it.
   * @throws OwnerKeyUnfit where there is no key
   */
  abstract checkValue(owner: string): Promise<Buffer>;
  /**
   * @param place what the wrapped key is bound to
   * @throws OwnerKeyUnfit where there is no key: none is made
   */
  abstract wrap(owner: string, key: Uint8Array, place: string): Promise<Buffer>;
  /**
   * @throws OwnerKeyUnfit where there is no key: none is made
   * @throws when it was not wrapped so
   */
  abstract unwrap(owner: string, wrapped: Uint8Array, place: string): Promise<Buffer>;
}

/** One file for each owner, readable by this user alone. A file that is put back is used from then on. */
export class OwnerKeyFiles extends OwnerKeys {
  readonly #known = new Map<string, Buffer>();

  constructor(private readonly folder: string) {
    super();
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  async make(owner: string): Promise<void> {
    made(this.#fileOf(owner));
  }

  async checkValue(owner: string): Promise<Buffer> {
    return Buffer.from(hkdfSync('sha256', this.#read(owner), '', `${CHECK} ${owner}`, KEY_LENGTH));
  }

  async wrap(owner: string, key: Uint8Array, place: string): Promise<Buffer> {
    const nonce = randomBytes(NONCE_LENGTH);
    const cipher = createCipheriv(CIPHER, this.#of(owner), nonce).setAAD(Buffer.from(place));
    const text = Buffer.concat([cipher.update(key), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), text]);
  }

  async unwrap(owner: string, wrapped: Uint8Array, place: string): Promise<Buffer> {
    const used = this.#of(owner);
    try {
      return unwrapped(used, wrapped, place);
    } catch (error) {
      const now = this.#read(owner);
      if (now.equals(used)) throw error;
      return unwrapped(now, wrapped, place);
    }
  }

  #of(owner: string): Buffer {
    return this.#known.get(owner) ?? this.#read(owner);
  }

  #read(owner: string): Buffer {
    const file = this.#fileOf(owner);
    const key = contentOf(file);
    if (key === null) throw new OwnerKeyUnfit(`${file} is missing`);
    if (key.length !== KEY_LENGTH) throw new OwnerKeyUnfit(`${file} is not a key of ${KEY_LENGTH} bytes`);
    this.#known.set(owner, key);
    return key;
  }

  #fileOf(owner: string): string {
    if (!OWNER.test(owner)) throw new OwnerKeyUnfit(`${JSON.stringify(owner)} is not an owner of records`);
    return join(this.folder, `${owner}.key`);
  }
}

const unwrapped = (key: Buffer, wrapped: Uint8Array, place: string): Buffer => {
  const bytes = Buffer.from(wrapped);
  const text = bytes.subarray(NONCE_LENGTH + TAG_LENGTH);
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_LENGTH), { authTagLength: TAG_LENGTH })
    .setAAD(Buffer.from(place))
    .setAuthTag(bytes.subarray(NONCE_LENGTH, NONCE_LENGTH + TAG_LENGTH));
  return Buffer.concat([decipher.update(text), decipher.final()]);
};

const contentOf = (file: string): Buffer | null => {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
};

/** Written whole under another name first: two processes that make it at once end up with one key. */
const made = (file: string): void => {
  const fresh = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(fresh, randomBytes(KEY_LENGTH), { mode: 0o600, flush: true });
  try {
    linkSync(fresh, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(fresh);
  }
};
