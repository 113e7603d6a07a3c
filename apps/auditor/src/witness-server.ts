import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WitnessAnswer, WitnessOfLog } from './witness.js';

/** Bytes of a request: a proof of 63 hashes, and a checkpoint with as many signatures as a note may have. */
const LONGEST_BODY = 65_536;

/** Serves `POST /add-checkpoint`, and `GET /checkpoint`: what was cosigned last. */
export const serveWitness = async (
  witness: WitnessOfLog,
  port: number,
  host: string,
): Promise<{ server: Server; url: string }> => {
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 10_000, maxHeaderSize: 8_192 });
  server.maxConnections = 64;
  server.on('request', (request, response) => {
    void answerTo(witness, request).then(({ status, body, type = 'text/plain; charset=utf-8' }) => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
      response.end(body);
    });
  });
  server.listen(port, host);
  await once(server, 'listening');
  return { server, url: `http://${host}:${(server.address() as AddressInfo).port}` };
};

const answerTo = async (witness: WitnessOfLog, request: IncomingMessage): Promise<WitnessAnswer> => {
  const { method, url } = request;
  if (method === 'GET' && url === '/checkpoint') {
    const { checkpoint } = witness;
    return checkpoint === null
      ? { status: 404, body: 'Nothing was cosigned yet.\n' }
      : { status: 200, body: checkpoint };
  }
  if (method !== 'POST' || url !== '/add-checkpoint') {
    return { status: 404, body: 'There are POST /add-checkpoint and GET /checkpoint.\n' };
  }
  try {
    const parts: Buffer[] = [];
    let length = 0;
    for await (const part of request as AsyncIterable<Buffer>) {
      length += part.length;
      if (length > LONGEST_BODY) return { status: 413, body: `A request has ${LONGEST_BODY} bytes at most.\n` };
      parts.push(part);
    }
    return witness.answer(Buffer.concat(parts));
  } catch (error) {
    console.error(error);
    return { status: 500, body: 'The witness could not keep what it has seen, and signs nothing.\n' };
  }
};
