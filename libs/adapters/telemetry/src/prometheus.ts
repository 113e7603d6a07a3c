import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { METRICS, type Metric, type MetricName } from './metrics.js';

/** What a metric is at the moment, with its labels. */
export type Reading = { readonly value: number; readonly labels?: Readonly<Record<string, string>> };
/** Null where there is nothing to tell. */
export type Readings = number | null | readonly Reading[];
export type Reader = () => Readings | Promise<Readings>;

/** Metrics are found out when somebody asks, and at no other time. */
class Asked extends MetricReader {
  protected onForceFlush = async (): Promise<void> => undefined;
  protected onShutdown = async (): Promise<void> => undefined;
}

const serializer = new PrometheusSerializer('', false, undefined, true, true);

/**
 * OpenTelemetry instruments for what is told, and how they are read.
 * @param failed hears why a metric could not be told; the others are
 * @returns asks for all of them, in Prometheus' text format
 */
export const instrumented = (
  told: ReadonlyMap<MetricName, Reader>,
  failed: (why: unknown) => void,
): (() => Promise<string>) => {
  const asked = new Asked();
  const meter = new MeterProvider({ readers: [asked] }).getMeter('lodestone');
  for (const [name, read] of told) {
    const metric: Metric = METRICS[name];
    const options = { description: metric.help };
    // The ending of a counter is the serializer's to add.
    const instrument =
      metric.kind === 'counter'
        ? meter.createObservableCounter(name.replace(/_total$/, ''), options)
        : meter.createObservableGauge(name, options);
    instrument.addCallback(async (result) => {
      const readings = await read();
      const list = typeof readings === 'number' ? [{ value: readings }] : (readings ?? []);
      for (const { value, labels = {} } of list) result.observe(value, allowed(name, metric, labels));
    });
  }
  return async () => {
    const { resourceMetrics, errors } = await asked.collect();
    errors.forEach(failed);
    return serializer.serialize(resourceMetrics);
  };
};

/** @throws Error for a label that nobody has declared, whatever is in it */
const allowed = (name: string, { labels: declared }: Metric, labels: Readonly<Record<string, string>>) => {
  for (const [label, value] of Object.entries(labels)) {
    const values = declared[label];
    const isAllowed = values instanceof RegExp ? values.test(value) : values?.includes(value);
    if (!isAllowed) throw new Error(`${name} may not be told with the label ${label}="${value}"`);
  }
  return labels;
};
