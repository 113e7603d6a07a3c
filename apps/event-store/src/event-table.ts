import { Refuted } from '@foundation/configuration';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

import { checksumOf, metastreamOf, TOMBSTONE_REVISION, type RecordedEvent } from './event.js';

/** SQLite result codes, https://sqlite.org/rescode.html */
export const SQLITE_ERROR = 1;
export const SQLITE_CORRUPT = 11;
export const SQLITE_NOTADB = 26;

/** Written into the file's header, so that a file of another kind or version is refused. */
const APPLICATION_ID = 0x4c534553;
const FORMAT_VERSION = 1;

const COLUMNS = 'position, stream, revision, id, type, isJson, created, checksum, metadata, data';

/** Position, stream and type of an event: what a filter looks at. */
export interface Heading {
  position: number;
  stream: string;
  type: string;
}

/** The file of events does not hold what was recorded in it. */
export class DamageError extends Refuted {
  constructor(
    /** First position that cannot be trusted, where it is known: `verify` finds it. */
    readonly position: number | undefined,
    readonly reason: string,
  ) {
    super(
      `The event file is damaged at position ${position ?? '(unknown)'}: ${reason}. Restore a backup; nothing is served from a damaged file.`,
    );
  }
}

/** The one table of the store: a row per event, found by position or by stream and revision. */
export class EventTable {
  readonly #insert: StatementSync | undefined;
  readonly #forward: StatementSync;
  readonly #backward: StatementSync;
  readonly #headings: StatementSync;
  readonly #streamForward: StatementSync;
  readonly #streamBackward: StatementSync;
  readonly #lastRevision: StatementSync;
  readonly #head: StatementSync;
  readonly #lastPosition: StatementSync;
  readonly #positionOf: StatementSync;

  /** For {@link openForWriting} and {@link openForReading}. */
  constructor(
    readonly database: DatabaseSync,
    writable: boolean,
  ) {
    const query = (rest: string, columns = COLUMNS) => database.prepare(`SELECT ${columns} FROM events ${rest}`);
    this.#insert = writable
      ? database.prepare(`INSERT INTO events (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
      : undefined;
    this.#forward = query('WHERE position >= ? ORDER BY position LIMIT ?');
    this.#backward = query('WHERE position <= ? ORDER BY position DESC LIMIT ?');
    this.#headings = query('WHERE position >= ? ORDER BY position LIMIT ?', 'position, stream, type');
    this.#streamForward = query('WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?');
    this.#streamBackward = query('WHERE stream = ? AND revision <= ? ORDER BY revision DESC LIMIT ?');
    this.#lastRevision = query('WHERE stream = ? ORDER BY revision DESC LIMIT 1', 'revision');
    this.#head = database.prepare(
      `SELECT (SELECT max(revision) FROM events WHERE stream = ?) AS last,
              EXISTS (SELECT 1 FROM events WHERE stream = ?) AS hasSettings`,
    );
    this.#positionOf = query('INDEXED BY events_of_stream WHERE stream = ? AND revision = ?', 'position');
    this.#lastPosition = query('', 'max(position) AS position');
  }

  /** Opens the file for the one writer, and creates it where it is missing. Every commit is synced to disk. */
  static openForWriting(file: string): EventTable {
    return opened(file, false, prepareForWriting);
  }

  /** Opens the file for reading beside the writer. */
  static openForReading(file: string): EventTable {
    return opened(file, true, (database) => database.exec('PRAGMA cache_size = -16384; PRAGMA query_only = 1'));
  }

  insert(event: RecordedEvent): void {
    this.#insert?.run(
      event.position,
      event.stream,
      event.revision,
      event.id,
      event.type,
      event.isJson ? 1 : 0,
      event.created,
      checksumOf(event),
      event.metadata,
      event.data,
    );
  }

  /** The position of the last event, -1 in an empty file. */
  lastPosition(): number {
    const row = this.#lastPosition.get();
    return typeof row?.['position'] === 'number' ? row['position'] : -1;
  }

  /** The last revision of a stream, -1 where it has no event. */
  lastRevision(stream: string): number {
    const row = this.#lastRevision.get(stream);
    return typeof row?.['revision'] === 'number' ? row['revision'] : -1;
  }

  /** The last revision of a stream, -1 where it has no event, and whether its metastream has one, in one query. */
  head(stream: string): { last: number; hasSettings: boolean } {
    const row = this.#head.get(stream, metastreamOf(stream));
    const last = row?.['last'];
    return { last: typeof last === 'number' ? last : -1, hasSettings: row?.['hasSettings'] === 1 };
  }

  /** The position the index of streams gives for a revision, undefined for none. */
  positionOf(stream: string, revision: number): number | undefined {
    const row = this.#positionOf.get(stream, revision);
    return typeof row?.['position'] === 'number' ? row['position'] : undefined;
  }

  /** How many entries the index of streams has. */
  indexEntries(): number {
    const row = this.database.prepare('SELECT count(*) AS entries FROM events INDEXED BY events_of_stream').get();
    return Number(row?.['entries']);
  }

  // The reads below return fewer events than asked for where these are large; only an empty answer means the end.

  /** Up to `limit` events from `position` on, in order. */
  forward(position: number, limit: number): RecordedEvent[] {
    const events = recorded(this.#forward, position, position, limit);
    events.forEach((event, index) => requireNext(event.position, position + index, event.position));
    return events;
  }

  /** Up to `limit` events from `position` back, in reverse order. */
  backward(position: number, limit: number): RecordedEvent[] {
    const events = recorded(this.#backward, undefined, position, limit);
    const first = events[0]?.position ?? 0;
    events.forEach((event, index) => requireNext(event.position, first - index, event.position));
    return events;
  }

  /** What a filter looks at, without the bodies. */
  headings(position: number, limit: number): Heading[] {
    return this.#headings.all(position, limit) as unknown as Heading[];
  }

  /** Up to `limit` events of a stream from `revision` on, in order. */
  streamForward(stream: string, revision: number, limit: number): RecordedEvent[] {
    const events = recorded(this.#streamForward, undefined, stream, revision, limit);
    events.forEach((event, index) => {
      if (event.revision !== TOMBSTONE_REVISION) requireNext(event.revision, revision + index, event.position);
    });
    return events;
  }

  /** Up to `limit` events of a stream from `revision` back, in reverse order. */
  streamBackward(stream: string, revision: number, limit: number): RecordedEvent[] {
    const events = recorded(this.#streamBackward, undefined, stream, revision, limit);
    const first = events[0]?.revision ?? 0;
    events.forEach((event, index) => requireNext(event.revision, first - index, event.position));
    return events;
  }

  close(): void {
    this.database.close();
  }
}

function prepareForWriting(database: DatabaseSync): void {
  database.exec('PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  // Checkpoints of 32 MiB: fewer syncs of the main file between commits, still a short recovery.
  database.exec(
    'PRAGMA wal_autocheckpoint = 4096; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY',
  );
  if (pragma(database, 'application_id') === 0 && pragma(database, 'schema_version') === 0) {
    database.exec(`
        BEGIN;
        CREATE TABLE events (
          position INTEGER PRIMARY KEY,
          stream   TEXT    NOT NULL,
          revision INTEGER NOT NULL,
          id       TEXT    NOT NULL,
          type     TEXT    NOT NULL,
          isJson   INTEGER NOT NULL,
          created  INTEGER NOT NULL,
          checksum INTEGER NOT NULL,
          metadata BLOB    NOT NULL,
          data     BLOB    NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX events_of_stream ON events (stream, revision);
        PRAGMA application_id = ${APPLICATION_ID};
        PRAGMA user_version = ${FORMAT_VERSION};
        COMMIT;`);
  }
}

/** @throws DamageError when the file is no event file of this version. */
function opened(file: string, readOnly: boolean, prepare: (database: DatabaseSync) => void): EventTable {
  const database = new DatabaseSync(file, { readOnly, timeout: 10_000 });
  try {
    prepare(database);
    const kind = pragma(database, 'application_id');
    const version = pragma(database, 'user_version');
    if (kind !== APPLICATION_ID || version !== FORMAT_VERSION) {
      throw new DamageError(
        0,
        `${file} is no event file of version ${FORMAT_VERSION} (kind ${kind}, version ${version})`,
      );
    }
    return new EventTable(database, !readOnly);
  } catch (error) {
    database.close();
    // A statement that does not fit the file: its table or its index of streams is gone, or has other columns.
    const isOtherwise = (error as { errcode?: number }).errcode === SQLITE_ERROR;
    throw isOtherwise ? new DamageError(0, (error as Error).message) : asDamage(error, 0);
  }
}

/** Bytes of events after which one query ends early: the next slice goes on from there. */
const SLICE_BYTES = 512 * 1024;

/** @param first position of the first event, where it is known. */
function recorded(
  statement: StatementSync,
  first: number | undefined,
  ...parameters: SQLInputValue[]
): RecordedEvent[] {
  const events: RecordedEvent[] = [];
  let bytes = 0;
  try {
    for (const row of statement.iterate(...parameters)) {
      const checksum = row['checksum'];
      row['isJson'] = (row['isJson'] === 1) as never;
      const event = row as unknown as RecordedEvent;
      if (checksumOf(event) !== checksum) throw new DamageError(event.position, 'its checksum does not match');
      events.push(event);
      bytes += event.data.length + event.metadata.length;
      if (bytes >= SLICE_BYTES) break;
    }
  } catch (error) {
    throw asDamage(error, first === undefined ? undefined : first + events.length);
  }
  return events;
}

/** A page that SQLite cannot read, or a value of a kind that was never written, is damage like a wrong checksum. */
export function asDamage(error: unknown, position: number | undefined): unknown {
  if (error instanceof DamageError) return error;
  const code = (error as { errcode?: number }).errcode;
  const message = error instanceof Error ? error.message : String(error);
  return code === undefined || [SQLITE_CORRUPT, SQLITE_NOTADB].includes(code & 0xff)
    ? new DamageError(position, message)
    : error;
}

function requireNext(found: number, wanted: number, position: number): void {
  if (found !== wanted) throw new DamageError(position, `number ${wanted} should stand here, ${found} does`);
}

/** The value of a PRAGMA that answers with one number. */
function pragma(database: DatabaseSync, name: string): number {
  return Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? { none: 0 })[0]);
}
