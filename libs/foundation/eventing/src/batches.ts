/**
 * Hands on what a source has ready, up to `limit` at a time: single items while it trickles, full batches while it
 * pours. The source is read at most one batch ahead.
 */
export async function* inBatches<T>(source: AsyncIterable<T>, limit: number): AsyncGenerator<T[]> {
  let ready: T[] = [];
  let ended = false;
  let failure: { readonly error: unknown } | null = null;
  let arrived = Promise.withResolvers<void>();
  let room = Promise.withResolvers<void>();

  const reading = (async () => {
    try {
      for await (const item of source) {
        ready.push(item);
        arrived.resolve();
        if (ready.length >= limit) await room.promise;
        if (ended) return;
      }
    } catch (error) {
      failure = { error };
    }
    ended = true;
    arrived.resolve();
  })();

  try {
    for (;;) {
      if (ready.length === 0 && !ended) await arrived.promise;
      if (ready.length > 0) {
        const batch = ready;
        ready = [];
        arrived = Promise.withResolvers<void>();
        room.resolve();
        room = Promise.withResolvers<void>();
        yield batch;
      } else if (failure !== null) {
        throw (failure as { error: unknown }).error;
      } else if (ended) {
        return;
      }
    }
  } finally {
    ended = true;
    room.resolve();
    void reading;
  }
}
