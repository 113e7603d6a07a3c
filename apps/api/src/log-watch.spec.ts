import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LogWatch } from './log-watch.js';

let server: Server;
let answer: { readonly status: number; readonly body: string };
let told: string[];
const watch = (): LogWatch =>
  new LogWatch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, (sentence) => told.push(sentence));

beforeEach(async () => {
  told = [];
  server = createServer((request, response) =>
    response.writeHead(request.url === '/health' ? answer.status : 404).end(answer.body),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('The verifiable log', () => {
  it.each([
    ['up', 200, { ok: true, log: 'up', history: 'up' }],
    ['up', 200, { ok: true, log: 'up', history: 'altered' }],
    ['behind', 200, { ok: true, log: 'behind', history: 'up' }],
    ['stopped', 503, { ok: false, alarm: 'Event … was changed.' }],
    ['unreachable', 502, 'a proxy’s page'],
  ])('is %s where it answers %d %j', async (state, status, body) => {
    answer = { status, body: typeof body === 'string' ? body : JSON.stringify(body) };
    const log = watch();
    await log.look();
    expect(log.state).toBe(state);
    expect(log.history).toBe((body as { history?: string }).history ?? 'up');
  });

  it('is unreachable where nobody answers, and told of once, and again when it is back', async () => {
    answer = { status: 200, body: '{"ok":true,"log":"up"}' };
    const log = watch();
    await log.look();
    server.closeAllConnections();
    server.close();
    await log.look();
    await log.look();
    expect(log.state).toBe('unreachable');
    expect(told).toEqual([expect.stringMatching(/^ALARM .*does not answer/)]);
  });

  it('tells its operator why it is not continued at its own health alone', async () => {
    answer = { status: 503, body: '{"ok":false,"alarm":"Event 1 (project-2, revision 3)"}' };
    await watch().look();
    expect(told).toEqual([expect.stringMatching(/^ALARM .*not continued/)]);
    expect(told.join()).not.toContain('project-2');
  });

  it('is not watched where nobody said where it is', async () => {
    const log = new LogWatch(null, (sentence) => told.push(sentence));
    await log.look();
    expect([log.state, told]).toEqual(['unwatched', []]);
  });
});
