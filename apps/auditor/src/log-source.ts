import { CannotDo, WrongUsage } from '@foundation/configuration';
import { ALARM_FILE, LogStore, readIfThere, tilesOf } from '@adapters/transparency-log-sqlite';
import {
  CHECKPOINT_PATH,
  decodeEntryBundle,
  entryBundlePath,
  fromBase64,
  type Hash,
  HASH_LENGTH,
  isHash,
  TILE_WIDTH,
  type TileId,
  tilePath,
} from '@foundation/transparency';
import { dirname, join } from 'node:path';
import { secretOf } from './command.js';

/** Where an export gets the log from. Nothing of it is believed: the bundle is verified by whoever opens it. */
export interface LogSource {
  /** Signed, with cosignatures. */
  checkpoint(): Promise<string>;
  tile(tile: TileId): Promise<Uint8Array> | Uint8Array;
  /** Leaves of a chunk, as many as the width says. */
  leaves(chunk: number, width: number): Promise<readonly string[]>;
  /** Why the log is not continued; null while it is. */
  alarm(): Promise<string | null>;
  close(): void;
}

/** @throws WrongUsage unless one of the two is given */
export const sourceOf = (
  log: string | undefined,
  secretFile: string | undefined,
  data: string | undefined,
): LogSource => {
  if ((log === undefined) === (data === undefined)) throw new WrongUsage('Give --log or --data, one of the two.');
  return log === undefined ? new LogFile(join(data!, 'log.db')) : new HttpLog(log, secretOf(secretFile));
};

/** Says so where the log is in alarm. @returns whether it is */
export const alarmTold = async (source: LogSource): Promise<boolean> => {
  const alarm = await source.alarm();
  if (alarm !== null) console.error(`THE LOG IS IN ALARM, and nothing is added to it: ${alarm}`);
  return alarm !== null;
};

/** The database of a log on this machine. */
export class LogFile implements LogSource {
  readonly #store: LogStore;
  readonly tile: (tile: TileId) => Uint8Array;

  /** @throws CannotDo where there is no log */
  constructor(private readonly file: string) {
    this.#store = readLog(file);
    this.tile = tilesOf(this.#store);
  }

  checkpoint(): Promise<string> {
    const note = this.#store.checkpoint;
    return note === null
      ? Promise.reject(new CannotDo('No checkpoint of the log was published yet: try again after the next one.'))
      : Promise.resolve(note);
  }

  leaves(chunk: number, width: number): Promise<string[]> {
    const first = chunk * TILE_WIDTH;
    return Promise.resolve(this.#store.leaves(first, first + width).map(({ text }) => text));
  }

  alarm(): Promise<string | null> {
    return Promise.resolve(readIfThere(join(dirname(this.file), ALARM_FILE))?.trim() ?? null);
  }

  close(): void {
    this.#store.close();
  }
}

const readLog = (file: string): LogStore => {
  try {
    const store = LogStore.read(file);
    // A database of another kind opens, and is found out by the first question.
    if (store.size >= 0) return store;
  } catch (cause) {
    throw new CannotDo(`${file} cannot be read as the database of a log`, { cause });
  }
  throw new CannotDo(`${file} holds no log.`);
};

const PATIENCE_MS = 10_000;
/** 256 entries of 65,535 bytes at most, and their lengths. */
const LONGEST_ANSWER = TILE_WIDTH * 65_537;

/** The log did not answer, or not with what was asked for. */
export class LogAnswered extends CannotDo {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** A log over HTTP. */
export class HttpLog implements LogSource {
  readonly #url: string;

  /**
   * @param secret bearer token; the leaves need the auditors'
   * @throws WrongUsage where the URL is none
   */
  constructor(
    url: string,
    private readonly secret: string | null,
  ) {
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
      throw new WrongUsage(`--log is "${url}", which is not an address such as http://127.0.0.1:4005.`);
    this.#url = url.replace(/\/+$/, '');
  }

  async checkpoint(): Promise<string> {
    return await this.text(CHECKPOINT_PATH);
  }

  /** What is to be cosigned: the newest that was signed. Logs other than Lodestone's have only what they publish. */
  async pending(): Promise<string> {
    try {
      return await this.text('pending');
    } catch (error) {
      if (error instanceof LogAnswered && error.status === 404) return await this.checkpoint();
      throw error;
    }
  }

  async tile(tile: TileId): Promise<Uint8Array> {
    const bytes = await this.#get(tilePath(tile));
    if (bytes.length < tile.width * HASH_LENGTH) throw new CannotDo(`${this.#url} answered a tile that is too short.`);
    return bytes;
  }

  async leaves(chunk: number, width: number): Promise<string[]> {
    const bytes = await this.#get(entryBundlePath({ index: chunk, width }));
    return decodeEntryBundle(bytes, width).map((entry) => Buffer.from(entry).toString('utf8'));
  }

  async alarm(): Promise<string | null> {
    try {
      await this.text('health');
      return null;
    } catch (error) {
      // Logs other than Lodestone's have no such page.
      if (!(error instanceof LogAnswered)) throw error;
      return error.status === 503 ? error.message : null;
    }
  }

  async consistency(from: number, to: number): Promise<Hash[]> {
    if (from === 0 || from === to) return [];
    const lines = (await this.text(`consistency?from=${from}&to=${to}`)).split('\n').filter((line) => line !== '');
    const hashes = lines.map((line) => fromBase64(line));
    if (!hashes.every(isHash)) throw new CannotDo(`${this.#url} answered a proof that is none.`);
    return hashes as Hash[];
  }

  async text(path: string): Promise<string> {
    return (await this.#get(path)).toString('utf8');
  }

  /** Brings cosignatures to the log. */
  async submit(note: string): Promise<void> {
    await this.#request('cosignatures', { method: 'POST', body: note });
  }

  close(): void {
    // Nothing is kept open.
  }

  async #get(path: string): Promise<Buffer> {
    return await this.#request(path, {});
  }

  async #request(path: string, how: RequestInit): Promise<Buffer> {
    const where = `${this.#url}/${path}`;
    let response: Response;
    try {
      response = await fetch(where, {
        ...how,
        redirect: 'error',
        headers: this.secret === null ? {} : { authorization: `Bearer ${this.secret}` },
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
    } catch (error) {
      const { cause, message } = error as Error;
      throw new CannotDo(`${where} does not answer: ${cause instanceof Error ? cause.message : message}`);
    }
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of response.body ?? []) {
      length += part.length;
      if (length > LONGEST_ANSWER) throw new CannotDo(`${where} answers more than ${LONGEST_ANSWER} bytes.`);
      parts.push(part);
    }
    const bytes = Buffer.concat(parts);
    if (response.ok) return bytes;
    throw new LogAnswered(
      response.status,
      `${where} answered ${response.status}: ${bytes.toString('utf8', 0, 300).trim()}`,
    );
  }
}
