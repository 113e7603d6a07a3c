import { describe, expect, it } from '@jest/globals';
import { undoAfterwards } from '../../../../test/support/cleanup.js';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Log, METRICS, startTraces, traced, Watch, type Condition } from './index.js';

const logged = (json: boolean) => {
  const lines: string[] = [];
  return { lines, log: Log.of('api', { json, sink: { write: (line) => void lines.push(line) } }) };
};

describe('The log', () => {
  it('has one schema: level, time, component, event and sentence, with the request and the reason where there are any', () => {
    const { log, lines } = logged(true);
    log.about('views').error('view.standing', 'ALARM the view "x" has failed', { why: new RangeError('odd') });
    log.warn('token.refused', 'token refused: expired', { correlationId: 'c-1' });
    log.info('started', 'it runs');
    const said = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(said).toEqual([
      {
        level: 'error',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        component: 'api.views',
        event: 'view.standing',
        msg: 'ALARM the view "x" has failed',
        why: expect.stringMatching(/^RangeError: odd\n +at /),
      },
      {
        level: 'warn',
        time: expect.any(String),
        component: 'api',
        event: 'token.refused',
        correlationId: 'c-1',
        msg: 'token refused: expired',
      },
      { level: 'info', time: expect.any(String), component: 'api', event: 'started', msg: 'it runs' },
    ]);
    expect(lines.every((line) => line.endsWith('\n') && line.indexOf('\n') === line.length - 1)).toBe(true);
  });

  it('is sentences at a terminal', () => {
    const { log, lines } = logged(false);
    log.warn('token.refused', 'token refused', { correlationId: 'c-1', why: 'expired' });
    expect(lines).toEqual(['c-1 token refused: expired\n']);
  });

  it('counts errors, and nothing else', () => {
    const { log } = logged(true);
    const before = Log.errors;
    log.warn('a', 'a');
    log.error('b', 'b');
    expect(Log.errors - before).toBe(1);
  });
});

const watched = async (condition: () => Condition, tell: (watch: Watch) => void = () => undefined) => {
  const { log, lines } = logged(true);
  const watch = new Watch({ log, condition, dataFolder: '.' });
  tell(watch);
  const url = await watch.serve('127.0.0.1', 0);
  const ask = async (path: string) => {
    const response = await fetch(`${url}${path}`);
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  };
  return { ask, lines };
};

describe('The port of metrics', () => {
  it('is none where nobody asked for one', async () =>
    expect(
      await new Watch({ log: logged(true).log, condition: () => ({ isReady: true, parts: {} }) }).serve('', null),
    ).toBe(null));

  it('tells what is as it should be, and what is not', async () => {
    const { ask } = await watched(() => ({ isReady: false, parts: { views: 'behind', clock: 'right', keys: 'up' } }));
    const { text, type } = await ask('/metrics');
    expect(type).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(text.split('\n').filter((line) => /^lodestone_(part_up|ready)/.test(line))).toEqual([
      'lodestone_ready 0',
      'lodestone_part_up{part="views"} 0',
      'lodestone_part_up{part="clock"} 1',
      'lodestone_part_up{part="keys"} 1',
    ]);
    expect(text).toMatch(/^lodestone_errors_total \d+$/m);
    expect(text).toMatch(/^lodestone_disk_free_ratio [01](\.\d\d?)?$/m);
  });

  it('tells no label that was not declared, whatever a program says, and tells the others', async () => {
    const { ask, lines } = await watched(
      () => ({ isReady: true, parts: {} }),
      (watch) =>
        watch.tell('lodestone_view_failed', () => [{ value: 1, labels: { view: 'projects.projects', country: 'JP' } }]),
    );
    const { text } = await ask('/metrics');
    expect(text).not.toContain('JP');
    expect(text).toContain('lodestone_ready 1');
    expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).toContain('metrics.failed');
  });

  it('answers whether the program lives, has begun and is ready', async () => {
    let isReady = false;
    const { ask } = await watched(() => ({ isReady, parts: { log: isReady ? 'up' : 'behind' } }));
    const asked = async () =>
      Promise.all(['live', 'startup', 'ready'].map(async (path) => (await ask(`/health/${path}`)).status));
    expect(await asked()).toEqual([200, 503, 503]);
    isReady = true;
    expect(await asked()).toEqual([200, 200, 200]);
    isReady = false;
    expect(await asked()).toEqual([200, 200, 503]);
    expect((await ask('/')).status).toBe(404);
  });
});

describe('Every metric', () => {
  it('says what it is, and has labels with values that stand in code or settings', () => {
    for (const [name, { help, kind, labels }] of Object.entries(METRICS)) {
      expect([name, help]).toEqual([name, expect.stringMatching(/\w\.$/)]);
      expect([name, name.endsWith('_total')]).toEqual([name, kind === 'counter']);
      for (const label of Object.keys(labels))
        expect(['part', 'view', 'witness', 'kind', 'quantile', 'reason', 'version']).toContain(label);
    }
  });
});

describe('Traces', () => {
  const part = { ask: async (what: string) => what.length };

  it('are off: what would be traced is the object itself', () => expect(traced('part', part, ['ask'])).toBe(part));

  it('are sent where they are asked for, with names and times and nothing of what was asked', async () => {
    const bodies: Buffer[] = [];
    const collector = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => void bodies.push(chunk));
      request.on('end', () => response.end());
    }).listen(0, '127.0.0.1');
    undoAfterwards(() => (collector.closeAllConnections(), collector.close()));
    await once(collector, 'listening');
    const { port } = collector.address() as AddressInfo;
    const stop = await startTraces('api', `http://127.0.0.1:${port}/v1/traces`);
    expect(await traced('part', part, ['ask']).ask('something secret')).toBe(16);
    await stop();
    const sent = Buffer.concat(bodies).toString('latin1');
    expect(sent).toContain('part.ask');
    expect(sent).toContain('lodestone-api');
    expect(sent).not.toContain('secret');
  });
});
