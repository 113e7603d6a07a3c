/** The items of a source, each turned into another; ends with the source, and ends the source when its reader leaves. */
export async function* mapped<T, U>(source: AsyncIterable<T>, turn: (item: T) => U): AsyncGenerator<U> {
  for await (const item of source) yield turn(item);
}
