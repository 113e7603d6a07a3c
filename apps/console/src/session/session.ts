import { meQuery } from '../documents/desk.documents.ts';
import type { ResultOf } from '../platform/graphql.ts';
import { useAsk } from '../platform/use-ask.ts';
import { consoleHeaders } from '../platform/ask.ts';

export type Me = ResultOf<typeof meQuery>['me'];

/** Who is signed in, as the platform’s registers see them now. */
export const useMe = () => useAsk(meQuery, {}, { kinds: ['group'] });

/** A way to sign in: an issuer of identities. */
export type Way = {
  readonly key: string;
  /** Its name by language. */
  readonly names: Readonly<Record<string, string>>;
  readonly countries: readonly string[] | '*';
};

/** The ways there are. */
export const waysIn = async (): Promise<readonly Way[]> => {
  const response = await fetch('/auth/ways', { cache: 'no-store', credentials: 'same-origin' });
  return response.ok ? ((await response.json()) as readonly Way[]) : [];
};

/** Ends the session here and at the provider. */
export const signOut = async (): Promise<void> => {
  const response = await fetch('/auth/sign-out', {
    method: 'POST',
    headers: consoleHeaders(),
    body: '{}',
    credentials: 'same-origin',
  });
  const { next = '/sign-in' } = (await response.json().catch(() => ({}))) as { next?: string };
  location.replace(next);
};

/** Whether somebody may do something: a hint for what to show, never a right. */
export const has = (me: Me | undefined, ...roles: readonly Me['roles'][number][]): boolean =>
  me?.roles.some((each) => roles.includes(each)) ?? false;
