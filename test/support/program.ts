import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { undoAfterwards } from './cleanup.js';
import { PATIENCE_MS } from './patience.js';

/** A program of the platform that runs in a process of its own. */
export type Program<Ready> = {
  readonly process: ChildProcess;
  /** What it printed when it was ready, as JSON. */
  readonly ready: Ready;
  /** The lines that it wrote for its operator so far. */
  readonly said: readonly string[];
  /** Resolves when it has ended, however. */
  readonly ended: Promise<unknown>;
  /** Ends it, if it runs still, and waits until it has ended. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>;
};

export type ProgramOptions = { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> };

/**
 * Starts a built program and waits for its first line, which is JSON. It is stopped after the spec file at the latest.
 * @throws when the build is missing, or with what the program complained of when it ends before it is ready
 */
export const startProgram = async <Ready>(
  main: string,
  { args = [], env = {} }: ProgramOptions = {},
): Promise<Program<Ready>> => {
  if (!existsSync(main)) throw new Error(`${main} is missing: npm run build`);
  const { NODE_OPTIONS: _ofJest, ...inherited } = process.env;
  // With a channel: the program ends with this process, however this process ends.
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const said: string[] = [];
  createInterface({ input: child.stderr! }).on('line', (line) => said.push(line));
  const ended = once(child, 'close');
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS).unref();
    await ended;
    clearTimeout(late);
  };
  undoAfterwards(() => stop());
  const line = await Promise.race([
    once(createInterface({ input: child.stdout! }), 'line').then(([first]) => String(first)),
    ended.then(() => Promise.reject(new Error(`${main} did not start:\n${said.join('\n')}`))),
  ]);
  return { process: child, ready: JSON.parse(line) as Ready, said, ended, stop };
};
