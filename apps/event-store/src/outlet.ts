import { asFailure, type Failure } from './failure.js';

/** What this server needs of a streaming gRPC call. */
export interface StreamingCall {
  write(message: unknown, written: () => void): boolean;
  end(): void;
  on(event: 'cancelled' | 'drain' | 'close' | 'error', listener: () => void): unknown;
  emit(event: 'error', failure: Failure): unknown;
}

/** What one call may leave unsent, beside the few messages gRPC queues itself: bounds what a client that never reads can hold. */
const PENDING_BYTES = 256 * 1024;

/** Ends each open call when the server stops. */
export const openCalls = new Set<() => void>();

/** The outgoing side of one streaming call: waits while its client does not read, and notices when it goes away. */
export class Outlet {
  #closed = false;
  #pendingBytes = 0;
  #waiting: (() => void)[] = [];
  readonly #stop: () => void;

  /** @param atStop what the client is told when the server stops; it then connects again. */
  constructor(
    private readonly call: StreamingCall,
    atStop: () => Failure,
  ) {
    this.#stop = () => this.fail(atStop());
    openCalls.add(this.#stop);
    call.on('drain', () => this.#wake());
    for (const end of ['cancelled', 'close', 'error'] as const) call.on(end, () => this.#close());
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Sends a message; resolves when there is room for the next, at once where it is undefined. */
  send(message: unknown, bytes = 0): Promise<void> | undefined {
    if (this.#closed) return undefined;
    this.#pendingBytes += bytes;
    const room = this.call.write(message, () => {
      this.#pendingBytes -= bytes;
      if (this.#pendingBytes < PENDING_BYTES) this.#wake();
    });
    return room && this.#pendingBytes < PENDING_BYTES ? undefined : this.#pause();
  }

  /** Waits until `watch` calls back, or the call ends. It may return early. */
  async until(watch: (wake: () => void) => () => void): Promise<void> {
    const stop = watch(() => this.#wake());
    await this.#pause();
    stop();
  }

  end(): void {
    if (this.#closed) return;
    this.#close();
    this.call.end();
  }

  fail(error: unknown): void {
    if (this.#closed) return;
    this.#close();
    this.call.emit('error', asFailure(error));
  }

  #pause(): Promise<void> {
    return this.#closed ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    for (const resume of this.#waiting.splice(0)) resume();
  }

  #close(): void {
    this.#closed = true;
    openCalls.delete(this.#stop);
    this.#wake();
  }
}
