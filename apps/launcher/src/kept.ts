import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Secrets of this installation, made at its first start; they never leave the data folder. */
export type Secrets = { readonly sealKey: string; readonly readerPassword: string };

/** Ports of the last start, taken again where they are free, so that addresses stay. */
export type Ports = { readonly eventStore?: number; readonly identity?: number };

/** What other commands (token, import, demo) need to find the running platform. */
export type Runtime = { readonly graphql: string; readonly issuer: string; readonly eventStore: string; readonly database: string };

/** The data folder of one installation. */
export class DataFolder {
  constructor(readonly path: string) {
    mkdirSync(path, { recursive: true });
  }

  part(name: string): string {
    return join(this.path, name);
  }

  secrets(): Secrets {
    const file = this.part('secrets.json');
    const known = readJson<Secrets>(file);
    if (known) return known;
    const made = { sealKey: randomBytes(32).toString('base64'), readerPassword: randomBytes(24).toString('base64url') };
    writeWhole(file, made);
    return made;
  }

  ports(): Ports {
    return readJson<Ports>(this.part('ports.json')) ?? {};
  }

  keepPorts(ports: Ports): void {
    writeWhole(this.part('ports.json'), ports);
  }

  announce(runtime: Runtime): void {
    writeWhole(this.part('runtime.json'), runtime);
  }

  withdraw(): void {
    rmSync(this.part('runtime.json'), { force: true });
  }
}

const readJson = <T>(file: string): T | null => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Error(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
};

/** The file is there whole or not at all, whenever the process ends. */
const writeWhole = (file: string, content: unknown): void => {
  writeFileSync(`${file}.new`, JSON.stringify(content), { mode: 0o600 });
  renameSync(`${file}.new`, file);
};
