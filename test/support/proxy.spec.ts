import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { undoAfterwards } from './cleanup.js';
import { Proxy } from './proxy.js';
import { until } from './waiting.js';

/** A server that sends everything back, behind a proxy. */
const echoed = async (): Promise<Proxy> => {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined).pipe(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  undoAfterwards(() => {
    server.close();
    for (const socket of sockets.splice(0)) socket.destroy();
  });
  return Proxy.before((server.address() as AddressInfo).port);
};
const sockets: Socket[] = [];

/** A connection, what came back over it so far, and whether it has ended. */
const opened = async ({ port }: Proxy) => {
  const socket = connect({ port, host: '127.0.0.1' });
  const heard = { text: '', hasEnded: false };
  socket.on('data', (chunk) => (heard.text += chunk.toString()));
  socket.on('error', () => undefined);
  socket.on('close', () => (heard.hasEnded = true));
  await once(socket, 'connect');
  sockets.push(socket);
  return { socket, heard, hears: (text: string) => until(`"${text}" comes back`, () => heard.text === text) };
};

describe('A proxy', () => {
  it('carries bytes in order and whole, whatever the network does meanwhile, and the end of the stream', async () => {
    const proxy = await echoed();
    const { socket, heard } = await opened(proxy);
    const sent = Array.from({ length: 2_000 }, (_, line) => `${line} ${'x'.repeat(line % 700)}\n`);
    for (const [line, text] of sent.entries()) {
      socket.write(text);
      if (line === 500) proxy.slowDown(20);
      if (line === 1_000) proxy.silence();
      if (line % 100 === 0) await pause(1);
    }
    socket.end();
    await pause(20);
    proxy.heal();
    await until('the stream has ended', () => heard.hasEnded);
    expect(heard.text).toBe(sent.join(''));
  });

  it('that is silent keeps connections open, takes new ones, and lets pass what waited once healed', async () => {
    const proxy = await echoed();
    const before = await opened(proxy);
    before.socket.write('a');
    await before.hears('a');
    proxy.silence();
    const during = await opened(proxy);
    before.socket.write('b');
    during.socket.write('c');
    await pause(100);
    expect([before.heard, during.heard]).toEqual([
      { text: 'a', hasEnded: false },
      { text: '', hasEnded: false },
    ]);
    proxy.heal();
    await Promise.all([before.hears('ab'), during.hears('c')]);
  });

  it('that forgets leaves connections open and silent for ever, and serves new ones', async () => {
    const proxy = await echoed();
    const before = await opened(proxy);
    proxy.forget();
    const after = await opened(proxy);
    before.socket.write('a');
    after.socket.write('b');
    await after.hears('b');
    proxy.heal();
    expect(before.heard).toEqual({ text: '', hasEnded: false });
  });

  it('that is cut ends connections, old and new, until it is healed', async () => {
    const proxy = await echoed();
    const before = await opened(proxy);
    proxy.cut();
    await until('it ends', () => before.heard.hasEnded);
    const during = await opened(proxy);
    await until('it ends', () => during.heard.hasEnded);
    proxy.heal();
    const after = await opened(proxy);
    after.socket.write('a');
    await after.hears('a');
  });
});
