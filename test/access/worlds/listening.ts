import { once } from 'node:events';
import WebSocket from 'ws';
import type { RunningPlatform } from '../../acceptance/support/platform.js';
import type { Person } from '../../acceptance/support/answers.js';
import type { Question } from './questions.js';

type Message = { readonly id?: string; readonly type: string; readonly payload?: unknown };

/** Subscriptions of one person on one socket, with every message as it came. */
export class Listening {
  /** What came, by the field subscribed to; the protocol's own pings are left out. */
  readonly heard = new Map<string, string[]>();

  private constructor(private readonly socket: WebSocket) {}

  /** Resolves when the server has taken all of them up. */
  static async to(
    platform: RunningPlatform,
    who: Person,
    asked: readonly (Question & { readonly field: string })[],
    after?: ReadonlyMap<string, string>,
  ): Promise<Listening> {
    const socket = new WebSocket(platform.graphql.replace(/^http/, 'ws'), 'graphql-transport-ws');
    await once(socket, 'open');
    const listening = new Listening(socket);
    const taken = Promise.withResolvers<void>();
    const token = await platform.tokenOf(who)();
    socket.on('message', (bytes) => {
      const text = (bytes as Buffer).toString();
      const { id, type } = JSON.parse(text) as Message;
      if (type === 'connection_ack') {
        for (const { field, document } of asked) {
          listening.heard.set(field, []);
          const variables = after?.has(field) ? { [`q_${field}_after`]: after.get(field) } : {};
          socket.send(JSON.stringify({ type: 'subscribe', id: field, payload: { query: document, variables } }));
        }
        // The protocol acknowledges no subscription; what is asked after it is answered once it has been taken up.
        socket.send(JSON.stringify({ type: 'subscribe', id: 'taken', payload: { query: '{ me { person } }' } }));
      } else if (id === 'taken') taken.resolve();
      else if (id !== undefined) listening.heard.get(id)!.push(text);
      else if (type !== 'ping' && type !== 'pong') listening.heard.set(type, [text]);
    });
    socket.on('close', (code) => {
      listening.heard.set('closed', [String(code)]);
      taken.reject(new Error(`the socket was closed with ${code}`));
    });
    socket.send(JSON.stringify({ type: 'connection_init', payload: { Authorization: `Bearer ${token}` } }));
    await taken.promise;
    return listening;
  }

  /** Leaves out what has been delivered so far. */
  forget(): void {
    for (const [field, messages] of this.heard) if (field !== 'closed') messages.length = 0;
  }

  get messages(): readonly string[] {
    return [...this.heard.values()].flat();
  }

  stop(): void {
    this.socket.removeAllListeners('close');
    this.socket.terminate();
  }
}

/** The last cursor in what was heard of a subscription. */
export const cursorIn = (messages: readonly string[]): string | null =>
  messages.map((text) => /"cursor":"([^"]+)"/.exec(text)?.[1] ?? null).findLast((each) => each !== null) ?? null;
