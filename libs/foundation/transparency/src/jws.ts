import { toText } from './encoding.js';

/** A JSON Web Signature in its compact form, taken apart and proved by nobody yet. */
export type CompactJws = {
  readonly header: Readonly<Record<string, unknown>>;
  /** As it stands in the text: what is signed. */
  readonly headerText: string;
  /** Empty where it is detached. */
  readonly payload: Buffer;
  readonly signature: Buffer;
};

/** Text that is no JWS, or is spelt otherwise than RFC 7515 has it: another reader may see another one in it. */
export class NoJws extends Error {
  override readonly name = 'NoJws';
}

/**
 * Takes a compact JWS apart (RFC 7515, section 7.1), in the one spelling that it has: base64url without padding, white
 * space, line breaks or bits that nobody reads (section 2; RFC 4648, section 3.5), and a header in which each name
 * stands once (section 4).
 *
 * @throws NoJws
 */
export const compactJws = (text: string): CompactJws => {
  const parts = text.split('.');
  if (parts.length !== 3) throw new NoJws('it does not have three parts');
  const [header, payload, signature] = parts.map(fromBase64Url);
  if (!header || !payload || !signature) throw new NoJws('a part of it is not spelt as base64url is');
  return { header: objectIn(header), headerText: parts[0]!, payload, signature };
};

/** The bytes of base64url, or undefined for any text that encoding them would not have given. */
export const fromBase64Url = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
};

const objectIn = (header: Uint8Array): Readonly<Record<string, unknown>> => {
  const text = toText(header);
  if (text === undefined) throw new NoJws('its header is not UTF-8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new NoJws('its header is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new NoJws('its header is not an object');
  const repeated = repeatedMember(text);
  if (repeated !== undefined) throw new NoJws(`${JSON.stringify(repeated)} stands twice in its header`);
  return value as Readonly<Record<string, unknown>>;
};

const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/**
 * The first name that stands twice in one object of a JSON text, however deep, or undefined. Parsers differ on which of
 * the two counts.
 *
 * @param json valid JSON
 */
export const repeatedMember = (json: string): string | undefined => {
  const open: Set<string>[] = [];
  let last = '';
  for (const [token] of json.matchAll(TOKENS)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const name = JSON.parse(last) as string;
      const names = open.at(-1)!;
      if (names.has(name)) return name;
      names.add(name);
    }
    last = token;
  }
  return undefined;
};
