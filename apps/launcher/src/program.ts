import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const STOP_PATIENCE_MS = 10_000;
const RESTART_PAUSE_MS = 500;

export type Start = {
  readonly name: string;
  /** Built main module, relative to the apps folder: `api/src/main.js`. */
  readonly main: string;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Where Node keeps compiled code for the next start. */
  readonly compiled: string;
  /** Arguments of a restart, from what the first start answered: the same port, say. */
  readonly again?: (ready: Ready) => readonly string[];
};

/** The JSON line with which a program says that it is ready. */
export type Ready = Readonly<Record<string, unknown>> & { readonly ready: true };

/**
 * A program of the platform in a process of its own. It ends with the launcher however that ends (its IPC channel
 * breaks), and is started again when it ends by itself.
 */
export class Program {
  #child: ChildProcess | null = null;
  #isStopping = false;

  constructor(private readonly how: Start) {}

  /** Resolves with the ready line. Throws when the program ends before it. */
  async start(): Promise<Ready> {
    const ready = await this.#run(this.how.args ?? []);
    this.#child!.once('exit', (code, signal) => void this.#restart(ready, signal ?? `exit code ${code}`));
    return ready;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
    await ended;
    clearTimeout(late);
  }

  #run(args: readonly string[]): Promise<Ready> {
    const { name, main, environment, compiled } = this.how;
    const child = spawn(process.execPath, ['--enable-source-maps', '--disable-warning=ExperimentalWarning', fileURLToPath(new URL(`../../${main}`, import.meta.url)), ...args], {
      env: { ...process.env, NODE_COMPILE_CACHE: compiled, ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A group of its own: Ctrl-C reaches the launcher alone, which stops its programs in order.
      detached: true,
    });
    this.#child = child;
    createInterface({ input: child.stderr! }).on('line', (line) => console.error(`[${name}] ${line}`));
    return new Promise<Ready>((resolve, reject) => {
      createInterface({ input: child.stdout! }).on('line', (line) => {
        const answer = parsed(line);
        if (answer) resolve(answer);
        else console.error(`[${name}] ${line}`);
      });
      child.once('error', reject);
      child.once('exit', (code, signal) => reject(new Error(`the ${name} ended before it was ready (${signal ?? `exit code ${code}`})`)));
    });
  }

  async #restart(first: Ready, how: string): Promise<void> {
    while (!this.#isStopping) {
      console.error(`[launcher] the ${this.how.name} has ended (${how}); starting it again`);
      await new Promise((resolve) => setTimeout(resolve, RESTART_PAUSE_MS));
      if (this.#isStopping) return;
      try {
        await this.#run(this.how.again?.(first) ?? this.how.args ?? []);
        this.#child!.once('exit', (code, signal) => void this.#restart(first, signal ?? `exit code ${code}`));
        return;
      } catch (error) {
        how = (error as Error).message;
      }
    }
  }
}

const parsed = (line: string): Ready | null => {
  try {
    const answer = JSON.parse(line) as Ready;
    return answer.ready === true ? answer : null;
  } catch {
    return null;
  }
};
