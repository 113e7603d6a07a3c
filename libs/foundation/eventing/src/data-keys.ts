/** The key under which the content of one record is sealed. */
export type DataKey = {
  /** Opaque id (UUID) that stands beside what is sealed. */
  readonly id: string;
  /** 32 bytes for AES-256. */
  readonly key: Uint8Array;
};

/** The keys could not be asked. Nothing was made or destroyed, or it is not known; doing it again is safe. */
export class DataKeysUnavailable extends Error {
  override readonly name = 'DataKeysUnavailable';
}

/**
 * The keys of the contents, kept apart from the history and from its backups: one for each record, wrapped by a key of
 * its owner. Destroying a key makes the content unreadable wherever a copy of it lies.
 */
export abstract class DataKeys {
  /**
   * The key of a record, made where there is none; it is on disk when this returns.
   * @param stream name of the record's stream
   * @param owner whose key wraps it; asked only where it is made
   * @returns null where it was destroyed: nothing more can be said in this record
   * @throws DataKeysUnavailable
   */
  abstract of(stream: string, owner: string): Promise<DataKey | null>;
  /**
   * The key with this id; null where it was destroyed or never was.
   * @throws DataKeysUnavailable
   */
  abstract find(id: string): Promise<DataKey | null>;
  /**
   * Destroys the key of a record for ever; nothing happens where there is none.
   * @throws DataKeysUnavailable
   */
  abstract destroy(stream: string): Promise<void>;
}
