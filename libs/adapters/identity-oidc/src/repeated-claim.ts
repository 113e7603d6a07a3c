const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/**
 * The first claim name that stands twice in the JSON text of a claims set, or undefined.
 * RFC 7519 §4: names must be unique. Parsers differ on which one counts, so a gateway before us might have read another country.
 * @param json valid JSON of an object
 */
export function repeatedClaim(json: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  let last = '';
  for (const [token] of json.matchAll(TOKENS)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (token === ':' && depth === 1) {
      const name = JSON.parse(last) as string;
      if (seen.has(name)) return name;
      seen.add(name);
    }
    last = token;
  }
  return undefined;
}
