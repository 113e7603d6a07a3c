import { developmentPlatform } from '@adapters/identity-oidc';
import { LodestoneClient } from '@adapters/lodestone-client';

/** In what capacity a source is imported. */
export const SECRETARIAT = { name: 'the secretariat (role SECRETARIAT)', country: null, role: 'SECRETARIAT' } as const;
export const EU_LIAISON = {
  name: 'a liaison of the European Union (country EU, role LIAISON)',
  country: 'EU',
  role: 'LIAISON',
} as const;
export type Capacity = typeof SECRETARIAT | typeof EU_LIAISON;

/** Where the platform is, and how to act on it. */
export type Platform = {
  readonly url: string;
  /** The client that acts in a capacity; null where the token at hand does not allow it. */
  readonly as: (capacity: Capacity) => LodestoneClient | null;
  /** Who the token at hand is, where there is only one. */
  readonly actor: string | null;
};

/**
 * The platform at an address, with the one token that was given.
 * @throws LodestoneError when it does not answer or refuses the token
 */
export const platformAt = async (url: string, token: string): Promise<Platform> => {
  const client = new LodestoneClient({ url, token });
  const { me } = await client.query<{ me: { country: string | null; roles: string[] } }>('{ me { country roles } }');
  return {
    url,
    as: ({ country, role }) =>
      me.roles.includes(role) && (country === null || me.country === country) ? client : null,
    actor: `${me.country ?? 'no country'}, ${me.roles.join(' and ') || 'no role'}`,
  };
};

/**
 * The development platform that runs on a data folder, with its fictional people.
 * @throws Error when none runs
 */
export const platformOn = async (folder: string): Promise<Platform> => {
  const { graphql: url, tokenOf } = await developmentPlatform(folder);
  const as = ({ country, role }: Capacity): LodestoneClient =>
    new LodestoneClient({ url, token: tokenOf({ country, roles: [role] }) });
  // A data folder outlives a platform that was killed: ask before anything is promised.
  await as(SECRETARIAT).query('{ me { roles } }');
  return { url, as, actor: null };
};
