import { type JWTPayload } from 'jose';

/** Where a value stands in a token: the name of a claim, or the names on the way to a member of a claim that is an object. */
export type ClaimPath = string | readonly string[];

/** The value at a path, or undefined. */
export const valueAt = (claims: JWTPayload, path: ClaimPath): unknown =>
  [path]
    .flat()
    .reduce<unknown>(
      (within, name) =>
        typeof within === 'object' && within !== null && !Array.isArray(within) && Object.hasOwn(within, name)
          ? (within as Record<string, unknown>)[name]
          : undefined,
      claims,
    );

/** A path as an operator reads it. */
export const nameOf = (path: ClaimPath): string => [path].flat().join(' > ');

/** What a name of the issuer's stands for, or undefined. */
export const namedIn = <T>(names: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(names, name) ? names[name] : undefined;
