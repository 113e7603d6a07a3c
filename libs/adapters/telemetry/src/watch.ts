import { monitorEventLoopDelay } from 'node:perf_hooks';
import { statfs } from 'node:fs/promises';
import { createServer, type Server, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Log } from './log.js';
import { PARTS, type MetricName } from './metrics.js';
import type { Reader } from './prometheus.js';
import { downTo, stepOf, upTo } from './steps.js';
import { version } from './version.js';

export type { Reading } from './prometheus.js';

const MEMORY_UNIT = 16 * 2 ** 20;
const MINUTE_MS = 60_000;
const MICROSECONDS = 1e6;
const NANOSECONDS = 1e9;

/** How a program is: each of its parts in a word, and whether it does its work. */
export type Condition = { readonly isReady: boolean; readonly parts: Readonly<Record<string, string>> };

/** Words for a part that is as it should be. */
const WELL: readonly string[] = ['up', 'right'];

export type Watched = {
  readonly log: Log;
  readonly condition: () => Promise<Condition> | Condition;
  /** Folder whose disk must not run full. */
  readonly dataFolder?: string;
};

/** What a program tells whoever watches it: metrics and health, on a port of their own. */
export class Watch {
  readonly #told = new Map<MetricName, Reader>();
  #hasBeenReady = false;

  constructor(private readonly watched: Watched) {}

  /** Says how a metric is found out whenever somebody asks. */
  tell(name: MetricName, read: Reader): void {
    this.#told.set(name, read);
  }

  /**
   * Answers from here on.
   * @param port null: nobody watches, and nothing is listened to
   * @returns where it can be asked
   */
  async serve(host: string, port: number | null): Promise<string | null> {
    if (port === null) return null;
    this.#tellOfProcess();
    this.#tellOfCondition();
    // Loaded where it is needed: it takes longer than many a program's start.
    const { instrumented } = await import('./prometheus.js');
    const metrics = instrumented(this.#told, (why) =>
      this.watched.log.error('metrics.failed', 'a metric could not be told', { why }),
    );
    const server = createServer((request, response) => void this.#answer(request, response, metrics));
    server.listen(port, host).unref();
    await once(server, 'listening');
    return addressOf(server, host);
  }

  async #answer(request: IncomingMessage, response: ServerResponse, metrics: () => Promise<string>): Promise<void> {
    const path = request.url?.split('?')[0];
    if (request.method !== 'GET') return send(response, 405, { error: 'only GET' });
    if (path === '/metrics') {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
      response.end(await metrics());
      return;
    }
    if (path === '/health/live') return send(response, 200, { live: true });
    if (path !== '/health/ready' && path !== '/health/startup')
      return send(response, 404, { error: 'there are /metrics, /health/live, /health/ready and /health/startup' });
    const { isReady, parts } = await this.#condition();
    send(response, isReady || (path === '/health/startup' && this.#hasBeenReady) ? 200 : 503, parts);
  }

  #tellOfProcess(): void {
    const { dataFolder } = this.watched;
    this.tell('lodestone_build_info', () => [{ value: 1, labels: { version } }]);
    this.tell('lodestone_errors_total', () => Log.errors);
    // In whole seconds: what one request takes would show whether there was one.
    this.tell('lodestone_cpu_seconds_total', () => {
      const { user, system } = process.cpuUsage();
      return downTo(1, (user + system) / MICROSECONDS);
    });
    this.tell('lodestone_memory_bytes', () => upTo(MEMORY_UNIT, process.memoryUsage.rss()));
    this.tell('lodestone_event_loop_delay_seconds', loopDelay());
    if (dataFolder !== undefined) this.tell('lodestone_disk_free_ratio', () => freeRatio(dataFolder));
  }

  #tellOfCondition(): void {
    // Asked once for all that is told of it in one answer.
    let asked: Promise<Condition> | null = null;
    const condition = (): Promise<Condition> => {
      asked ??= this.#condition().finally(() => (asked = null));
      return asked;
    };
    this.tell('lodestone_ready', async () => Number((await condition()).isReady));
    this.tell('lodestone_part_up', async () =>
      Object.entries((await condition()).parts)
        .filter(([part]) => (PARTS as readonly string[]).includes(part))
        .map(([part, state]) => ({ value: Number(WELL.includes(state)), labels: { part } })),
    );
  }

  async #condition(): Promise<Condition> {
    const condition = await this.watched.condition();
    this.#hasBeenReady ||= condition.isReady;
    return condition;
  }
}

/** What 99 % of the last full minute did not exceed. */
const loopDelay = (): (() => number) => {
  const histogram = monitorEventLoopDelay({ resolution: 20 });
  histogram.enable();
  let since = -Infinity;
  let told = 0;
  return () => {
    if (performance.now() - since >= MINUTE_MS) {
      told = stepOf(histogram.percentile(99) / NANOSECONDS);
      histogram.reset();
      since = performance.now();
    }
    return told;
  };
};

const freeRatio = async (folder: string): Promise<number | null> => {
  try {
    const { bavail, blocks } = await statfs(folder);
    return downTo(1, (bavail / blocks) * 100) / 100;
  } catch {
    return null;
  }
};

const send = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
};

const addressOf = (server: Server, host: string): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`;
