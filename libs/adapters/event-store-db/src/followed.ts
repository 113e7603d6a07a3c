import type { AllStreamSubscription, AllStreamResolvedEvent } from '@eventstore/db-client';

const AHEAD = 2_000;

/**
 * A subscription's events and its `caughtUp` in the order in which the server sent them. The client announces
 * `caughtUp` while earlier events still wait in its buffer, so the announcement is held until these are through.
 */
export async function* followed(
  subscription: AllStreamSubscription,
  signal: AbortSignal,
): AsyncGenerator<AllStreamResolvedEvent | 'caughtUp'> {
  const queue: (AllStreamResolvedEvent | 'caughtUp')[] = [];
  let beforeCaughtUp: number | null = null;
  let ended = false;
  let failure: Error | null = null;
  let news = Promise.withResolvers<void>();
  const tell = (): void => news.resolve();

  subscription
    .on('data', (event: AllStreamResolvedEvent) => {
      queue.push(event);
      if (beforeCaughtUp !== null && --beforeCaughtUp === 0) {
        queue.push('caughtUp');
        beforeCaughtUp = null;
      }
      if (queue.length >= AHEAD) subscription.pause();
      tell();
    })
    .on('caughtUp', () => {
      if (subscription.readableLength === 0) queue.push('caughtUp');
      else beforeCaughtUp = subscription.readableLength;
      tell();
    })
    .on('error', (error: Error) => {
      failure = error;
      tell();
    })
    .on('end', () => ((ended = true), tell()))
    .on('close', () => ((ended = true), tell()));
  const stop = (): void => ((ended = true), tell());
  signal.addEventListener('abort', stop, { once: true });

  try {
    for (;;) {
      while (queue.length > 0) {
        yield queue.shift()!;
        if (signal.aborted) return;
        if (queue.length === 0 && subscription.isPaused()) subscription.resume();
      }
      if (signal.aborted) return;
      if (failure !== null) throw failure as Error;
      if (ended) throw new Error('the event store ended the subscription');
      await news.promise;
      news = Promise.withResolvers<void>();
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await subscription.unsubscribe().catch(() => undefined);
  }
}
