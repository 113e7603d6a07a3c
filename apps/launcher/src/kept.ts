import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { ED25519, formatSignerKey } from '@foundation/transparency';
import { StartRefused } from './start-refused.js';

/** How long programs of a launcher that was killed may take to end (milliseconds): longer than they are given. */
const LEFT_BEHIND_PATIENCE_MS = 6_000;

/** Secrets of this installation, made at its first start; they never leave the data folder. */
export type Secrets = {
  readonly sealKey: string;
  readonly readerPassword: string;
  readonly keysPassword: string;
  readonly sessionsPassword: string;
};

/** Ports of the last start, taken again where they are free, so that addresses stay. */
export type Ports = { readonly eventStore?: number; readonly identity?: number; readonly log?: number };

/** What other commands (token, import, demo) need to find the running platform. */
export type Runtime = {
  readonly graphql: string;
  /** The console, where it is built. */
  readonly console?: string;
  readonly issuer: string;
  readonly eventStore: string;
  readonly database: string;
  /** The verifiable log. */
  readonly log: string;
  /** Metrics of each program, where there are any. */
  readonly metrics?: Readonly<Record<string, string>>;
};

/** Who runs on the folder: written at each start of a program, removed when all have been stopped. */
type Running = { readonly launcher: number; readonly programs: Readonly<Record<string, number>> };

/** The data folder of one installation. */
export class DataFolder {
  #lock: DatabaseSync | null = null;
  #programs: Record<string, number> = {};

  constructor(readonly path: string) {}

  /**
   * Makes the folder where it is missing and holds it for this launcher until that ends, however it ends. Resolves when
   * the programs of an earlier launcher, which was killed, have ended.
   * @throws StartRefused when another launcher holds it, or the folder cannot be used
   */
  async hold(onStep: (step: string) => void): Promise<void> {
    this.#lock = this.#locked();
    const earlier = readJson<Running>(this.part('running.json'));
    this.#write();
    const left = Object.values(earlier?.programs ?? {});
    const deadline = Date.now() + LEFT_BEHIND_PATIENCE_MS;
    if (left.some(isAlive)) onStep('waiting for the programs of an earlier run to end, whose launcher was killed');
    // A number may have gone to another process by now, so the wait has an end.
    while (left.some(isAlive) && Date.now() < deadline) await pause(50);
  }

  /** Notes a program as running on the folder. */
  note(name: string, pid: number): void {
    this.#programs[name] = pid;
    this.#write();
  }

  /** To be called when every program has ended. */
  release(): void {
    if (this.#lock === null) return;
    rmSync(this.part('running.json'), { force: true });
    this.#lock.close();
    this.#lock = null;
  }

  /** Node has no file lock of its own. SQLite's is the kernel's: it ends with this process. */
  #locked(): DatabaseSync {
    try {
      mkdirSync(this.path, { recursive: true });
      const lock = new DatabaseSync(this.part('launcher.lock'), { timeout: 0 });
      lock.exec('BEGIN EXCLUSIVE');
      return lock;
    } catch (error) {
      const { message, errcode } = error as Error & { errcode?: number };
      if (errcode !== SQLITE_BUSY)
        throw new StartRefused(
          `The data folder ${this.path} cannot be used: ${message}. Choose another with LODESTONE_DATA.`,
          { cause: error },
        );
      const by = readJson<Running>(this.part('running.json'))?.launcher;
      throw new StartRefused(
        `The data folder ${this.path} is in use by another launcher${by === undefined ? '' : ` (process ${by})`}. Stop that one, or choose another folder: LODESTONE_DATA=other npm start`,
      );
    }
  }

  #write(): void {
    writeWhole(this.part('running.json'), { launcher: process.pid, programs: this.#programs } satisfies Running);
  }

  part(name: string): string {
    return join(this.path, name);
  }

  secrets(): Secrets {
    const file = this.part('secrets.json');
    const password = (): string => randomBytes(24).toString('base64url');
    const made: Secrets = {
      sealKey: randomBytes(32).toString('base64'),
      readerPassword: password(),
      keysPassword: password(),
      sessionsPassword: password(),
      ...readJson<Partial<Secrets>>(file),
    };
    writeWhole(file, made);
    return made;
  }

  /** File of the key that receipts are signed with, made where there is none: whoever has its public side trusts what it signed. */
  receiptKey(): string {
    const file = this.part('receipt.key');
    if (!existsSync(file)) writeText(file, formatSignerKey('lodestone/receipts', ED25519, randomBytes(32)));
    return file;
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
    // Another launcher's announcement is not ours to take back.
    if (this.#lock !== null) rmSync(this.part('runtime.json'), { force: true });
  }
}

/** https://sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const readJson = <T>(file: string): T | null => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Error(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
};

/** The file is there whole or not at all, whenever the process ends. */
const writeWhole = (file: string, content: unknown): void => writeText(file, JSON.stringify(content));

const writeText = (file: string, text: string): void => {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
};
