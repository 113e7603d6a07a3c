import type { Log } from '@adapters/telemetry';
import type { LogStore } from '@adapters/transparency-log-sqlite';
import type { HistoryState } from '@foundation/eventing';
import {
  CHECKPOINT_PATH,
  consistencyProof,
  encodeEntryBundle,
  formatTlogProof,
  formatVerifierKey,
  fromDecimal,
  HASH_LENGTH,
  inclusionProof,
  parseTilePath,
  TILE_WIDTH,
  toBase64,
  TransparencyError,
  type VerifierKey,
} from '@foundation/transparency';
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Publisher } from './publisher.js';

/** Bytes of a request's body: a checkpoint with as many signatures as a note may have. */
const LONGEST_BODY = 65_536;
const LONGEST_URL = 512;

export type ServedLog = {
  readonly store: LogStore;
  readonly publisher: Publisher;
  readonly key: VerifierKey;
  /** Opens everything, the leaves too. */
  readonly auditorsSecret: string;
  /** Opens all but the leaves; null leaves that open to whoever can connect. */
  readonly witnessesSecret: string | null;
  /** Why nothing is signed any more; null while all is well. */
  readonly alarm: () => string | null;
  /** The worst of what stands in the history and is not as the platform writes it. */
  readonly history: () => HistoryState;
  /** Whether what was recorded a minute ago is not under a published checkpoint yet. */
  readonly isBehind: () => boolean;
  readonly operatorLog: Log;
};

type Answer = { readonly status: number; readonly body: string | Uint8Array; readonly type?: string };

/** What was asked for cannot be given; the message is the answer. */
class Unanswerable extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Serves the log over HTTP: C2SP tlog-tiles, and beside it ready-made proofs. */
export const serveLog = async (
  log: ServedLog,
  host: string,
  port: number,
): Promise<{ server: Server; url: string }> => {
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 10_000, maxHeaderSize: 8_192 });
  server.maxConnections = 256;
  server.on('request', (request, response) => void respond(log, request, response));
  server.listen(port, host);
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

const respond = async (log: ServedLog, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  let answer: Answer;
  try {
    answer = await answerTo(log, request);
  } catch (error) {
    if (error instanceof Unanswerable) answer = { status: error.status, body: `${error.message}\n` };
    else if (error instanceof TransparencyError) answer = { status: 400, body: `${error.message}\n` };
    else {
      log.operatorLog.error('log.unforeseen', 'a request could not be answered', { why: error });
      answer = { status: 500, body: 'The log could not answer.\n' };
    }
  }
  const { status, body, type = 'text/plain; charset=utf-8' } = answer;
  response.writeHead(status, {
    ...(status === 401 && { 'www-authenticate': 'Bearer realm="log"' }),
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
};

const answerTo = async (log: ServedLog, request: IncomingMessage): Promise<Answer> => {
  const { method, url = '/' } = request;
  if (url.length > LONGEST_URL) throw new Unanswerable(414, `An address has ${LONGEST_URL} characters at most.`);
  const { pathname, searchParams } = new URL(url, 'http://log');
  const path = pathname.slice(1);
  if (method === 'POST' && path === 'cosignatures') {
    requireReader(log, request);
    return await takeCosignatures(log, request);
  }
  if (method !== 'GET') throw new Unanswerable(405, 'Only GET, and POST to /cosignatures.');
  if (path === 'health') return health(log);
  if (path === 'log.vkey') return { status: 200, body: `${formatVerifierKey(log.key)}\n` };
  if (path.startsWith('tile/entries/')) {
    requireAuditor(log, request);
    return entries(log, path);
  }
  requireReader(log, request);
  if (path === CHECKPOINT_PATH) return checkpoint(log.publisher.published, 'published');
  if (path === 'pending') return checkpoint(log.publisher.pending, 'signed');
  if (path.startsWith('tile/')) return tile(log, path);
  if (path === 'consistency') return await consistency(log, searchParams);
  if (path.startsWith('proof/')) return await proof(log, path.slice('proof/'.length));
  throw new Unanswerable(
    404,
    'There are /checkpoint, /pending, /tile/<level>/<index>, /proof/<leaf hash in hexadecimal, or index>, /consistency?from=&to=, /log.vkey and /health.',
  );
};

const health = ({ alarm, history, isBehind }: ServedLog): Answer => {
  const reason = alarm();
  const told =
    reason === null
      ? { ok: true, log: isBehind() ? 'behind' : 'up', history: history() }
      : { ok: false, alarm: reason };
  return {
    status: reason === null ? 200 : 503,
    body: `${JSON.stringify(told)}\n`,
    type: 'application/json',
  };
};

const checkpoint = (head: { note: string } | null, how: string): Answer => {
  if (head === null) throw new Unanswerable(404, `No checkpoint was ${how} yet.`);
  return { status: 200, body: head.note };
};

/** Leaves of what was signed; more is not shown, however much there is. */
const signedSize = ({ publisher }: ServedLog): number => publisher.pending?.size ?? publisher.published?.size ?? 0;

const tile = (log: ServedLog, path: string): Answer => {
  const place = parseTilePath(path);
  if (place.level === 'entries') throw new Unanswerable(404, 'Leaves are served to auditors alone.');
  const covered = Math.floor(signedSize(log) / TILE_WIDTH ** place.level) - place.index * TILE_WIDTH;
  const bytes = place.width <= covered ? log.store.tile(place) : undefined;
  if (bytes === undefined) throw new Unanswerable(404, `The signed log has no ${path}.`);
  return { status: 200, body: bytes.subarray(0, place.width * HASH_LENGTH), type: 'application/octet-stream' };
};

const entries = (log: ServedLog, path: string): Answer => {
  const { index, width } = parseTilePath(path);
  const first = index * TILE_WIDTH;
  if (first + width > signedSize(log)) throw new Unanswerable(404, `The signed log has no ${path}.`);
  const leaves = log.store.leaves(first, first + width).map(({ text }) => Buffer.from(text));
  return { status: 200, body: encodeEntryBundle(leaves), type: 'application/octet-stream' };
};

const consistency = async (log: ServedLog, query: URLSearchParams): Promise<Answer> => {
  const from = fromDecimal(query.get('from') ?? '');
  const to = fromDecimal(query.get('to') ?? '');
  if (from === undefined || to === undefined) throw new Unanswerable(400, 'from and to are counts of leaves.');
  if (to > signedSize(log)) throw new Unanswerable(404, `No checkpoint of ${to} leaves was signed yet.`);
  const hashes = await consistencyProof(log.publisher.nodes(to), from, to);
  return { status: 200, body: hashes.map((hash) => `${toBase64(hash)}\n`).join('') };
};

const proof = async (log: ServedLog, what: string): Promise<Answer> => {
  const { published } = log.publisher;
  const isHash = /^[0-9a-f]{64}$/.test(what);
  const index = isHash ? log.store.ofHash(Buffer.from(what, 'hex')) : fromDecimal(what);
  if (!isHash && index === undefined) {
    throw new Unanswerable(400, 'A leaf is named by its hash (64 digits 0-9a-f) or by its index.');
  }
  if (index === undefined || published === null || index >= published.size) {
    throw new Unanswerable(404, 'The published checkpoint covers no such leaf.');
  }
  const hashes = await inclusionProof(log.publisher.nodes(published.size), index, published.size);
  return { status: 200, body: formatTlogProof({ index, hashes, checkpoint: published.note }) };
};

const takeCosignatures = async (log: ServedLog, request: IncomingMessage): Promise<Answer> => {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > LONGEST_BODY) throw new Unanswerable(413, `A checkpoint has ${LONGEST_BODY} bytes at most.`);
    parts.push(part);
  }
  const taken = log.publisher.addCosignatures(Buffer.concat(parts).toString('utf8'));
  if (!taken) throw new Unanswerable(409, 'Another checkpoint is pending by now: see /pending.');
  return { status: 200, body: '' };
};

const requireReader = (log: ServedLog, request: IncomingMessage): void => {
  if (log.witnessesSecret === null || holds(request, log.witnessesSecret) || holds(request, log.auditorsSecret)) return;
  throw new Unanswerable(
    401,
    'How large the log is, is for witnesses and auditors: give their secret as bearer token.',
  );
};

const requireAuditor = (log: ServedLog, request: IncomingMessage): void => {
  if (!holds(request, log.auditorsSecret)) {
    throw new Unanswerable(401, 'Leaves are for auditors: give their secret as bearer token.');
  }
};

const holds = ({ headers }: IncomingMessage, secret: string): boolean => {
  const given = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(secret));
};

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
