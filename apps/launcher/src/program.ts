import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Running } from './kept-running.js';

const STOP_PATIENCE_MS = 10_000;

export type Program = {
  readonly name: string;
  /** Built main module, relative to the apps folder: `api/src/main.js`. */
  readonly main: string;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Where Node keeps compiled code for the next start, unless NODE_COMPILE_CACHE says where. */
  readonly compiled: string;
  readonly onSpawn: (pid: number) => void;
};

/** The JSON line with which a program says that it is ready. */
export type Ready = Readonly<Record<string, unknown>> & { readonly ready: true };

const WITH_LAUNCHER = new URL('./with-launcher.js', import.meta.url).href;
const NODE_FLAGS = ['--enable-source-maps', '--disable-warning=ExperimentalWarning', '--import', WITH_LAUNCHER];

/**
 * Starts a program of the platform in a process of its own; it ends with the launcher, however that ends.
 * @throws when it ends before it says that it is ready
 */
export const launchProgram = async (how: Program, signal: AbortSignal): Promise<Running<Ready>> => {
  const { name, main, args = [], environment, compiled, onSpawn } = how;
  const child = spawn(
    process.execPath,
    [...NODE_FLAGS, fileURLToPath(new URL(`../../${main}`, import.meta.url)), ...args],
    {
      env: { NODE_COMPILE_CACHE: compiled, ...process.env, ...withoutFiles(environment), ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A group of its own: Ctrl-C reaches the launcher alone, which stops its programs in order.
      detached: true,
    },
  );
  if (child.pid !== undefined) onSpawn(child.pid);
  createInterface({ input: child.stderr! }).on('line', (line) => console.error(`[${name}] ${line}`));

  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    // Not `exit`: its last words are read by then.
    child.once('close', (code, by) => resolve(by ?? `exit code ${code}`));
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
    await ended;
    clearTimeout(late);
  };
  const onAbort = (): void => void stop();
  signal.addEventListener('abort', onAbort, { once: true });

  const ready = new Promise<Ready>((resolve) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const answer = parsed(line);
      if (answer) resolve(answer);
      else console.error(`[${name}] ${line}`);
    });
  });
  const failed = ended.then((why): never => {
    throw new Error(`the ${name} ended before it was ready (${why})`);
  });
  try {
    return { answer: await Promise.race([ready, failed]), ended, stop };
  } finally {
    signal.removeEventListener('abort', onAbort);
    failed.catch(() => undefined);
  }
};

const parsed = (line: string): Ready | null => {
  try {
    const answer = JSON.parse(line) as Ready;
    return answer.ready === true ? answer : null;
  } catch {
    return null;
  }
};

/** What the launcher itself was told by a file is told to its programs outright. */
const withoutFiles = (environment: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(Object.keys(environment).map((name) => [`${name}_FILE`, '']));
