import { type EventStoreDbEventStore } from '@adapters/event-store-db';
import { commitTo, newId, type NewEvent } from '@foundation/eventing';
import type { Instant, RecordId } from '@kernel';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

const SEQUENCER = 'dist/apps/sequencer/src/main.js';
const AUDITOR = 'dist/apps/auditor/src/main.js';

export const fact = (text: string): NewEvent => {
  const data = { title: text, amount: '12.5' };
  return {
    id: newId(),
    event: { type: 'test.Said.v1', data },
    metadata: {
      actor: 'a',
      party: 'JP',
      roles: ['DELEGATE'],
      commandId: newId(),
      commandDigest: commitTo({ text }),
      correlationId: 'c',
      causationId: 'c',
      recordedAt: new Date().toISOString() as Instant,
      policyVersion: 1,
      commitment: commitTo(data),
    },
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

const folders: string[] = [];
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'lodestone-audit-'));
  folders.push(folder);
  return folder;
};
export const removeTemporaryFolders = (): void => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
};

/** A program of the platform in a process of its own. */
export class RunningProgram<Ready> {
  complaint = '';
  private constructor(
    readonly process: ChildProcess,
    readonly ready: Ready,
    readonly ended: Promise<unknown>,
  ) {}

  /** @throws with what it complained of when it ends before it is ready */
  static async start<Ready>(
    main: string,
    args: readonly string[],
    env: Record<string, string>,
  ): Promise<RunningProgram<Ready>> {
    if (!existsSync(main)) throw new Error(`${main} is missing: npm run build`);
    const { NODE_OPTIONS: _ofJest, ...own } = process.env;
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
      env: { ...own, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let complaint = '';
    let program: RunningProgram<Ready> | null = null;
    child.stderr!.on('data', (chunk) => {
      complaint += String(chunk);
      if (program) program.complaint = complaint;
    });
    const ended = once(child, 'close');
    const line = await Promise.race([
      once(createInterface(child.stdout!), 'line').then(([text]) => String(text)),
      ended.then(() => Promise.reject(new Error(`${main} did not start: ${complaint}`))),
    ]);
    program = new RunningProgram<Ready>(child, JSON.parse(line) as Ready, ended);
    program.complaint = complaint;
    return program;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill(signal);
    await this.ended;
  }
}

export type SequencerReady = { readonly log: string; readonly origin: string; readonly vkey: string };

export const startSequencer = (eventStore: string, data: string, env: Record<string, string> = {}) =>
  RunningProgram.start<SequencerReady>(SEQUENCER, [], {
    EVENT_STORE_URL: eventStore,
    LOG_DATA: data,
    CHECKPOINT_SECONDS: '1',
    LODESTONE_NETWORK: 'test',
    ...env,
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
  RunningProgram.start<{ vkey: string; log: string; witness: string | null }>(AUDITOR, ['witness', ...args], {});

/** Asks until the answer is the one that is waited for. */
export const eventually = async <T>(ask: () => Promise<T | null | undefined | false>): Promise<T> => {
  for (let last: unknown = 'never asked', tries = 0; ; tries++) {
    try {
      const answer = await ask();
      if (answer !== null && answer !== undefined && answer !== false) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    if (tries === 600) throw new Error('it did not come to pass', { cause: last });
    await pause(100);
  }
};

/** Size of the log's checkpoint, as served. */
export const sizeOf = async (log: string, path = 'checkpoint'): Promise<number> =>
  Number((await (await fetch(`${log}/${path}`)).text()).split('\n')[1]);

export const sizeReached = (log: string, size: number): Promise<true> =>
  eventually(async () => ((await sizeOf(log)) >= size ? true : false) as true);
