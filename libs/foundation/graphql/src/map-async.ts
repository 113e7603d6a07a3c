/**
 * The items of a source, each turned into another. Whoever leaves ends the source at once, also one that has nothing to
 * give just then: a generator around it would wait for its next item first.
 */
export const mapAsync = <T, U>(source: AsyncGenerator<T>, turn: (item: T) => U): AsyncIterableIterator<U> => ({
  next: async () => {
    const { done, value } = await source.next();
    return done ? { done, value: undefined } : { done: false, value: turn(value) };
  },
  return: async () => {
    await source.return(undefined);
    return { done: true, value: undefined };
  },
  [Symbol.asyncIterator]() {
    return this;
  },
});
