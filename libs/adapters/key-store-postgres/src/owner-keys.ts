import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const CIPHER = 'aes-256-gcm';
const KEY_LENGTH = 32;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
/** Codes of countries, EU and SECRETARIAT; nothing that could lead out of the folder. */
const OWNER = /^[A-Z]{2,16}$/;

/** The keys of the owners, which wrap the keys of their records. In production, a key management service holds them. */
export abstract class OwnerKeys {
  /** Makes the owner's key where there is none. To be called for an owner that has never had one, and no other. */
  abstract make(owner: string): void;
  /**
   * @param place what the wrapped key is bound to
   * @throws OwnerKeyMissing
   */
  abstract wrap(owner: string, key: Uint8Array, place: string): Promise<Buffer>;
  /** @throws OwnerKeyMissing, and when it was not wrapped so */
  abstract unwrap(owner: string, wrapped: Uint8Array, place: string): Promise<Buffer>;
}

/** The key of an owner is not where it should be. It is never made anew: what it wraps could not be read any more. */
export class OwnerKeyMissing extends Error {
  override readonly name = 'OwnerKeyMissing';
}

/** One file for each owner, made for its first record and readable by this user alone. */
export class OwnerKeyFiles extends OwnerKeys {
  readonly #known = new Map<string, Buffer>();

  constructor(private readonly folder: string) {
    super();
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  wrap(owner: string, key: Uint8Array, place: string): Promise<Buffer> {
    const nonce = randomBytes(NONCE_LENGTH);
    const cipher = createCipheriv(CIPHER, this.#of(owner), nonce).setAAD(Buffer.from(place));
    const text = Buffer.concat([cipher.update(key), cipher.final()]);
    return Promise.resolve(Buffer.concat([nonce, cipher.getAuthTag(), text]));
  }

  unwrap(owner: string, wrapped: Uint8Array, place: string): Promise<Buffer> {
    const bytes = Buffer.from(wrapped);
    const text = bytes.subarray(NONCE_LENGTH + TAG_LENGTH);
    const decipher = createDecipheriv(CIPHER, this.#of(owner), bytes.subarray(0, NONCE_LENGTH), {
      authTagLength: TAG_LENGTH,
    })
      .setAAD(Buffer.from(place))
      .setAuthTag(bytes.subarray(NONCE_LENGTH, NONCE_LENGTH + TAG_LENGTH));
    return Promise.resolve(Buffer.concat([decipher.update(text), decipher.final()]));
  }

  make(owner: string): void {
    const file = this.#fileOf(owner);
    if (read(file) === null) made(file);
  }

  #fileOf(owner: string): string {
    if (!OWNER.test(owner)) throw new Error(`${JSON.stringify(owner)} is not an owner of records`);
    return join(this.folder, `${owner}.key`);
  }

  #of(owner: string): Buffer {
    const known = this.#known.get(owner);
    if (known) return known;
    const file = this.#fileOf(owner);
    const key = read(file);
    if (key === null)
      throw new OwnerKeyMissing(`${file} is missing, and contents are kept under that key: restore it from its backup`);
    if (key.length !== KEY_LENGTH)
      throw new Error(`${file} is not a key of ${KEY_LENGTH} bytes: restore it from its backup`);
    this.#known.set(owner, key);
    return key;
  }
}

const read = (file: string): Buffer | null => {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
};

/** Written whole under another name first: two processes that make it at once end up with one key. */
const made = (file: string): Buffer => {
  const fresh = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(fresh, randomBytes(KEY_LENGTH), { mode: 0o600, flush: true });
  try {
    linkSync(fresh, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(fresh);
  }
  return readFileSync(file);
};
