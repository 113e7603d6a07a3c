import { LodestoneError, type AnswerError } from './lodestone-error.js';
import type { Listener } from './subscription.js';

/**
 * Reads a subscription's answer of server-sent events (graphql-over-http "distinct connections"): `next` events with a
 * result each, then `complete`.
 * @throws LodestoneError when a result carries errors, or the stream breaks off before `complete`
 */
export const readServerSentEvents = async <T>(
  url: string,
  body: ReadableStream<Uint8Array>,
  listener: Listener<T>,
): Promise<void> => {
  for await (const { event, data } of eventsOf(body)) {
    if (event === 'complete') return;
    if (event !== 'next' || data === '') continue;
    const result = JSON.parse(data) as { data?: T | null; errors?: AnswerError[] };
    if (result.errors) throw LodestoneError.answered(result.errors, null, null);
    if (result.data) listener.next(result.data);
  }
  throw LodestoneError.unreachable(url, new Error('the stream broke off'));
};

type ServerSentEvent = { readonly event: string; readonly data: string };

/** Events end with an empty line; lines that start with a colon only keep the connection alive. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    const blocks = rest.replaceAll('\r\n', '\n').split('\n\n');
    rest = blocks.pop()!;
    for (const block of blocks) yield eventOf(block);
  }
}

const eventOf = (block: string): ServerSentEvent => {
  const data: string[] = [];
  let event = 'message';
  for (const line of block.split('\n')) {
    const [, field, value = ''] = /^(event|data): ?(.*)$/.exec(line) ?? [];
    if (field === 'event') event = value;
    if (field === 'data') data.push(value);
  }
  return { event, data: data.join('\n') };
};
