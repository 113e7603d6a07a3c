import { randomUUID } from 'node:crypto';

import type { ServerWritableStream } from '@grpc/grpc-js';

import type { Authorization } from './authorization.js';
import type { EventLog } from './event-log.js';
import type { RecordedEvent } from './event.js';
import { cancelled, streamDeleted } from './failure.js';
import { Outlet } from './outlet.js';
import type { streams } from './protocol.js';
import {
  caughtUpMessage,
  checkpointMessage,
  confirmationMessage,
  eventMessage,
  linkMessage,
  streamNotFoundMessage,
} from './read-encoding.js';
import { readRequest, type ReadRequest } from './read-request.js';

/** Events read in one go; other calls have their turn between two slices. */
const SLICE = 32;

/** Events a filter looks at in one go, without their bodies. */
const FILTER_SLICE = 512;

const LINK_TYPE = '$>';

export type ReadHandlerCall = ServerWritableStream<InstanceType<typeof streams.ReadReq>, Buffer>;

const readersWaiting: (() => void)[] = [];

/** Resolves for one reader in each turn of the event loop: an append waits for one slice, however many read. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    if (readersWaiting.push(resolve) === 1) setImmediate(nextReader);
  });
}

function nextReader(): void {
  if (readersWaiting.length > 1) setImmediate(nextReader);
  readersWaiting.shift()?.();
}

/** Answers `Streams.Read`: reads of a stream or of all events in either direction, and subscriptions. */
export class ReadCall {
  private constructor(
    private readonly outlet: Outlet,
    private readonly log: EventLog,
    private readonly request: ReadRequest,
  ) {}

  static async serve(call: ReadHandlerCall, log: EventLog, authorization: Authorization): Promise<void> {
    const outlet = new Outlet(call, cancelled);
    try {
      const request = readRequest(call.request);
      authorization.require(call.metadata, 'read', request.stream);
      await new ReadCall(outlet, log, request).#run();
      outlet.end();
    } catch (error) {
      outlet.fail(error);
    }
  }

  #run(): Promise<void> {
    const { stream, count, backwards } = this.request;
    if (count === 'subscription') return stream === '$all' ? this.#followAll() : this.#followStream();
    if (stream === '$all') return backwards ? this.#allBackward(count) : this.#allForward(count);
    return this.#readStream(count);
  }

  async #allForward(count: number): Promise<void> {
    const { from, filter } = this.request;
    const end = this.log.lastPosition;
    let next = from === 'start' ? 0 : from === 'end' ? end + 1 : from;
    for (let left = count; left > 0 && next <= end && !this.outlet.closed; await turn()) {
      const { events, next: after } = filter
        ? afterLooking(this.log.forwardMatching(next, FILTER_SLICE, filter), next)
        : { events: this.log.forward(next, Math.min(SLICE, left)), next: undefined };
      const wanted = events.slice(0, left).filter((event) => event.position <= end);
      await this.#sendAll(wanted);
      left -= wanted.length;
      next = after ?? (events.at(-1)?.position ?? end) + 1;
    }
  }

  async #allBackward(count: number): Promise<void> {
    const { from, filter } = this.request;
    let next = from === 'start' ? -1 : from === 'end' ? this.log.lastPosition : from - 1;
    for (let left = count; left > 0 && next >= 0 && !this.outlet.closed; await turn()) {
      const events = this.log.backward(next, filter ? SLICE : Math.min(SLICE, left));
      const wanted = (filter ? events.filter(filter) : events).slice(0, left);
      await this.#sendAll(wanted);
      left -= wanted.length;
      next = (events.at(-1)?.position ?? 0) - 1;
    }
  }

  async #readStream(count: number): Promise<void> {
    const { stream, from, backwards } = this.request;
    const state = this.log.stateOf(stream);
    if (state.kind === 'tombstoned') throw streamDeleted(stream);
    if (state.kind === 'absent') return this.outlet.send(streamNotFoundMessage(stream));
    const { first, last, notBefore } = state;
    const ends = { start: 0, end: last };
    let next = typeof from === 'number' ? from : backwards || from === 'start' ? ends[from] : last + 1;
    next = backwards ? Math.min(next, last) : Math.max(next, first);
    for (let left = count; left > 0 && next >= first && next <= last && !this.outlet.closed; await turn()) {
      const limit = Math.min(SLICE, left, backwards ? next - first + 1 : last - next + 1);
      const events = backwards
        ? this.log.streamBackward(stream, next, limit)
        : this.log.streamForward(stream, next, limit);
      const wanted = events.filter((event) => event.created >= notBefore);
      await this.#sendAll(wanted);
      left -= wanted.length;
      next += backwards ? -events.length : events.length;
    }
  }

  async #followAll(): Promise<void> {
    const { from, filter, checkpointInterval } = this.request;
    await this.outlet.send(confirmationMessage(randomUUID()));
    let next = from === 'start' ? 0 : from === 'end' ? this.log.lastPosition + 1 : from + 1;
    let caughtUp = false;
    let sinceCheckpoint = 0;
    for (; !this.outlet.closed; await turn()) {
      const events = filter ? [] : this.log.forward(next, SLICE);
      const stretch = filter ? this.log.forwardMatching(next, FILTER_SLICE, filter) : undefined;
      const last = stretch?.looked.at(-1) ?? events.at(-1)?.position;
      if (last === undefined && caughtUp) {
        await this.outlet.until((wake) => this.log.watch('$all', wake));
      } else if (last === undefined) {
        caughtUp = true;
        if (filter) await this.outlet.send(checkpointMessage(next - 1));
        await this.outlet.send(caughtUpMessage());
      } else {
        await this.#sendAll(events);
        const matching = stretch?.events.values();
        let match = matching?.next().value;
        for (const position of stretch?.looked ?? []) {
          if (match?.position === position) {
            await this.#sendAll([match]);
            match = matching?.next().value;
          }
          sinceCheckpoint += 1;
          if (sinceCheckpoint < checkpointInterval) continue;
          sinceCheckpoint = 0;
          await this.outlet.send(checkpointMessage(position));
        }
        next = last + 1;
      }
    }
  }

  async #followStream(): Promise<void> {
    const { stream, from } = this.request;
    await this.outlet.send(confirmationMessage(randomUUID()));
    let next = from === 'start' ? 0 : from === 'end' ? this.log.lastRevision(stream) + 1 : from + 1;
    let caughtUp = false;
    for (; !this.outlet.closed; await turn()) {
      const state = this.log.stateOf(stream);
      if (state.kind === 'tombstoned') throw streamDeleted(stream);
      if (state.kind === 'present') next = Math.max(next, state.first);
      const events = state.kind === 'present' ? this.log.streamForward(stream, next, SLICE) : [];
      const last = events.at(-1);
      if (last) {
        await this.#sendAll(state.kind === 'present' ? events.filter(({ created }) => created >= state.notBefore) : []);
        next = last.revision + 1;
      } else if (caughtUp) {
        await this.outlet.until((wake) => this.log.watch(stream, wake));
      } else {
        caughtUp = true;
        await this.outlet.send(caughtUpMessage());
      }
    }
  }

  async #sendAll(events: RecordedEvent[]): Promise<void> {
    for (const event of events) {
      const { resolveLinks, structuredIds } = this.request;
      const isLink = resolveLinks && event.type === LINK_TYPE;
      const message = isLink
        ? linkMessage(event, this.log.target(event), structuredIds)
        : eventMessage(event, structuredIds);
      const full = this.outlet.send(message, message.length);
      if (full) await full;
      if (this.outlet.closed) return;
    }
  }
}

function afterLooking({ events, looked }: { events: RecordedEvent[]; looked: number[] }, from: number) {
  return { events, next: (looked.at(-1) ?? from) + 1 };
}
