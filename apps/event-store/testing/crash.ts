import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { type AppendExpectedRevision, binaryEvent, type EventStoreDBClient } from '@eventstore/db-client';

import { collect, RunningStore, runCommand } from './running-store.js';

/** An append that a writer sent: what it holds, and whether the server said that it has it. */
interface Sent {
  stream: string;
  ids: string[];
  bytes: Buffer[];
  acknowledged: boolean;
}

const WRITERS = 64;
const STREAMS_PER_WRITER = 3;

/**
 * Kills the server at random moments under 64 writers, and after each kill compares what it holds with what was sent.
 * @param onRound told after each round how many appends are acknowledged so far.
 * @throws Error that names the first append that is lost, doubled, torn, out of order or altered.
 */
export async function crashTest(
  folder: string,
  rounds: number,
  onRound: (line: string) => void = () => {},
): Promise<void> {
  const sent: Sent[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const store = await RunningStore.start(folder);
    const client = store.client();
    const before = sent.length;
    const writing = Array.from({ length: WRITERS }, (_, writer) => write(client, writer, round, sent));
    // Some moment after the writers have come up to speed, however busy the machine is.
    while (!sent.slice(before).some(({ acknowledged }) => acknowledged)) await pause(5);
    await pause(Math.random() * 400);
    await store.stop('SIGKILL');
    await Promise.all(writing);
    await compare(folder, sent);
    onRound(
      `round ${round}: ${sent.filter(({ acknowledged }) => acknowledged).length} of ${sent.length} appends acknowledged, all there`,
    );
  }
  const { code, errors } = runCommand('verify', '--data', folder);
  if (code !== 0) throw new Error(errors);
}

/** Appends until the server is gone. Every second append expects the revision it knows, the others take any. */
async function write(client: EventStoreDBClient, writer: number, round: number, sent: Sent[]): Promise<void> {
  const revisions = new Map<string, bigint>();
  for (let turn = 0; ; turn += 1) {
    const stream = `writer-${writer}-${round}-${turn % STREAMS_PER_WRITER}`;
    const count = 1 + (turn % 3);
    const append: Sent = {
      stream,
      ids: Array.from({ length: count }, () => randomUUID()),
      bytes: Array.from({ length: count }, () => randomBytes(Math.floor(Math.random() * 2_000))),
      acknowledged: false,
    };
    sent.push(append);
    const events = append.ids.map((id, index) => binaryEvent({ id, type: 'Written', data: append.bytes[index]! }));
    const known = revisions.get(stream);
    const expectedRevision: AppendExpectedRevision = turn % 2 === 0 ? 'any' : (known ?? 'no_stream');
    try {
      const { nextExpectedRevision } = await client.appendToStream(stream, events, { expectedRevision });
      revisions.set(stream, nextExpectedRevision);
      append.acknowledged = true;
    } catch {
      return;
    }
  }
}

async function compare(folder: string, sent: readonly Sent[]): Promise<void> {
  const store = await RunningStore.start(folder);
  try {
    const all = await collect(store.client().readAll());
    all.forEach(({ event }, position) =>
      require(event?.position.commit === BigInt(position), `position ${position} is missing`),
    );
    const places = new Map<string, number>();
    const next = new Map<string, bigint>();
    for (const [place, { event }] of all.entries()) {
      if (!event || event.type.startsWith('$')) continue;
      require(!places.has(event.id), `event ${event.id} is there twice`);
      places.set(event.id, place);
      const revision = next.get(event.streamId) ?? 0n;
      require(event.revision === revision, `revision ${revision} of ${event.streamId} is missing`);
      next.set(event.streamId, revision + 1n);
    }
    const lastOf = new Map<string, number>();
    for (const { stream, ids, bytes, acknowledged } of sent) {
      const found = ids.map((id) => places.get(id));
      const present = found.filter((place) => place !== undefined);
      require(present.length === ids.length ||
        (present.length === 0 && !acknowledged), `an append to ${stream} is lost or torn: ${ids}`);
      for (const [index, place] of present.entries()) {
        require(place === present[0]! + index, `an append to ${stream} is scattered`);
        require(place > (lastOf.get(stream) ?? -1), `appends to ${stream} are out of order`);
        const { event } = all[place]!;
        require(Buffer.from(event!.data as Uint8Array).equals(bytes[index]!), `event ${ids[index]} is altered`);
        lastOf.set(stream, place);
      }
    }
  } finally {
    await store.stop();
  }
}

function require(condition: boolean, otherwise: string): void {
  if (!condition) throw new Error(otherwise);
}
