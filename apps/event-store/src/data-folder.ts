import { CannotDo } from '@foundation/configuration';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';

/** An error that ends the process with a message for the operator and no stack. */
export class OperatorError extends CannotDo {}

/** The file of events in a data folder. */
export function eventFileOf(folder: string): string {
  return join(folder, 'events.db');
}

/**
 * Makes the folder where it is missing and holds it until the process ends, however it ends.
 *
 * The hold is the operating system's lock on a file, taken through SQLite: a killed process leaves none behind.
 * @throws OperatorError when another process holds the folder.
 */
export function holdFolder(folder: string): { release(): void } {
  mkdirSync(folder, { recursive: true });
  const holder = join(folder, 'server.pid');
  const lock = new DatabaseSync(join(folder, 'server.lock'), { timeout: 0 });
  try {
    lock.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    const pid = existsSync(holder) ? readFileSync(holder, 'utf8').trim() : 'unknown';
    throw new OperatorError(
      `The data folder ${folder} is in use by another event store (process ${pid}). Stop that process or name another folder with --data. (${String(error)})`,
    );
  }
  writeFileSync(holder, `${process.pid}\n`);
  return { release: () => lock.close() };
}

/**
 * The last acknowledged position, kept beside the event file.
 *
 * SQLite drops the end of a write-ahead log that it cannot read, without a word. This mark is written after each
 * commit, before it is acknowledged, so a start finds out that something is missing. It is not synced: after a power
 * cut it may be behind, never ahead.
 */
export class AcknowledgedMark {
  readonly #file: number;
  readonly #bytes = Buffer.alloc(16);

  private constructor(file: number) {
    this.#file = file;
  }

  static open(folder: string): AcknowledgedMark {
    const path = join(folder, 'acknowledged');
    return new AcknowledgedMark(openSync(path, existsSync(path) ? 'r+' : 'w+', 0o600));
  }

  /** What the mark of a folder says, without making one. */
  static in(folder: string): number | undefined {
    if (!existsSync(join(folder, 'acknowledged'))) return undefined;
    const mark = AcknowledgedMark.open(folder);
    try {
      return mark.read();
    } finally {
      mark.close();
    }
  }

  /** The position written last, or undefined when there is none that can be read. */
  read(): number | undefined {
    if (readSync(this.#file, this.#bytes, 0, 16, 0) < 16) return undefined;
    if (this.#bytes.readUInt32BE(8) !== crc32(this.#bytes.subarray(0, 8))) return undefined;
    return Number(this.#bytes.readBigUInt64BE(0));
  }

  write(position: number): void {
    this.#bytes.writeBigUInt64BE(BigInt(position), 0);
    this.#bytes.writeUInt32BE(crc32(this.#bytes.subarray(0, 8)), 8);
    writeSync(this.#file, this.#bytes, 0, 16, 0);
  }

  close(): void {
    closeSync(this.#file);
  }
}
