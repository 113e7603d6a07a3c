import type { Log } from '@adapters/telemetry';
import { readSettings, WrongConfiguration } from '@foundation/configuration';
import type { OpaqueTokens } from '@foundation/graphql';
import type { TrustedDocuments } from '@foundation/server';
import { apiSettings } from './settings.js';

/** What is in force, and can be replaced while the node runs. */
export type Reloadable = { readonly seal: OpaqueTokens; readonly documents: TrustedDocuments | null };

/**
 * Reads again what may change without a restart: sealing keys, and trusted documents where there are any. All or
 * nothing: with one wrong setting everything stays as it was.
 * @returns what was wrong; null when all was taken
 */
export const reload = (
  { seal, documents }: Reloadable,
  environment: Readonly<Record<string, string | undefined>>,
): string | null => {
  try {
    const { SEAL_KEY, LODESTONE_TRUSTED_DOCUMENTS: fresh } = readSettings(
      { SEAL_KEY: apiSettings.SEAL_KEY, LODESTONE_TRUSTED_DOCUMENTS: apiSettings.LODESTONE_TRUSTED_DOCUMENTS },
      environment,
    );
    seal.renew(SEAL_KEY);
    if (fresh) documents?.replaceBy(fresh);
    return null;
  } catch (error) {
    if (error instanceof WrongConfiguration) return error.problems.join('; ');
    throw error;
  }
};

/** Does so at SIGHUP, and tells the operator. The file of issuers has a watch of its own. */
export const reloadAtHangup = (what: Reloadable, log: Log): void => {
  process.on('SIGHUP', () => {
    const problem = reload(what, process.env);
    if (problem === null) log.warn('settings.read', 'sealing keys and trusted documents were read again');
    else log.error('settings.wrong', `${problem}; the settings of before stay`);
  });
};
