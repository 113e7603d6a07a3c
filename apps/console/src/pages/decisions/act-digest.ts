/**
 * The digest of an act, computed from what is shown: SHA-256 in base64url over the RFC 8785 JSON of command and input.
 * @param input JSON of the input, as it stands in the act
 */
export const digestOf = async (command: string, input: string): Promise<string> => {
  const text = canonical({ command, input: JSON.parse(input) as unknown });
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(hash)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
};

/** RFC 8785: keys in the order of their UTF-16 code units, everything else as ECMAScript writes it. */
export const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(',')}}`;
};
