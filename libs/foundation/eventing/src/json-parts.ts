/** What is left to write: text as it is, or a value. */
type Pending = ({ readonly text: string } | { readonly value: unknown })[];

/**
 * The text of a parsed JSON value, piece by piece, as `JSON.stringify` writes it. With a list rather than recursion: what
 * others wrote may be nested more deeply than the stack is.
 */
export function* jsonOf(value: unknown): Iterable<string> {
  const pending: Pending = [{ value }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if ('text' in next) yield next.text;
    else if (typeof next.value !== 'object' || next.value === null) yield JSON.stringify(next.value);
    // One by one: a call takes so many arguments and no more.
    else for (const part of partsOf(next.value).toReversed()) pending.push(part);
  }
}

const partsOf = (of: object): Pending => {
  const isList = Array.isArray(of);
  const parts: Pending = Object.entries(of).flatMap(([name, value], at) => [
    { text: `${at > 0 ? ',' : ''}${isList ? '' : `${JSON.stringify(name)}:`}` },
    { value },
  ]);
  return [{ text: isList ? '[' : '{' }, ...parts, { text: isList ? ']' : '}' }];
};
