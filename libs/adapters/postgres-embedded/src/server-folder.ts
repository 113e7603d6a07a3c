import { chownSync, closeSync, existsSync, mkdirSync, openSync, realpathSync, statSync, truncateSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/** PostgreSQL refuses to run as root, so root lends it this account: `nobody`, which exists without a user entry. */
const NOBODY = { uid: 65534, gid: 65534 };

/** The log starts anew when it has grown beyond this (bytes). */
const LOG_LIMIT = 10_000_000;

export type Account = { uid: number; gid: number };

/** Where everything of one embedded server lies. */
export type ServerFolder = {
  /** Real path of the data folder. */
  path: string;
  /** Holds `cluster` and `password`; appears in one step, when both are complete. */
  server: string;
  /** The database cluster (PGDATA), 0700, of the account the server runs as. */
  cluster: string;
  /** The owner role's password, 0600. */
  password: string;
  /** The port of the last start. */
  port: string;
  /** What the server and the keeper write. */
  log: string;
  /** The account the server runs as; absent: the caller's own. */
  account?: Account;
  /** Who owns the files beside the cluster; absent: the caller. */
  owner?: Account;
};

/**
 * Makes the data folder ready for use.
 * @param dataFolder absolute path; made if it is missing
 * @throws when the path is relative or the folder belongs to another account
 */
export function openServerFolder(dataFolder: string): ServerFolder {
  if (!isAbsolute(dataFolder)) throw new Error(`The PostgreSQL data folder "${dataFolder}" must be an absolute path.`);
  const caller = process.getuid?.();
  // Passable, though not readable, where the server has another account than the folder.
  mkdirSync(dataFolder, { recursive: true, mode: caller === 0 ? 0o711 : 0o700 });
  const path = realpathSync(dataFolder);
  const { uid, gid } = statSync(path);
  if (caller !== undefined && caller !== 0 && caller !== uid) {
    throw new Error(
      `The PostgreSQL data folder ${path} belongs to another account (uid ${uid}, this process has ${caller}). ` +
        'Start as that account, or choose another data folder.',
    );
  }
  const server = join(path, 'server');
  const folder: ServerFolder = {
    path,
    server,
    cluster: join(server, 'cluster'),
    password: join(server, 'password'),
    port: join(path, 'port'),
    log: join(path, 'postgres.log'),
  };
  if (caller === 0) {
    folder.owner = { uid, gid };
    folder.account = uid === 0 ? NOBODY : folder.owner;
  }
  for (const file of ['lock', 'in-use.json', 'port', 'postgres.log']) ownFile(folder, join(path, file));
  if (statSync(folder.log).size > LOG_LIMIT) truncateSync(folder.log);
  return folder;
}

/** Makes an empty 0600 file of the folder's owner, if there is none: root may start the server in a user's folder. */
export function ownFile({ owner }: ServerFolder, file: string): void {
  if (existsSync(file)) return;
  closeSync(openSync(file, 'a', 0o600));
  if (owner) chownSync(file, owner.uid, owner.gid);
}
