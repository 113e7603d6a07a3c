import { Durations, Load, type Reading, type Watch } from '@adapters/telemetry';
import type { Observed } from '@foundation/server';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SharedClock } from './clock.js';
import type { Readiness } from './readiness.js';
import type { ViewWatch } from './view-watch.js';

const KINDS = ['query', 'command'] as const;
const QUANTILES = [0.5, 0.95] as const;
/** Refusals by their HTTP status. */
const REASONS = { 401: 'unauthenticated', 429: 'rate_limited' } as const;

/** What a node does for people, in figures from which nobody can tell what somebody did. */
export class Observations {
  readonly #operations = { query: new Load(), command: new Load() };
  readonly #durations = { query: new Durations(), command: new Durations() };
  readonly #refusals = { 401: new Load(), 429: new Load() };

  readonly operation = ({ kind, seconds }: Observed): void => {
    this.#operations[kind].take();
    this.#durations[kind].take(seconds);
  };

  /** Looks how each request ends. */
  readonly requests = (_request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    response.once('finish', () => {
      const { statusCode } = response;
      if (statusCode === 401 || statusCode === 429) this.#refusals[statusCode].take();
    });
    next();
  };

  tellTo(watch: Watch, readiness: Readiness, views: ViewWatch, clock: SharedClock): void {
    watch.tell('lodestone_probe_seconds', () => readiness.probes());
    watch.tell('lodestone_view_behind', () => ofViews(views, 'behind'));
    watch.tell('lodestone_view_failed', () => ofViews(views, 'failed'));
    watch.tell('lodestone_clock_offset_seconds', () => clock.measured && clock.measured.aheadMs / 1_000);
    watch.tell('lodestone_operations_per_minute', () =>
      KINDS.map((kind) => ({ value: this.#operations[kind].perMinute, labels: { kind } })),
    );
    watch.tell('lodestone_operation_seconds', () =>
      KINDS.flatMap((kind) =>
        QUANTILES.map((quantile) => ({
          value: this.#durations[kind].quantile(quantile),
          labels: { kind, quantile: String(quantile) },
        })),
      ),
    );
    watch.tell('lodestone_refusals_per_minute', () =>
      ([401, 429] as const).map((status) => ({
        value: this.#refusals[status].perMinute,
        labels: { reason: REASONS[status] },
      })),
    );
  }
}

const ofViews = (views: ViewWatch, state: 'behind' | 'failed'): readonly Reading[] =>
  [...views.states].map(([view, now]) => ({ value: Number(now === state), labels: { view } }));
