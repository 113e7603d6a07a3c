import { type EventStoreDbEventStore } from '@adapters/event-store-db';
import { committed, commitTo, newId, type NewEvent } from '@foundation/eventing';
import type { Instant, RecordId } from '@kernel';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { until } from '../support/waiting.js';
import { startProgram } from '../support/program.js';

const AUDITOR = 'dist/apps/auditor/src/main.js';

export const fact = (text: string): NewEvent => {
  const data = { title: text, amount: '12.5' };
  return {
    id: newId(),
    event: { type: 'test.Said.v1', data },
    metadata: committed(data, {
      actor: 'a',
      party: 'JP',
      roles: ['DELEGATE'],
      commandId: newId(),
      commandDigest: commitTo({ text }),
      correlationId: 'c',
      causationId: 'c',
      recordedAt: new Date().toISOString() as Instant,
      policyVersion: 1,
    }),
  };
};

/** Records so many events, each in a stream of its own or all in one. */
export const record = async (
  store: EventStoreDbEventStore,
  count: number,
  { id = newId() as RecordId, from = 0 }: { id?: RecordId; from?: number } = {},
): Promise<NewEvent[]> => {
  const events = Array.from({ length: count }, (_, at) => fact(`number ${from + at}`));
  await store.append('test', id, BigInt(from) - 1n, events);
  return events;
};

export type SequencerReady = { readonly log: string; readonly origin: string; readonly vkey: string };

export const startSequencer = (eventStore: string, data: string, env: Record<string, string> = {}) =>
  startProgram<SequencerReady>('dist/apps/sequencer/src/main.js', {
    env: {
      EVENT_STORE_URL: eventStore,
      LOG_DATA: data,
      CHECKPOINT_SECONDS: '1',
      LODESTONE_NETWORK: 'test',
      ...env,
    },
  });

/** Runs the auditor to its end. */
export const audit = async (...args: string[]): Promise<{ code: number | null; output: string }> => {
  const { NODE_OPTIONS: _ofJest, ...env } = process.env;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', AUDITOR, ...args], { env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
};

export const startWitness = (...args: string[]) =>
  startProgram<{ vkey: string; log: string; witness: string | null }>(AUDITOR, { args: ['witness', ...args] });

/** Asks until the answer is the one that is waited for. */
export const eventually = <T>(ask: () => Promise<T | null | undefined | false>): Promise<NonNullable<T>> =>
  until('the answer that is waited for', ask) as Promise<NonNullable<T>>;

/** Size of the log's checkpoint, as served. */
export const sizeOf = async (log: string, path = 'checkpoint'): Promise<number> =>
  Number((await (await fetch(`${log}/${path}`)).text()).split('\n')[1]);

export const sizeReached = (log: string, size: number): Promise<true> =>
  eventually(async () => ((await sizeOf(log)) >= size ? true : false) as true);
