import { randomUUID } from 'node:crypto';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';

import {
  Server,
  ServerCredentials,
  type sendUnaryData,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';

import {
  type AppendAnswer,
  type AppendHandlerCall,
  type DeleteHandlerCall,
  serveAppend,
  serveDelete,
  serveTombstone,
  type TombstoneHandlerCall,
} from './append-call.js';
import { Authorization } from './authorization.js';
import { type BatchAppendHandlerCall, serveBatchAppend } from './batch-append-call.js';
import { batchMessage } from './batch-encoding.js';
import { CommitQueue } from './commit-queue.js';
import { eventFileOf, holdFolder, OperatorError } from './data-folder.js';
import { EventLog } from './event-log.js';
import { EventTable } from './event-table.js';
import { asFailure } from './failure.js';
import { openCalls } from './outlet.js';
import { pipelined } from './pipelined-call.js';
import { features, gossip, GossipService, ServerFeaturesService, shared, StreamsService } from './protocol.js';
import { ReadCall, type ReadHandlerCall } from './read-call.js';

/** The EventStoreDB version whose protocol this server speaks, as far as it goes. */
const PROTOCOL_VERSION = '24.6.0';

/** Largest message accepted or sent, as in EventStoreDB. */
const MAX_MESSAGE_BYTES = 17 * 1024 * 1024;

/** How long clients are waited for at the end. */
const GRACE_MS = 2_000;

export interface ServerOptions {
  folder: string;
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** PEM texts; without them the server speaks plaintext and checks no credentials. */
  tls?: { certificate: Buffer; key: Buffer };
  passwords: { admin: string; ops: string };
  /** A connection on which nothing came for `interval` is asked for a sign of life, and ended without one in `timeout`; milliseconds. */
  keepAlive: { interval: number; timeout: number };
  /** Called when the file can no longer be trusted: the process should end. */
  onFatal: (message: string) => void;
}

export interface RunningServer {
  port: number;
  /** Acknowledges what is committed, then ends every call and closes the file. */
  stop(): Promise<void>;
}

/** Opens the data folder and serves it. @throws OperatorError or DamageError when the folder cannot be served. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { folder, tls, host } = options;
  const hold = holdFolder(folder);
  const log: { current?: EventLog } = {};
  const commits = await CommitQueue.open(
    folder,
    (written, head) => log.current?.committed(written, head),
    options.onFatal,
  );
  const events = new EventLog(EventTable.openForReading(eventFileOf(folder)), commits.headAtStart);
  log.current = events;
  const authorization = new Authorization(events, tls && options.passwords);

  const server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    // Half-open connections are noticed by unanswered pings.
    'grpc.keepalive_time_ms': options.keepAlive.interval,
    'grpc.keepalive_timeout_ms': options.keepAlive.timeout,
    interceptors: [pipelined],
  });
  const encoded = { responseSerialize: (bytes: Buffer) => bytes };
  serve(
    server,
    {
      ...StreamsService,
      read: { ...StreamsService.read, ...encoded },
      batchAppend: { ...StreamsService.batchAppend, ...encoded, requestDeserialize: batchMessage },
    },
    {
      read: (call: ReadHandlerCall) => ReadCall.serve(call, events, authorization),
      append: (call: AppendHandlerCall, answer: AppendAnswer) => serveAppend(call, answer, commits, authorization),
      batchAppend: (call: BatchAppendHandlerCall) => serveBatchAppend(call, commits, authorization),
      delete: unary((call: DeleteHandlerCall) => serveDelete(call, commits, authorization)),
      tombstone: unary((call: TombstoneHandlerCall) => serveTombstone(call, commits, authorization)),
    },
  );
  serve(server, ServerFeaturesService, { getSupportedMethods: unary(() => supportedMethods()) });
  const instance = randomUUID();
  serve(server, GossipService, {
    read: unary((call: { getHost(): string }) => clusterOfOne(instance, call.getHost(), host, bound.port)),
  });

  const bound = { port: await bind(server, options) };
  return {
    port: bound.port,
    async stop() {
      await commits.finish();
      // The last answers go out in this turn of the event loop.
      await turn();
      for (const end of openCalls) end();
      const closed = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
      await Promise.race([closed, pause(GRACE_MS)]);
      server.forceShutdown();
      // The writer closes last: it then folds the write-ahead log into the file.
      events.close();
      await commits.close();
      hold.release();
    },
  };
}

/** Adds a service. The generated definitions and the handlers agree by the messages they name; gRPC's own types do not know these. */
function serve(server: Server, service: object, handlers: object): void {
  server.addService(service as ServiceDefinition, handlers as UntypedServiceImplementation);
}

/** Answers a call of one request and one response with what `handle` returns or throws. */
function unary<C, A>(handle: (call: C) => A | Promise<A>) {
  return (call: C, answer: sendUnaryData<A>) => {
    Promise.resolve()
      .then(() => handle(call))
      .then((response) => answer(null, response))
      .catch((error: unknown) => answer(asFailure(error)));
  };
}

function bind(server: Server, { host, port, tls }: ServerOptions): Promise<number> {
  const credentials = tls
    ? ServerCredentials.createSsl(null, [{ cert_chain: tls.certificate, private_key: tls.key }])
    : ServerCredentials.createInsecure();
  const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, chosen) => {
      if (error)
        reject(new OperatorError(`Cannot listen on ${address}: ${error.message}. Choose another --host or --port.`));
      else resolve(chosen);
    });
  });
}

function supportedMethods() {
  const answer = new features.SupportedMethods();
  answer.setEventStoreServerVersion(PROTOCOL_VERSION);
  const { read, append, batchAppend, delete: remove, tombstone } = StreamsService;
  for (const { path } of [read, append, batchAppend, remove, tombstone, GossipService.read]) {
    const [, service, method] = path.split('/');
    const supported = new features.SupportedMethod();
    supported.setServiceName((service ?? '').toLowerCase());
    supported.setMethodName((method ?? '').toLowerCase());
    if (path === read.path) supported.setFeaturesList(['position', 'events']);
    answer.addMethods(supported);
  }
  return answer;
}

/** One node that leads itself, at the address by which the client reached it. */
function clusterOfOne(instance: string, reached: string, host: string, port: number) {
  const [, reachedHost = host, reachedPort = String(port)] = /^\[?(.+?)\]?(?::(\d+))?$/.exec(reached) ?? [];
  const id = new shared.UUID();
  id.setString(instance);
  const endPoint = new gossip.EndPoint();
  endPoint.setAddress(reachedHost);
  endPoint.setPort(Number(reachedPort));
  const member = new gossip.MemberInfo();
  member.setInstanceId(id);
  member.setTimeStamp(String(Date.now()));
  member.setState(gossip.MemberInfo.VNodeState.LEADER);
  member.setIsAlive(true);
  member.setHttpEndPoint(endPoint);
  const cluster = new gossip.ClusterInfo();
  cluster.addMembers(member);
  return cluster;
}
