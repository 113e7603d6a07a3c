import {
  answerHelp,
  databaseUrl,
  eventStoreUrl,
  folder,
  helpOn,
  orExplain,
  port,
  readSettings,
  WrongConfiguration,
} from '@foundation/configuration';
import { whenParentsHaveGone } from './parents.js';
import { Platform } from './platform.js';

/** Environment of `npm start`. */
const settings = {
  /** Port of the GraphQL API. */
  LODESTONE_PORT: { parse: port, otherwise: () => 4000 },
  /** Folder of everything that is kept. */
  LODESTONE_DATA: { parse: folder, otherwise: () => folder('.lodestone') },
  /** First of the ports of metrics: of the API; projector, sequencer and event store have the next ones. */
  LODESTONE_METRICS_PORT: { parse: port, otherwise: () => null },
  /** Use this event store instead of the embedded one. */
  EVENT_STORE_URL: { parse: eventStoreUrl, secret: true, otherwise: () => null },
  /** Use this database instead of the embedded one, as its owner, who may create roles. */
  DATABASE_URL: { parse: databaseUrl, secret: true, otherwise: () => null },
  /** The launcher brings a development identity provider and is not for production. */
  NODE_ENV: {
    parse: (text: string) => {
      if (text === 'production')
        throw new Error('is production, where this launcher has no place: see docs/how-to/run-in-production.md');
      return text;
    },
    otherwise: () => 'development',
  },
};

answerHelp(helpOn('npm start: the whole platform on this machine, to try it out.', settings));
await orExplain(async () => {
  const { LODESTONE_PORT, LODESTONE_DATA, LODESTONE_METRICS_PORT, EVENT_STORE_URL, DATABASE_URL } = readSettings(
    settings,
    process.env,
  );
  const started = performance.now();
  const onStep = (step: string): void =>
    console.error(`${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s  ${step}`);
  const platform = new Platform({
    port: LODESTONE_PORT,
    dataFolder: LODESTONE_DATA,
    metricsPort: LODESTONE_METRICS_PORT,
    eventStoreUrl: EVENT_STORE_URL,
    databaseUrl: DATABASE_URL,
    onStep,
  });

  let stopping: Promise<void> | null = null;
  const stop = (exitCode: number): void => {
    stopping ??= (async () => {
      onStep('stopping');
      await platform.stop();
      onStep('stopped');
      process.exit(exitCode);
    })();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(0));
  if (process.env['npm_lifecycle_event'] !== undefined) whenParentsHaveGone(() => stop(1));

  try {
    onStep(`data folder: ${LODESTONE_DATA}`);
    const runtime = await platform.start();
    if (stopping === null) {
      const { eventStore, database } = runtime;
      const shown = { eventStore: withoutPassword(eventStore), database: withoutPassword(database) };
      console.log(JSON.stringify({ ready: true, ...runtime, ...shown }));
    }
  } catch (error) {
    if (error instanceof WrongConfiguration) throw error;
    if (stopping !== null) return;
    console.error(`Lodestone did not start: ${(error as Error).message}`);
    stop(1);
  }
});

/** For people who see the screen; the whole address stands in the data folder, for its owner. */
function withoutPassword(url: string): string {
  const shown = new URL(url);
  if (shown.password !== '') shown.password = '…';
  return shown.href.replace('%E2%80%A6', '…');
}
