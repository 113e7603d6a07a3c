import { type Hash, HASH_LENGTH, type Tile, TILE_WIDTH, type TileId } from '@foundation/transparency';
import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite';

/** A leaf that is to be appended. */
export type NewLeaf = {
  /** UUID of the event. */
  readonly eventId: string;
  /** Commit position of the event in the history. */
  readonly position: bigint;
  /** The leaf, as it is hashed in UTF-8. */
  readonly text: string;
  readonly hash: Hash;
};

export type StoredLeaf = { readonly index: number; readonly text: string };

/** A log that cannot be used as it lies there. */
export class LogDamaged extends Error {
  override readonly name = 'LogDamaged';
}

/** In the log's folder, as long as the log is in alarm: why nothing is signed. */
export const ALARM_FILE = 'alarm';

const LAYOUT = 1;
const SCHEMA = `
  CREATE TABLE log (
    id INTEGER PRIMARY KEY CHECK (id = 1), layout INTEGER NOT NULL, origin TEXT NOT NULL,
    size INTEGER NOT NULL, position INTEGER, checkpoint TEXT
  ) STRICT;
  CREATE TABLE leaf (
    idx INTEGER PRIMARY KEY, event BLOB NOT NULL UNIQUE, hash_head INTEGER NOT NULL, text TEXT NOT NULL
  ) STRICT;
  CREATE INDEX leaf_by_hash ON leaf (hash_head);
  CREATE TABLE tile (level INTEGER, idx INTEGER, bytes BLOB NOT NULL, PRIMARY KEY (level, idx)) STRICT, WITHOUT ROWID;
`;

/**
 * The leaves and the hash tiles of one log, in one SQLite file. Leaves are only ever added, together with their tiles
 * and the position in the history up to which they go: all of it or nothing.
 */
export class LogStore {
  readonly #statements = new Map<string, StatementSync>();

  private constructor(private readonly database: DatabaseSync) {}

  /**
   * Opens the log to write, makes it where it is missing.
   *
   * @throws LogDamaged where the file is another log's, or laid out otherwise
   */
  static open(file: string, origin: string): LogStore {
    const database = new DatabaseSync(file, { timeout: 5_000 });
    // Full: a commit is on disk before a checkpoint over it is signed.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    const { user_version: made } = database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (made === 0) {
      database.exec(`BEGIN; ${SCHEMA}`);
      database.prepare('INSERT INTO log VALUES (1, ?, ?, 0, NULL, NULL)').run(LAYOUT, origin);
      database.exec(`PRAGMA user_version = ${LAYOUT}; COMMIT`);
    }
    const store = new LogStore(database);
    if (store.origin !== origin) {
      database.close();
      throw new LogDamaged(`${file} is the log ${store.origin}, and not ${origin}.`);
    }
    return store;
  }

  /** Opens a log to read, whether a sequencer writes it or not. */
  static read(file: string): LogStore {
    return new LogStore(new DatabaseSync(file, { readOnly: true, timeout: 5_000 }));
  }

  get origin(): string {
    return this.#log().origin;
  }

  /** Leaves. */
  get size(): number {
    return this.#log().size;
  }

  /** Of the last event that has a leaf; null before the first. */
  get position(): bigint | null {
    const row = this.#statement('SELECT CAST(position AS TEXT) AS position FROM log').get()!;
    return row['position'] === null ? null : BigInt(row['position'] as string);
  }

  /** The checkpoint that was published last, with its cosignatures. */
  get checkpoint(): string | null {
    return this.#log().checkpoint;
  }

  keepCheckpoint(note: string): void {
    this.#statement('UPDATE log SET checkpoint = ?').run(note);
  }

  /**
   * Appends leaves and replaces their tiles.
   *
   * @param position up to which the history has been looked at
   */
  append(leaves: readonly NewLeaf[], tiles: readonly Tile[], position: bigint): void {
    let { size } = this.#log();
    this.database.exec('BEGIN IMMEDIATE');
    try {
      const leaf = this.#statement('INSERT INTO leaf VALUES (?, ?, ?, ?)');
      for (const { eventId, text, hash } of leaves) leaf.run(size++, uuidBytes(eventId), headOf(hash), text);
      const tile = this.#statement('INSERT OR REPLACE INTO tile VALUES (?, ?, ?)');
      for (const { level, index, bytes } of tiles) tile.run(level, index, bytes);
      this.#statement('UPDATE log SET size = ?, position = ?').run(size, position);
      this.database.exec('COMMIT');
    } catch (error) {
      this.database.exec('ROLLBACK');
      throw error;
    }
  }

  /** The leaf of an event, or undefined. */
  ofEvent(eventId: string): StoredLeaf | undefined {
    const row = this.#statement('SELECT idx, text FROM leaf WHERE event = ?').get(uuidBytes(eventId));
    return row && leafIn(row);
  }

  /** Index of the leaf with this hash, or undefined. */
  ofHash(hash: Hash): number | undefined {
    for (const { idx } of this.#statement('SELECT idx FROM leaf WHERE hash_head = ?').all(headOf(hash))) {
      const index = Number(idx);
      const tile = this.tile({ level: 0, index: Math.floor(index / TILE_WIDTH) });
      const at = (index % TILE_WIDTH) * HASH_LENGTH;
      if (tile && Buffer.from(hash).equals(tile.subarray(at, at + HASH_LENGTH))) return index;
    }
    return undefined;
  }

  /** Leaves from one index to before another, in order. */
  leaves(from: number, to: number): StoredLeaf[] {
    return this.#statement('SELECT idx, text FROM leaf WHERE idx >= ? AND idx < ? ORDER BY idx')
      .all(from, to)
      .map(leafIn);
  }

  /** All hashes that the tile has so far; undefined where it has none. */
  tile({ level, index }: Pick<TileId, 'level' | 'index'>): Uint8Array | undefined {
    return this.#statement('SELECT bytes FROM tile WHERE level = ? AND idx = ?').get(level, index)?.['bytes'] as
      Uint8Array | undefined;
  }

  close(): void {
    this.#statements.clear();
    this.database.close();
  }

  #log(): { origin: string; size: number; checkpoint: string | null } {
    return this.#statement('SELECT origin, size, checkpoint FROM log').get() as never;
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = this.database.prepare(sql)));
    return statement;
  }
}

/**
 * Reads the tiles of a log, as `nodesFromTiles` and `TileTree.resume` want them.
 *
 * @throws LogDamaged where a tile is missing
 */
export const tilesOf =
  (store: LogStore) =>
  (tile: TileId): Uint8Array => {
    const bytes = store.tile(tile);
    if (bytes === undefined) throw new LogDamaged(`The log lacks tile ${tile.index} of level ${tile.level}.`);
    return bytes;
  };

const leafIn = (row: Record<string, SQLOutputValue>): StoredLeaf => ({
  index: Number(row['idx']),
  text: row['text'] as string,
});

const uuidBytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');

/** The first eight bytes: short enough for a small index, and all but unique. */
const headOf = (hash: Hash): bigint => Buffer.from(hash).readBigInt64BE();
