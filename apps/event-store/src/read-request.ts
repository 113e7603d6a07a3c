import { invalid } from './failure.js';
import type { Filter } from './event-log.js';
import { streams } from './protocol.js';

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A place to start from: an end of the log or stream, or the number given by the client. */
export type From = 'start' | 'end' | number;

/** What a client wants to read. */
export interface ReadRequest {
  /** `$all` for the log of all events. */
  stream: string;
  from: From;
  backwards: boolean;
  /** Most events to return; a subscription goes on without end. */
  count: number | 'subscription';
  resolveLinks: boolean;
  filter: Filter | undefined;
  /** Whether ids are answered as two numbers, as clients of other languages ask for; otherwise as text. */
  structuredIds: boolean;
  /** Number of events looked at between two checkpoints of a filtered subscription. */
  checkpointInterval: number;
}

type Options = InstanceType<typeof streams.ReadReq.Options>;

/** Events a filtered read of EventStoreDB looks at in one go when the client does not say. */
const DEFAULT_WINDOW = 32;

/** Longest regular expression that is accepted, in characters. */
const MAX_EXPRESSION = 1_024;

/** @throws Failure INVALID_ARGUMENT with what is missing or malformed. */
export function readRequest(request: InstanceType<typeof streams.ReadReq>): ReadRequest {
  const options = request.getOptions();
  if (!options) throw invalid('The read request has no options.');
  const all = options.getAll();
  const one = options.getStream();
  if (!all && !one) throw invalid('The read request names neither a stream nor $all.');
  const position = all?.getPosition();
  const filter = options.getFilter();
  const window = filter?.hasMax() ? filter.getMax() : DEFAULT_WINDOW;
  return {
    stream: one ? streamName(one.getStreamIdentifier()?.getStreamName_asU8()) : '$all',
    from: one
      ? from(one.hasStart(), one.hasEnd(), one.getRevision())
      : from(all?.hasStart() ?? false, all?.hasEnd() ?? false, position?.getCommitPosition() ?? '0'),
    backwards: options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS,
    count: options.hasSubscription() ? 'subscription' : countOf(options.getCount()),
    resolveLinks: options.getResolveLinks(),
    filter: filterOf(options),
    structuredIds: options.getUuidOption()?.hasStructured() ?? false,
    checkpointInterval: Math.max(1, window * (filter?.getCheckpointintervalmultiplier() || 1)),
  };
}

/** The name in a stream identifier. @throws Failure INVALID_ARGUMENT for a name that is missing, too long or no UTF-8. */
export function streamName(bytes: Uint8Array | undefined): string {
  if (!bytes?.length) throw invalid('The stream name is missing.');
  if (bytes.length > 4096) throw invalid(`The stream name has ${bytes.length} bytes; at most 4096 are accepted.`);
  let name: string;
  try {
    name = UTF_8.decode(bytes);
  } catch {
    throw invalid('The stream name is not valid UTF-8.');
  }
  if (name.includes('\0')) throw invalid('The stream name holds a NUL character.');
  return name;
}

/** A number of the wire as one JavaScript can count with; what lies beyond is as good as endless. */
export function countOf(wire: string): number {
  return Math.min(Number(wire), Number.MAX_SAFE_INTEGER - 1);
}

function from(start: boolean, end: boolean, number: string): From {
  return start ? 'start' : end ? 'end' : countOf(number);
}

function filterOf(options: Options): Filter | undefined {
  const filter = options.getFilter();
  const onStream = filter?.getStreamIdentifier();
  const expression = onStream ?? filter?.getEventType();
  if (!expression) return undefined;
  const of: (event: { stream: string; type: string }) => string = onStream
    ? (event) => event.stream
    : (event) => event.type;
  const prefixes = expression.getPrefixList();
  if (prefixes.length > 0) return (event) => prefixes.some((prefix) => of(event).startsWith(prefix));
  const source = expression.getRegex();
  if (source.length > MAX_EXPRESSION) throw invalid(`The filter has more than ${MAX_EXPRESSION} characters.`);
  try {
    const pattern = new RegExp(source);
    return (event) => pattern.test(of(event));
  } catch {
    throw invalid(`The filter is no valid regular expression: ${source}`);
  }
}
