import { consoleHeaders, refusalIn } from './ask.ts';

export type Live = { readonly is: 'live' | 'reconnecting' | 'paused'; readonly since: Date };

/** How long after a break the stream is asked for again (milliseconds). */
const AGAIN_MS = 2_000;
/** Errors after which the same cursor is of no use. */
const START_ANEW = ['CURSOR_EXPIRED', 'BAD_CURSOR'];

type Handlers = {
  /** Hears of each change, with the cursor to go on from. */
  readonly changed: (cursor: string) => void;
  /** What was missed is not known: everything has to be read again. */
  readonly missed: () => void;
  readonly state: (live: Live['is']) => void;
};

/**
 * Listens to one subscription by server-sent events, resumes by its cursor, and rests while the tab is hidden: a browser
 * opens six connections to one host, and each tab that is looked at takes one.
 * @returns what ends it
 */
export const listen = (query: string, field: string, { changed, missed, state }: Handlers): (() => void) => {
  const ends = new AbortController();
  let after: string | null = null;
  let rest = new AbortController();

  const once = async (signal: AbortSignal): Promise<void> => {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { ...consoleHeaders(), accept: 'text/event-stream' },
      body: JSON.stringify({ query, variables: { after } }),
      credentials: 'same-origin',
      cache: 'no-store',
      signal,
    });
    if (!response.ok || !response.body) throw new Error(String(response.status));
    state('live');
    for await (const data of eventsOf(response.body)) {
      const refused = refusalIn(data);
      if (refused) {
        if (START_ANEW.includes(refused.code)) [after] = [null, missed()];
        throw refused;
      }
      const change = (data as { data?: Record<string, { cursor: string }> }).data?.[field];
      if (change) changed((after = change.cursor));
    }
  };

  const run = async (): Promise<void> => {
    while (!ends.signal.aborted) {
      if (document.hidden) {
        state('paused');
        await new Promise((resolve) => document.addEventListener('visibilitychange', resolve, { once: true }));
        continue;
      }
      rest = new AbortController();
      await once(AbortSignal.any([ends.signal, rest.signal])).catch(() => undefined);
      if (ends.signal.aborted || document.hidden) continue;
      state('reconnecting');
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      // Without a cursor nothing says what happened meanwhile.
      if (after === null) missed();
    }
  };
  const hide = (): void => void (document.hidden && rest.abort());
  document.addEventListener('visibilitychange', hide);
  void run();
  return () => {
    document.removeEventListener('visibilitychange', hide);
    ends.abort();
  };
};

type Data = Parameters<typeof refusalIn>[0];

/** The events of a stream, as JSON; comments that keep it open are left out. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Data> {
  const reader = body.pipeThrough(new TextDecoderStream() as never).getReader() as ReadableStreamDefaultReader<string>;
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const events = text.split(/\r?\n\r?\n/);
    text = events.pop() ?? '';
    for (const event of events) {
      const data = /^data: ?(.*)$/m.exec(event)?.[1];
      if (data) yield JSON.parse(data) as Data;
    }
  }
}
