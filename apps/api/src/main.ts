import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Log, startTraces, tracedRequests, Watch } from '@adapters/telemetry';
import { answerHelp, helpOn, orExplain, readSettings } from '@foundation/configuration';
import { Register } from '@foundation/eventing';
import { OpaqueTokens } from '@foundation/graphql';
import { HttpAdapterHost, NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ApiModule } from './api.module.js';
import { SharedClock } from './clock.js';
import { CONSOLE_FOLDER, consoleFiles } from './console.js';
import { Observations } from './observations.js';
import { Readiness } from './readiness.js';
import { reloadAtHangup } from './reload.js';
import { apiSettings, apiSettingsIn } from './settings.js';
import { OperatorLog } from './operator-log.js';
import { UnloggedFilter } from './unlogged.filter.js';
import { ViewWatch } from './view-watch.js';

/** How long requests under way may take to end at a stop; streams of events have no end of their own (milliseconds). */
const DRAIN_MS = 1_000;

/** How long an idle connection is kept (milliseconds): longer than proxies keep theirs, 60 s in nginx, so that none is closed in use. */
const KEEP_ALIVE_MS = 75_000;

answerHelp(helpOn('The API: GraphQL over HTTP, server-sent events and WebSocket.', apiSettings));
await orExplain(async () => {
  const settings = readSettings(apiSettingsIn(process.env), process.env);
  const log = Log.of('api', { json: settings.NODE_ENV }).ofProcess();
  const stopTraces = await startTraces('api', settings.LODESTONE_TRACES_URL);
  const observations = new Observations();
  // The GraphQL server reads its own bodies: no other parser may turn a form into an operation.
  const app = await NestFactory.create<NestExpressApplication>(ApiModule.with(settings, observations), {
    bodyParser: false,
    logger: new OperatorLog(log),
  });
  app.use(tracedRequests, observations.requests);
  app.disable('x-powered-by');
  const files = consoleFiles(CONSOLE_FOLDER);
  if (files) app.use(files);
  app.useGlobalFilters(new UnloggedFilter(app.get(HttpAdapterHost).httpAdapter));
  await app.listen(settings.LODESTONE_PORT, settings.LODESTONE_HOST);
  const server = app.getHttpServer() as Server;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const stop = (): void => {
    setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref();
    void app
      .close()
      .then(stopTraces)
      .then(() => process.exit(0));
  };
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(event, stop);
  const readiness = app.get(Readiness);
  const watch = new Watch({ log, condition: () => readiness.look() });
  observations.tellTo(watch, readiness, app.get(ViewWatch), app.get(SharedClock));
  const metrics = await watch.serve(settings.LODESTONE_METRICS_HOST, settings.LODESTONE_METRICS_PORT);
  reloadAtHangup({ seal: app.get(OpaqueTokens), documents: settings.LODESTONE_TRUSTED_DOCUMENTS }, log);
  await app.get(Register).ready;
  const { port } = server.address() as AddressInfo;
  const origin = `http://${settings.LODESTONE_HOST}:${port}`;
  const addresses = { graphql: `${origin}/graphql`, ...(files && { console: `${origin}/` }) };
  console.log(JSON.stringify({ ready: true, ...addresses, ...(metrics && { metrics }) }));
});
