/** Values for the places of a message. */
export type Values = Readonly<Record<string, string | number>>;

const PLURAL = /\{(\w+), plural,((?: \w+ \{[^{}]*\})+)\}/g;

/**
 * A message with its places filled in: `{name}`, and `{count, plural, one {# record} other {# records}}` of ICU, whose
 * branches hold no places but `#`.
 * @param locale decides on the plural and on how numbers are written
 */
export const filled = (message: string, values: Values, locale: string): string =>
  message
    .replace(PLURAL, (_, name: string, branches: string) => {
      const count = Number(values[name] ?? 0);
      const all = new Map([...branches.matchAll(/(\w+) \{([^{}]*)\}/g)].map(([, key, text]) => [key!, text!]));
      const branch = all.get(new Intl.PluralRules(locale).select(count)) ?? all.get('other') ?? '';
      return branch.replaceAll('#', new Intl.NumberFormat(locale).format(count));
    })
    .replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));

/** The names of a message's places, sorted: they are the same in every language. */
export const placesOf = (message: string): readonly string[] =>
  [...new Set([...message.matchAll(/\{(\w+)(?:, plural,|\})/g)].map(([, name]) => name!))].sort();
