import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { orExplain, readSettings } from '@foundation/configuration';
import { Register } from '@foundation/eventing';
import { ConsoleLogger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ApiModule } from './api.module.js';
import { apiSettings } from './settings.js';

await orExplain(async () => {
  const settings = readSettings(apiSettings, process.env);
  // The GraphQL server reads its own bodies: no other parser may turn a form into an operation.
  const app = await NestFactory.create<NestExpressApplication>(ApiModule.with(settings), { bodyParser: false, logger: new ConsoleLogger({ logLevels: ['error', 'warn'], json: settings.NODE_ENV, colors: false }) });
  app.disable('x-powered-by');
  app.enableShutdownHooks();
  await app.listen(settings.LODESTONE_PORT, settings.LODESTONE_HOST);
  process.once('disconnect', () => void app.close().then(() => process.exit(0)));
  await app.get(Register).ready;
  const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
  console.log(JSON.stringify({ ready: true, graphql: `http://${settings.LODESTONE_HOST}:${port}/graphql` }));
});
