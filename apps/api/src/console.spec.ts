import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { consoleFiles, STYLE_HASHES } from './console.js';

const PAGE = '<!doctype html><title>Lodestone</title>';
const SCRIPT = 'console.log("a script that is long enough")';
let server: Server;
let origin: string;

beforeAll(async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), PAGE);
  writeFileSync(join(folder, 'manifest.json'), '{}');
  writeFileSync(join(folder, 'assets/main-1.js'), SCRIPT);
  writeFileSync(join(folder, 'assets/main-1.js.br'), brotliCompressSync(SCRIPT));
  writeFileSync(join(folder, 'assets/main-1.js.gz'), gzipSync(SCRIPT));
  const app = express().use(consoleFiles(folder)!);
  server = createServer(app.use((_, response) => void response.status(404).end('elsewhere')) as never).listen(
    0,
    '127.0.0.1',
  );
  origin = await new Promise((resolve) =>
    server.once('listening', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)),
  );
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
  fetch(`${origin}${path}`, { method, headers: { accept: 'text/html', ...headers } });

describe('The console', () => {
  it('is one page at every address without a dot, and kept by nobody', async () => {
    for (const path of ['/', '/projects/0e6c?x=1', '/sign-in']) {
      const response = await get(path);
      expect([path, response.status, response.headers.get('cache-control')]).toEqual([path, 200, 'no-store']);
      expect(await response.text()).toBe(PAGE);
    }
  });

  it('is at the root whatever is accepted there', async () =>
    expect(await (await get('/', { accept: '*/*' })).text()).toBe(PAGE));

  it('leaves to others what is theirs, what is not asked for as a page, and what it does not have', async () => {
    for (const path of [
      '/graphql',
      '/health/ready',
      '/auth/ways',
      '/missing.js',
      '/manifest.json',
      '/assets/../index.html.x',
    ])
      expect([path, await (await get(path)).text()]).toEqual([path, 'elsewhere']);
    expect(await (await get('/projects', { accept: 'application/json' })).text()).toBe('elsewhere');
    expect(await (await get('/', {}, 'POST')).text()).toBe('elsewhere');
  });

  it.each([
    ['br', 'br'],
    ['gzip, deflate', 'gzip'],
    ['identity', null],
  ])('answers whoever takes %s with what was compressed at its build', async (accepted, used) => {
    const response = await get('/assets/main-1.js', { 'accept-encoding': accepted });
    expect(response.headers.get('content-encoding')).toBe(used);
    expect(await response.text()).toBe(SCRIPT);
    expect(response.headers.get('cache-control')).toContain('immutable');
  });

  it('lets no inline script or style, no text as code and no other host through, on any answer', async () => {
    for (const path of ['/', '/assets/main-1.js']) {
      const { headers } = await get(path);
      const policy = headers.get('content-security-policy')!;
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("require-trusted-types-for 'script'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    }
  });

  it('takes the styles that its components add, and no other text', () => {
    const source = (file: string): string => readFileSync(`node_modules/react-aria/dist/private/${file}.mjs`, 'utf8');
    const texts = ['interactions/usePress', 'overlays/usePreventScroll'].map(source).map((text) =>
      /style\.textContent = `([^`]*)`/
        .exec(text)![1]!
        .replace(/\$\{\$\w+\$var\$PRESSABLE_ATTRIBUTE\}/, /PRESSABLE_ATTRIBUTE = '([^']+)'/.exec(text)?.[1] ?? '')
        .trim(),
    );
    expect(texts.map((text) => `sha256-${createHash('sha256').update(text).digest('base64')}`)).toEqual(STYLE_HASHES);
  });

  it('is not there where it is not built', () => expect(consoleFiles(temporaryFolder())).toBeNull());
});
