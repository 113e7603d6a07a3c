import { readIfThere, writeDurably } from '@adapters/transparency-log-sqlite';
import { ED25519, formatSignerKey, parseSignerKey, type SignerKey } from '@foundation/transparency';
import { randomBytes } from 'node:crypto';
import { WrongConfiguration } from '@foundation/configuration';

/**
 * The key that signs in the log's name; made where it is missing. Only the owner of the file may read it.
 *
 * @param mayBeNew false where something was signed already: another key would be another log
 */
export const keptKey = (file: string, origin: string, mayBeNew: boolean): SignerKey => {
  const kept = readIfThere(file);
  if (kept === undefined) {
    if (!mayBeNew) {
      throw new WrongConfiguration([
        `the key ${file} is missing, and the log ${origin} was signed with it: bring it back from its backup`,
      ]);
    }
    writeDurably(file, `${formatSignerKey(origin, ED25519, randomBytes(32))}\n`);
    return keptKey(file, origin, false);
  }
  const key = parseSignerKey(kept.trim());
  if (key.name !== origin || key.type !== ED25519) {
    throw new WrongConfiguration([
      `the key ${file} is of ${key.name} (type ${key.type}), and not of the log ${origin}`,
    ]);
  }
  return key;
};
