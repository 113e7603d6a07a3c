import { httpUrl, isProduction, port } from '@foundation/configuration';

/** What every program is told about how it is to be watched. */
export const watchSettings = {
  /** Port of metrics and health for whoever watches the program; none where left out. */
  LODESTONE_METRICS_PORT: { parse: port, otherwise: () => null },
  /** Address of that port. */
  LODESTONE_METRICS_HOST: { parse: (text: string) => text, otherwise: () => '127.0.0.1' },
  /** Where traces are sent, OTLP over HTTP; none are made where left out. */
  LODESTONE_TRACES_URL: { parse: httpUrl, otherwise: () => null },
  /** In production the log is JSON. */
  NODE_ENV: { parse: isProduction, otherwise: () => false },
};
