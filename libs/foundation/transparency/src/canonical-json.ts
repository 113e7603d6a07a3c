import canonicalJson from 'canonicalize';
import { toText } from './encoding.js';
import { fail } from './transparency-error.js';

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
  refuseWhatJsonCannotSay(value);
  return canonicalJson(value)!;
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

type Part = { readonly value: unknown; readonly path: string };
/** What is left to look at; null stands where the innermost container is complete. */
type Pending = (Part | null)[];

/** With a list rather than recursion, so that depth is no way to exhaust the stack. */
function refuseWhatJsonCannotSay(root: unknown): void {
  const pending: Pending = [{ value: root, path: '$' }];
  const within: object[] = [];
  const open = new Set<object>();
  while (pending.length > 0) {
    const part = pending.pop()!;
    if (part === null) {
      open.delete(within.pop()!);
      continue;
    }
    const { value, path } = part;
    if (typeof value !== 'object' || value === null) {
      refuseScalar(value, path);
      continue;
    }
    if (open.has(value)) refuse(path, 'the value contains itself');
    open.add(value);
    within.push(value);
    pending.push(null);
    for (const inner of Array.isArray(value) ? elementsOf(value, path) : membersOf(value, path)) pending.push(inner);
  }
}

function refuseScalar(value: unknown, path: string): void {
  switch (typeof value) {
    case 'boolean':
    case 'object':
      return;
    case 'string':
      if (!value.isWellFormed()) refuse(path, 'a lone surrogate is no character');
      return;
    case 'number':
      if (!Number.isFinite(value)) refuse(path, `${value} is no number of JSON`);
      return;
    case 'bigint':
      return refuse(path, 'a bigint has no place in JSON; write it as a string');
    case 'undefined':
    case 'function':
    case 'symbol':
      return refuse(path, `${typeof value} has no place in JSON; leave the member out`);
  }
}

function elementsOf(array: unknown[], path: string): Part[] {
  if (!Array.isArray(Object.getPrototypeOf(array))) refuse(path, 'it is an instance of a class; copy it to an array');
  // The indices, and `length`.
  if (Reflect.ownKeys(array).length > array.length + 1) refuse(path, 'the array has a property beside its elements');
  return Array.from(array, (_, at) => ({ value: ownValue(array, String(at), path), path: `${path}[${at}]` }));
}

function membersOf(object: object, path: string): Part[] {
  const prototype = Object.getPrototypeOf(object) as object | null;
  // The prototype of a plain object is the end of the chain, whichever realm it is of.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    refuse(
      path,
      `it is an instance of a class (${prototype.constructor?.name}); write what it means as text or a plain object`,
    );
  }
  if (typeof (object as { toJSON?: unknown }).toJSON === 'function') refuse(path, 'it has a toJSON of its own');
  return Reflect.ownKeys(object).map((key) => {
    if (typeof key === 'symbol') return refuse(path, `a member is named by a symbol (${String(key)})`);
    if (!key.isWellFormed()) return refuse(path, 'a lone surrogate in the name of a member is no character');
    return { value: ownValue(object, key, path), path: `${path}.${key}` };
  });
}

/** An accessor could answer differently when the text is written, and a hidden member would not be written. */
function ownValue(object: object, key: string, path: string): unknown {
  const property = Object.getOwnPropertyDescriptor(object, key);
  if (property === undefined || !('value' in property))
    return refuse(`${path}.${key}`, 'it is computed on each reading');
  if (!property.enumerable) return refuse(`${path}.${key}`, 'it is hidden (not enumerable)');
  return property.value;
}

function refuse(path: string, reason: string): never {
  return fail('NOT_CANONICAL', `No canonical JSON of ${path}: ${reason}.`);
}
