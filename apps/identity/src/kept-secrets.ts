import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';

/** What the development provider keeps between starts. */
export type KeptSecrets = {
  /** Private ES256 key that signs the tokens. */
  readonly signingKey: JWK;
  /** The one secret of all clients. */
  readonly clientSecret: string;
};

/**
 * Reads the secrets from the folder; makes them at the first start. Only the owner may read them.
 * @throws Error that names the file which cannot be read and what to do.
 */
export async function keptSecrets(folder: string): Promise<KeptSecrets> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const keyFile = join(folder, 'signing-key.json');
  const key = await keptIn(keyFile, async () => JSON.stringify(await newSigningKey()));
  return {
    signingKey: readSigningKey(key, keyFile),
    clientSecret: await keptIn(join(folder, 'client-secret'), async () => randomBytes(32).toString('base64url')),
  };
}

async function newSigningKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return {
    ...(await exportJWK(privateKey)),
    alg: 'ES256',
    use: 'sig',
    kid: `development-${randomBytes(6).toString('hex')}`,
  };
}

function readSigningKey(text: string, file: string): JWK {
  try {
    const key = JSON.parse(text) as JWK;
    if (key.alg === 'ES256' && key.d && key.kid) return key;
  } catch {
    // Said below, as for a key of another kind.
  }
  throw new Error(`${file} holds no ES256 private key: delete it, and the next start makes a new one.`);
}

async function keptIn(file: string, make: () => Promise<string>): Promise<string> {
  try {
    const kept = (await readFile(file, 'utf8')).trim();
    if (kept !== '') return kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const made = await make();
  // Renamed into place, so that a start that is cut off leaves no half-written secret behind.
  await writeFile(`${file}.new`, `${made}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return made;
}
