import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { undoAfterwards } from './cleanup.js';

/** One connection: the client's side, and the server's. */
type Link = { readonly client: Socket; readonly server: Socket; isForgotten: boolean };

/** Never comes. */
const NEVER = new Promise<never>(() => undefined);

/**
 * A TCP proxy before a server on this machine, which does to connections what networks do. The bytes of a connection
 * keep their order, and none is left out before the connection ends.
 */
export class Proxy {
  readonly #links = new Set<Link>();
  /** Resolves when bytes may pass. */
  #open: Promise<void> = Promise.resolve();
  #reopen: () => void = () => undefined;
  #isCut = false;
  #delayMs = 0;

  private constructor(
    private readonly listening: Server,
    private readonly target: number,
  ) {}

  /** Starts one on a free port, before a port of this machine. It is stopped after the spec file at the latest. */
  static async before(target: number): Promise<Proxy> {
    const listening = createServer({ allowHalfOpen: true });
    const proxy = new Proxy(listening, target);
    listening.on('connection', (client) => proxy.#take(client));
    await once(listening.listen(0, '127.0.0.1'), 'listening');
    undoAfterwards(() => proxy.close());
    return proxy;
  }

  get port(): number {
    return (this.listening.address() as AddressInfo).port;
  }

  /** Nothing passes and nothing ends: connections stay open, and new ones are taken. What was sent passes once healed. */
  silence(): void {
    ({ promise: this.#open, resolve: this.#reopen } = Promise.withResolvers<void>());
  }

  /** The connections that there are stay open and are silent for ever; new ones pass. So do firewalls, and servers that lost power. */
  forget(): void {
    for (const link of this.#links) {
      link.isForgotten = true;
      link.server.destroy();
    }
  }

  /** Ends every connection, and each new one at once. */
  cut(): void {
    this.#isCut = true;
    this.#endAll();
  }

  /** Every piece of a stream comes so much later. */
  slowDown(delayMs: number): void {
    this.#delayMs = delayMs;
  }

  /** From now on all is well again, but for connections that were ended or forgotten. */
  heal(): void {
    this.#isCut = false;
    this.#delayMs = 0;
    this.#reopen();
  }

  close(): void {
    this.listening.close();
    this.#endAll();
  }

  #endAll(): void {
    for (const { client, server } of this.#links) {
      client.destroy();
      server.destroy();
    }
  }

  #take(client: Socket): void {
    if (this.#isCut) {
      client.on('error', () => undefined).destroy();
      return;
    }
    const server = connect({ port: this.target, host: '127.0.0.1', allowHalfOpen: true });
    const link: Link = { client, server, isForgotten: false };
    this.#links.add(link);
    client.once('close', () => this.#links.delete(link));
    this.#carry(link, client, server);
    this.#carry(link, server, client);
  }

  #carry(link: Link, from: Socket, to: Socket): void {
    let turn = Promise.resolve();
    const inOrder = (act: () => unknown): void => {
      turn = turn.then(() => this.#passing(link)).then(() => void act());
    };
    from.on('data', (chunk) => {
      from.pause();
      inOrder(() => to.write(chunk, () => from.resume()));
    });
    from.on('end', () => inOrder(() => to.end()));
    from.on('close', () => inOrder(() => to.destroySoon()));
    // An error is followed by the end, which is carried.
    from.on('error', () => undefined);
  }

  async #passing(link: Link): Promise<void> {
    if (this.#delayMs > 0) await pause(this.#delayMs);
    await this.#open;
    if (link.isForgotten) await NEVER;
  }
}
