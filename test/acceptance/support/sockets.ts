import { once } from 'node:events';
import WebSocket from 'ws';

/** Opens a socket and says what was asked of it: closed with which code, or open. */
export const opened = async (
  url: string,
  init: object | null,
  headers: Record<string, string> = {},
): Promise<{ socket: WebSocket; first: unknown }> => {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws', { headers });
  const first = new Promise((resolve) => {
    socket.once('message', (text) => resolve(JSON.parse((text as Buffer).toString())));
    socket.once('close', (code) => resolve(code));
    socket.once('error', (error) => resolve(error.message));
  });
  await Promise.race([once(socket, 'open'), first]);
  if (init) socket.send(JSON.stringify({ type: 'connection_init', payload: init }));
  return { socket, first: await first };
};

/** The first thing said of an operation over a socket. */
export const overSocket = async (url: string, bearer: string, payload: object): Promise<unknown> => {
  const { socket } = await opened(url, { Authorization: `Bearer ${bearer}` });
  const answer = once(socket, 'message').then(([text]) => JSON.parse((text as Buffer).toString()) as unknown);
  socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload }));
  const said = await answer;
  socket.terminate();
  return said;
};
