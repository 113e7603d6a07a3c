import { toText } from './encoding.js';
import { fail, TransparencyError } from './transparency-error.js';

/**
 * The canonical JSON text of a value, RFC 8785: members sorted by UTF-16 code units, numbers as ECMAScript writes them,
 * no white space. Hash or sign its UTF-8 bytes.
 *
 * Stricter than the packages of that name: nothing is dropped, replaced or asked to describe itself.
 *
 * @param value null, booleans, finite numbers, well-formed strings, dense arrays and plain objects of these
 * @throws {TransparencyError} NOT_CANONICAL with the JSON path of the offending part: NaN and infinities, lone
 *   surrogates, undefined, functions, symbols, bigints, holes in arrays, accessors, hidden or symbol-named properties,
 *   instances of classes (Date, Map, boxed primitives and so on), `toJSON`, cycles
 */
export function canonicalize(value: unknown): string {
  return written(value, false);
}

/**
 * The canonical JSON text of a value as JSON keeps it: that of `JSON.parse(JSON.stringify(value))`, without the detour
 * where all that JSON would change of it are members that are undefined.
 *
 * @throws {TransparencyError} NOT_CANONICAL for lone surrogates, and for what JSON keeps nothing of
 * @throws {TypeError} for what JSON does not take: bigints and cycles
 */
export function canonicalizeStored(value: unknown): string {
  try {
    return written(value, true);
  } catch (error) {
    if (!(error instanceof TransparencyError)) throw error;
    const json = JSON.stringify(value) as string | undefined;
    return written(json === undefined ? undefined : JSON.parse(json), false);
  }
}

/**
 * Reads canonical JSON and nothing else. As the text must be the one that {@link canonicalize} writes, a duplicate
 * member, an unsorted one, white space, `1.0`, `-0`, an integer beyond double precision and a lone surrogate are all refused.
 *
 * @param text a string, or UTF-8 bytes
 * @throws {TransparencyError} NOT_CANONICAL
 */
export function parseCanonical(text: string | Uint8Array): unknown {
  const json = toText(text) ?? fail('NOT_CANONICAL', 'The text is not well-formed UTF-8. Send it as it was signed.');
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return fail('NOT_CANONICAL', `The text is not JSON: ${(error as Error).message}.`);
  }
  const canonical = canonicalize(value);
  if (canonical === json) return value;
  let at = 0;
  while (canonical[at] === json[at]) at++;
  return fail(
    'NOT_CANONICAL',
    `The text is not canonical JSON (RFC 8785): from character ${at} on it should read ${JSON.stringify(canonical.slice(at, at + 20))}. ` +
      'Members are sorted and appear once, there is no white space, numbers are written as ECMAScript does.',
  );
}

/** A container of which some is written. */
type Open = {
  readonly container: object;
  /** Of its members, sorted; null of an array. */
  readonly names: readonly string[] | null;
  readonly values: readonly unknown[];
  /** How many are written. */
  at: number;
};

/**
 * With a list rather than recursion, so that depth is no way to exhaust the stack.
 * @param asStored leaves out members that are undefined, and takes whatever else JSON makes of a member
 */
function written(root: unknown, asStored: boolean): string {
  const open: Open[] = [];
  const within = new Set<object>();
  let text = '';
  for (let value = root; ;) {
    if (typeof value === 'object' && value !== null) {
      if (within.has(value)) refuse(open, 'the value contains itself');
      within.add(value);
      const inner = Array.isArray(value) ? elementsOf(value, open, asStored) : membersOf(value, open, asStored);
      text += inner.names === null ? '[' : '{';
      open.push(inner);
    } else text += scalar(value, open);

    let last = open.at(-1);
    for (; last !== undefined && last.at === last.values.length; last = open.at(-1)) {
      text += last.names === null ? ']' : '}';
      within.delete(last.container);
      open.pop();
    }
    if (last === undefined) return text;
    if (last.at > 0) text += ',';
    if (last.names !== null) text += `${quoted(last.names[last.at]!, open)}:`;
    value = last.values[last.at++];
  }
}

function scalar(value: unknown, open: readonly Open[]): string {
  switch (typeof value) {
    case 'boolean':
    case 'object':
      return String(value);
    case 'string':
      return quoted(value, open);
    case 'number':
      return Number.isFinite(value) ? String(value) : refuse(open, `${value} is no number of JSON`);
    case 'bigint':
      return refuse(open, 'a bigint has no place in JSON; write it as a string');
    case 'undefined':
    case 'function':
    case 'symbol':
      return refuse(open, `${typeof value} has no place in JSON; leave the member out`);
  }
}

/** What stands in a string as it is: ASCII but controls, quotes and backslashes. To look costs less than to have it written. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** Of a well-formed string ECMAScript writes what RFC 8785, section 3.2.2.2, asks for. */
function quoted(text: string, open: readonly Open[]): string {
  if (PLAIN.test(text)) return `"${text}"`;
  return text.isWellFormed() ? JSON.stringify(text) : refuse(open, 'a lone surrogate is no character');
}

function elementsOf(array: readonly unknown[], open: readonly Open[], asStored: boolean): Open {
  if (!Array.isArray(Object.getPrototypeOf(array))) refuse(open, 'it is an instance of a class; copy it to an array');
  if (!asStored) {
    // The indices, and `length`.
    if (Reflect.ownKeys(array).length > array.length + 1) refuse(open, 'the array has a property beside its elements');
    for (let at = 0; at < array.length; at++) refuseWhatIsNotThere(array, String(at), open);
  }
  return { container: array, names: null, values: array, at: 0 };
}

function membersOf(object: object, open: readonly Open[], asStored: boolean): Open {
  const prototype = Object.getPrototypeOf(object) as object | null;
  // The prototype of a plain object is the end of the chain, whichever realm it is of.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    refuse(
      open,
      `it is an instance of a class (${prototype.constructor?.name}); write what it means as text or a plain object`,
    );
  }
  if (typeof (object as { toJSON?: unknown }).toJSON === 'function') refuse(open, 'it has a toJSON of its own');
  if (!asStored) {
    for (const key of Reflect.ownKeys(object)) {
      if (typeof key === 'symbol') return refuse(open, `a member is named by a symbol (${String(key)})`);
      refuseWhatIsNotThere(object, key, open);
    }
  }
  const names: string[] = [];
  const values: unknown[] = [];
  // By UTF-16 code units, as RFC 8785, section 3.2.3, asks for.
  for (const name of Object.keys(object).sort()) {
    const value: unknown = object[name as never];
    if (asStored && value === undefined) continue;
    names.push(name);
    values.push(value);
  }
  return { container: object, names, values, at: 0 };
}

/** An accessor could answer differently when the text is written, and a hidden member would not be written. */
function refuseWhatIsNotThere(object: object, key: string, open: readonly Open[]): void {
  const property = Object.getOwnPropertyDescriptor(object, key);
  if (property === undefined || !('value' in property)) refuse(open, 'it is computed on each reading', `.${key}`);
  if (!property.enumerable) refuse(open, 'it is hidden (not enumerable)', `.${key}`);
}

/** @param member of the value that is being written, where that is the offending part */
function refuse(open: readonly Open[], reason: string, member = ''): never {
  const path = open.map(({ names, at }) => (names === null ? `[${at - 1}]` : `.${names[at - 1]}`)).join('');
  return fail('NOT_CANONICAL', `No canonical JSON of $${path}${member}: ${reason}.`);
}
