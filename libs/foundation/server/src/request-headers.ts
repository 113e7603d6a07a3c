import { badInput, type Said } from '@foundation/graphql';

/** The header that says what a request reads for, one of PURPOSES. */
export const PURPOSE = 'Lodestone-Purpose';
/** The header that names the country acted for under a mandate. */
export const ACTING_FOR = 'Lodestone-Acting-For';
/** The header that names the position that everything read must show: `atLeast` for a whole request. */
export const AT_LEAST = 'Lodestone-At-Least';
/** The header of server-sent events that names the last one that was received. */
const LAST_EVENT = 'last-event-id';

/** The header by which a request of the console says what it is: no page of another origin can send it. */
export const CONSOLE = 'Lodestone-Console';

/** READ is what a request without the header does; with EXPORT the answer is to leave the platform. */
const PURPOSES = ['READ', 'EXPORT'] as const;
const OURS = new Map([PURPOSE, ACTING_FOR, AT_LEAST, CONSOLE].map((name) => [name.toLowerCase(), name]));
const PREFIX = 'lodestone-';

/** What a client says beside its operation. */
export type RequestHeaders = {
  /** Every value given for ACTING_FOR, of whatever type. */
  readonly actingFor: readonly unknown[];
  readonly said: Said;
};

/**
 * Reads what a client says in headers, and over a socket in its connection parameters too. In a name and in a value from
 * a closed set, capitals do not matter; whatever is not understood is refused, because it may have been said for safety.
 * @throws GraphQLError BAD_INPUT
 */
export const requestHeadersIn = (...sources: readonly Iterable<readonly [string, unknown]>[]): RequestHeaders => {
  let after: string | undefined;
  const said = new Map<string, unknown[]>([...OURS.values()].map((name) => [name, []]));
  for (const [given, value] of sources.flatMap((source) => [...source])) {
    if (given.toLowerCase() === LAST_EVENT && typeof value === 'string' && value !== '') after = value;
    if (!given.toLowerCase().startsWith(PREFIX) || value === undefined || value === null) continue;
    const name = OURS.get(given.toLowerCase());
    if (name === undefined)
      throw badInput(`${given.slice(0, 40)} is not known here. Known are ${[...OURS.values()].join(', ')}.`, given);
    said.get(name)!.push(value);
  }
  const purposes = said.get(PURPOSE)!.map((value) => String(value).toUpperCase());
  if (purposes.some((purpose) => !PURPOSES.some((each) => each === purpose)) || new Set(purposes).size > 1)
    throw badInput(`${PURPOSE} must be one of ${PURPOSES.join(' and ')}, and the same wherever it is said.`, PURPOSE);
  const [atLeast, ...others] = new Set(said.get(AT_LEAST)!.map(String));
  if (others.length > 0) throw badInput(`${AT_LEAST} must be the same wherever it is said.`, AT_LEAST);
  return { actingFor: said.get(ACTING_FOR)!, said: { exports: purposes.includes('EXPORT'), atLeast, after } };
};
