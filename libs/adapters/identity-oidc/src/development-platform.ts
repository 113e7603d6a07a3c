import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { developmentSecret, developmentToken, type DevelopmentPerson } from './development.js';

/** How long before its end a token is no longer used, in seconds. */
const RENEW_BEFORE_SECONDS = 60;

/** A development platform on this machine, as its launcher announced it in its data folder. */
export type DevelopmentPlatform = {
  readonly graphql: string;
  readonly issuer: string;
  readonly eventStore: string;
  readonly database: string;
  /** Of the verifiable log. */
  readonly log: string;
  /** What gets a token of this fictional person whenever one is needed; a token is used until shortly before its end. */
  readonly tokenOf: (person: DevelopmentPerson) => () => Promise<string>;
};

/**
 * The platform that runs on a data folder.
 * @param folder what `LODESTONE_DATA` named when the platform was started
 * @throws Error that says that none runs, and what to do.
 */
export async function developmentPlatform(folder: string): Promise<DevelopmentPlatform> {
  const file = join(folder, 'runtime.json');
  const addresses = await readFile(file, 'utf8')
    .then((text) => JSON.parse(text) as Partial<DevelopmentPlatform>)
    // A file that is missing, cut off or of another program all mean the same here.
    .catch(() => ({}) as Partial<DevelopmentPlatform>);
  const { graphql, issuer, eventStore, database, log } = addresses;
  if (!graphql || !issuer || !eventStore || !database || !log) {
    throw new Error(
      `No platform runs on ${folder}. Start it with \`npm start\` in another terminal, or point LODESTONE_DATA at its data folder.`,
    );
  }
  const secret = await developmentSecret(folder);
  return {
    graphql,
    issuer,
    eventStore,
    database,
    log,
    tokenOf: (person) => renewed(() => developmentToken({ ...person, issuer, secret })),
  };
}

/** Asks once for all who wait, and again when the token is about to end. */
const renewed = (ask: () => Promise<string>): (() => Promise<string>) => {
  let current: Promise<string> | null = null;
  let usableUntil = Number.POSITIVE_INFINITY;
  return () => {
    if (current === null || Date.now() / 1000 >= usableUntil) {
      usableUntil = Number.POSITIVE_INFINITY;
      current = ask();
      current.then(
        (token) => (usableUntil = (decodeJwt(token).exp ?? Number.POSITIVE_INFINITY) - RENEW_BEFORE_SECONDS),
        () => (current = null),
      );
    }
    return current;
  };
};
