import { OwnerKeyFiles, PostgresDataKeys } from '@adapters/key-store-postgres';
import { capabilities } from '@compositions/capabilities';
import { CannotDo, databaseUrl, eventStoreUrl, folder, readSettings } from '@foundation/configuration';
import {
  type DataKeys,
  DataKeysUnavailable,
  type EventStore,
  kindsOf,
  EncryptedEventStore,
  type Unreadable,
} from '@foundation/eventing';
import { existsSync } from 'node:fs';
import { openHistory } from './history.js';

export { capabilities };

/** Environment of the commands that replay: whoever has these may read all that they say. */
const settings = {
  /** The history. */
  EVENT_STORE_URL: { parse: eventStoreUrl },
  /** The keys of the contents; left out, contents are withheld. */
  KEYS_DATABASE_URL: { parse: databaseUrl, otherwise: () => null },
  /** Folder with the keys of the owners, which wrap those of their contents. */
  OWNER_KEYS_FOLDER: { parse: folder, otherwise: () => null },
};

/** The history, with its contents as far as there are keys. */
export type Sources = AsyncDisposable & {
  readonly events: EventStore;
  /** The streams of which somebody hid events from readers. */
  readonly hidden: () => Promise<readonly string[]>;
  readonly hasKeys: boolean;
  /** What was met so far and is not what was recorded; each was told on the way. */
  readonly altered: ReadonlySet<string>;
};

/**
 * @param said how the history's address was given
 * @throws WrongConfiguration, WrongUsage
 */
export const openSources = (
  environment: Readonly<Record<string, string | undefined>>,
  said = 'EVENT_STORE_URL',
): Sources => {
  const { EVENT_STORE_URL, KEYS_DATABASE_URL, OWNER_KEYS_FOLDER } = readSettings(settings, environment);
  const stored = openHistory(said, EVENT_STORE_URL);
  if (OWNER_KEYS_FOLDER !== null && !existsSync(OWNER_KEYS_FOLDER))
    throw new CannotDo(`There is no folder ${OWNER_KEYS_FOLDER}, which OWNER_KEYS_FOLDER names.`);
  const held =
    KEYS_DATABASE_URL && OWNER_KEYS_FOLDER
      ? new PostgresDataKeys(KEYS_DATABASE_URL, new OwnerKeyFiles(OWNER_KEYS_FOLDER))
      : null;
  const altered = new Set<string>();
  const kinds = kindsOf(capabilities);
  const told = new Set<string>();
  const note = ({ id, stream, category, revision, unreadable, problem }: Unreadable): void => {
    const event = `${stream} ${revision}`;
    const isAltered = unreadable === 'UNOPENED' || kinds.isRecord(category);
    if (!told.has(event))
      console.error(
        `${isAltered ? 'ALTERED' : 'FOREIGN'}: The event ${id} (${stream}, revision ${revision}): ${problem}.`,
      );
    told.add(event);
    if (isAltered) altered.add(event);
  };
  return {
    events: new EncryptedEventStore(stored, readOnly(held), kinds, note),
    hidden: () => stored.hidden(),
    hasKeys: held !== null,
    altered,
    [Symbol.asyncDispose]: async () => {
      await stored.close();
      await held?.close();
    },
  };
};

/** A replay reads; what it meets of erasures is not its to carry out. */
const readOnly = (keys: DataKeys | null): DataKeys => ({
  find: async (id) => {
    try {
      return (await keys?.find(id)) ?? null;
    } catch (cause) {
      if (cause instanceof DataKeysUnavailable) throw cause;
      // What the key itself hides stays hidden: nothing is refuted by a key that is wrong.
      throw new CannotDo(
        `The key ${id} does not open with the key of its owner: one of the two was changed, or OWNER_KEYS_FOLDER is another platform's`,
        { cause },
      );
    }
  },
  fresh: () => Promise.reject(new Error('a replay seals nothing')),
  destroy: () => Promise.resolve(),
});
