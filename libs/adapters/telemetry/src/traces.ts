import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Ends what has been begun: what was traced last is sent. */
type Stop = () => Promise<void>;

const tracer = () => trace.getTracer('lodestone');
let isOn = false;

/**
 * Sends traces of single requests from here on, which show who is at work and when: for a trial installation, or an hour
 * of search (ADR 42). They hold names of parts, times and correlation ids, and nothing of what is in a request.
 * @param url of a collector, OTLP over HTTP, such as `http://127.0.0.1:4318/v1/traces`; null: none are made
 */
export const startTraces = async (component: string, url: string | null): Promise<Stop> => {
  if (url === null) return async () => undefined;
  const [sdk, { OTLPTraceExporter }, hooks, { W3CTraceContextPropagator }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-proto'),
      import('@opentelemetry/context-async-hooks'),
      import('@opentelemetry/core'),
      import('@opentelemetry/resources'),
    ]);
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': `lodestone-${component}` }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }) })],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new hooks.AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  isOn = true;
  return () => provider.shutdown();
};

/** The same object, each call of these methods a span of the part's name. Without traces it is the object itself. */
export const traced = <T extends object>(part: string, target: T, methods: readonly (keyof T & string)[]): T => {
  if (!isOn) return target;
  const names: readonly string[] = methods;
  return new Proxy(target, {
    get: (_, key) => {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      const call = (...given: unknown[]): unknown => Reflect.apply(value, target, given);
      return names.includes(String(key))
        ? (...given: unknown[]) => within(`${part}.${String(key)}`, () => call(...given))
        : call;
    },
  });
};

/** A request and all that it causes: the outermost span, or the next one of what a proxy has begun (W3C Trace Context). */
export const tracedRequests = (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
  if (!isOn) return next();
  const from = propagation.extract(context.active(), request.headers);
  const span = tracer().startSpan('request', { kind: SpanKind.SERVER }, from);
  response.once('close', () => {
    span.setAttribute('http.response.status_code', response.statusCode);
    const id = response.getHeader('x-correlation-id');
    if (typeof id === 'string') span.setAttribute('lodestone.correlation_id', id);
    span.end();
  });
  context.with(trace.setSpan(from, span), next);
};

const within = (name: string, work: () => unknown): unknown =>
  tracer().startActiveSpan(name, (span) => {
    const failed = (error: unknown): never => {
      // The kind of error alone: a message may quote what was asked.
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
      span.end();
      throw error;
    };
    try {
      const result = work();
      if (result instanceof Promise) return result.then((value: unknown) => (span.end(), value), failed);
      span.end();
      return result;
    } catch (error) {
      return failed(error);
    }
  });
