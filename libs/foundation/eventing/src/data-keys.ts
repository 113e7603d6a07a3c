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

/** A key that is kept does not open with its owner's: it was changed, or put in the place of another. */
export class DataKeyUnusable extends Error {
  override readonly name = 'DataKeyUnusable';
}

/** The key of an owner is missing here, or is not the one that the owner's keys were wrapped with. Nothing was recorded. */
export class OwnerKeyUnfit extends Error {
  override readonly name = 'OwnerKeyUnfit';
}

/**
 * The keys of the contents, kept apart from the history and from its backups: one for each record, wrapped by a key of
 * its owner. Destroying a key makes the content unreadable wherever a copy of it lies.
 */
export abstract class DataKeys {
  /**
   * A key that nothing was sealed with yet; it is on disk when this returns.
   * @param owner whose key wraps it
   * @throws DataKeysUnavailable, OwnerKeyUnfit
   */
  abstract fresh(owner: string): Promise<DataKey>;
  /**
   * The key with this id; null where it was destroyed or never was.
   * @throws DataKeysUnavailable, DataKeyUnusable, OwnerKeyUnfit
   */
  abstract find(id: string): Promise<DataKey | null>;
  /**
   * Destroys a key for ever; nothing happens where there is none.
   * @throws DataKeysUnavailable
   */
  abstract destroy(id: string): Promise<void>;
}
