import { ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';

/** What one call may have handed to its connection that the connection has not sent yet. */
const WINDOW_BYTES = 64 * 1024;

/**
 * A call that hands its connection several messages at a time.
 *
 * gRPC by itself waits for each message to be sent before it hands over the next: a write to the socket and a turn of
 * the event loop for every message, where one is enough for all that are ready.
 */
class PipelinedCall extends ServerInterceptingCall {
  #unsentBytes = 0;
  #held: (() => void) | undefined;

  /** @param message encoded already; `next` is called when there is room for another. */
  override sendMessage(message: Buffer, next: () => void): void {
    const { length } = message;
    this.#unsentBytes += length;
    super.sendMessage(message, () => {
      this.#unsentBytes -= length;
      if (this.#unsentBytes < WINDOW_BYTES) this.#release();
    });
    if (this.#unsentBytes < WINDOW_BYTES) next();
    else this.#held = next;
  }

  #release(): void {
    const next = this.#held;
    this.#held = undefined;
    next?.();
  }
}

/** For the calls that answer with a stream of bytes that are encoded already. */
export const pipelined: ServerInterceptor = (method, call) =>
  method.responseStream ? new PipelinedCall(call) : new ServerInterceptingCall(call);
