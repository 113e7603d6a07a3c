import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import type { ProposedEvent } from './event.js';
import { DamageError } from './event-table.js';
import type { GroupOutcome, Opening, ProposedHeader, WriteGroup, WriteOutcome, WriteRequest } from './write-request.js';

/** A group is closed at so many requests or bytes, to bound the time of one transaction. */
const GROUP_REQUESTS = 512;
const GROUP_BYTES = 4 * 1024 * 1024;

/** Above this many waiting bytes the callers are asked to read no further from their clients. */
const WAITING_BYTES = 32 * 1024 * 1024;

/** Lets the writer's heap be collected early: it needs some 40 MiB, and would otherwise grow as long as the machine has memory. */
const WRITER_MEMORY = { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: 256 };

interface Waiting {
  request: WriteRequest;
  events: ProposedEvent[];
  bytes: number;
  answer: (outcome: WriteOutcome) => void;
}

/** Told after each commit: the outcome of every request in it, and the position of the last event. */
export type CommitListener = (written: readonly WriteRequest[], head: number) => void;

/** Gathers writes while the writer thread commits the group before them. */
export class CommitQueue {
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #inFlight: Waiting[] = [];
  #scheduled = false;
  #closed = false;
  #roomWanted: (() => void)[] = [];
  #idleWanted: (() => void)[] = [];

  private constructor(
    private readonly worker: Worker,
    /** Position of the last event when the store was opened. */
    readonly headAtStart: number,
    private readonly onCommit: CommitListener,
    onFatal: (message: string) => void,
  ) {
    worker.on('message', (answer: GroupOutcome) => {
      this.#settle(answer);
      if (answer.fatal !== undefined) onFatal(answer.fatal);
    });
    worker.on('error', (error) => onFatal(error.message));
  }

  /**
   * Opens the store of a folder, made where it is missing.
   * @throws DamageError when the file cannot be trusted.
   */
  static async open(
    folder: string,
    onCommit: CommitListener,
    onFatal: (message: string) => void,
  ): Promise<CommitQueue> {
    const worker = new Worker(new URL('./writer-thread.js', import.meta.url), {
      workerData: { folder },
      resourceLimits: WRITER_MEMORY,
    });
    const [opening] = (await once(worker, 'message')) as [Opening];
    if (opening.kind === 'damaged') throw new DamageError(opening.position, opening.reason);
    if (opening.large) checkMeanwhile(folder, onFatal);
    return new CommitQueue(worker, opening.head, onCommit, onFatal);
  }

  /** Resolves when the request is on disk, or refused. */
  write(request: Omit<WriteRequest, 'events'>, events: ProposedEvent[] = []): Promise<WriteOutcome> {
    if (this.#closed) return Promise.resolve({ kind: 'shutting-down' });
    const bytes = events.reduce((sum, event) => sum + event.metadata.length + event.data.length, 0);
    const headers = events.map(({ id, type, isJson, metadata, data }): ProposedHeader => ({
      id,
      type,
      isJson,
      metadataLength: metadata.length,
      dataLength: data.length,
    }));
    return new Promise((answer) => {
      this.#waiting.push({ request: { ...request, events: headers }, events, bytes, answer });
      this.#waitingBytes += bytes;
      this.#schedule();
    });
  }

  /** True while so much is waiting that callers should hold back; await {@link room} then. */
  get crowded(): boolean {
    return this.#waitingBytes > WAITING_BYTES;
  }

  room(): Promise<void> {
    return this.crowded ? new Promise((resolve) => this.#roomWanted.push(resolve)) : Promise.resolve();
  }

  /** Refuses what comes from now on, and resolves when everything before is committed. */
  async finish(): Promise<void> {
    this.#closed = true;
    if (this.#waiting.length > 0 || this.#inFlight.length > 0) {
      await new Promise<void>((resolve) => this.#idleWanted.push(resolve));
    }
  }

  /** Closes the file, after {@link finish}. */
  async close(): Promise<void> {
    const ended = once(this.worker, 'exit');
    this.worker.postMessage('close');
    await ended;
  }

  #schedule(): void {
    if (this.#scheduled || this.#inFlight.length > 0) return;
    this.#scheduled = true;
    // One turn of the event loop, so that everything that came in with it goes into the same group.
    setImmediate(() => {
      this.#scheduled = false;
      this.#send();
    });
  }

  #send(): void {
    let size = 0;
    let bytes = 0;
    for (const { bytes: more } of this.#waiting) {
      if (size === GROUP_REQUESTS || (size > 0 && bytes + more > GROUP_BYTES)) break;
      size += 1;
      bytes += more;
    }
    this.#inFlight = this.#waiting.splice(0, size);
    this.#waitingBytes -= bytes;
    const group: WriteGroup = { requests: this.#inFlight.map(({ request }) => request), bytes: this.#pack(bytes) };
    this.worker.postMessage(group, [group.bytes.buffer as ArrayBuffer]);
    if (!this.crowded) for (const resolve of this.#roomWanted.splice(0)) resolve();
  }

  #pack(length: number): Uint8Array {
    const packed = new Uint8Array(length);
    let offset = 0;
    for (const { events } of this.#inFlight) {
      for (const { metadata, data } of events) {
        packed.set(metadata, offset);
        packed.set(data, offset + metadata.length);
        offset += metadata.length + data.length;
      }
    }
    return packed;
  }

  #settle({ outcomes, head }: GroupOutcome): void {
    const settled = this.#inFlight;
    this.#inFlight = [];
    if (this.#waiting.length > 0) this.#send();
    this.onCommit(
      settled.filter((_, index) => outcomes[index]?.kind === 'written').map(({ request }) => request),
      head,
    );
    settled.forEach(({ answer }, index) => {
      answer(outcomes[index] ?? { kind: 'failed', message: 'The writer gave no outcome.' });
    });
    if (this.#inFlight.length === 0) for (const resolve of this.#idleWanted.splice(0)) resolve();
  }
}

/** Checks a large file while it is served. */
function checkMeanwhile(folder: string, onFatal: (message: string) => void): void {
  const worker = new Worker(new URL('./verifier-thread.js', import.meta.url), { workerData: { folder } });
  worker.on('message', onFatal);
  worker.on('error', (error) => onFatal(error.message));
  worker.unref();
}
