/** The launcher's end of the channel to its keeper (keeper.ts). */
import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Order, Reply } from './keeper.js';

export class Keeper {
  readonly #process: ChildProcess;
  /** Resolves when the keeper has ended; it ends with its server. */
  readonly ended: Promise<void>;
  #isRunning = true;

  /** Starts a keeper for a data folder (real path); what it has to complain about goes to the file `log`. */
  constructor(dataFolder: string, log: string) {
    // Beside this file and of its kind: keeper.js in the build, keeper.ts where TypeScript runs directly.
    const file = fileURLToPath(new URL(`./keeper${extname(import.meta.url)}`, import.meta.url));
    const { NODE_OPTIONS: _ofTheLauncher, ...env } = process.env;
    const complaints = openSync(log, 'a', 0o600);
    this.#process = fork(file, [dataFolder], {
      cwd: dataFolder,
      env,
      // Detached, so that Ctrl-C in a terminal reaches the launcher alone.
      detached: true,
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', complaints, 'ipc'],
    });
    closeSync(complaints);
    this.ended = new Promise((resolve) => {
      const end = () => {
        this.#isRunning = false;
        resolve();
      };
      this.#process.once('exit', end);
      this.#process.once('error', end);
    });
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Gives one order and waits for its reply; one order at a time. */
  async ask(order: Order): Promise<Reply> {
    const reply = new Promise<Reply>((resolve) =>
      this.#process.once('message', (message) => resolve(message as Reply)),
    );
    const lost = this.ended.then((): Reply => ({ done: false, said: 'The keeper process ended unexpectedly.' }));
    this.#process.send(order, () => undefined);
    return Promise.race([reply, lost]);
  }

  /** Lets the launcher end by itself; its end then stops the server. */
  release(): void {
    this.#process.unref();
    this.#process.channel?.unref();
  }

  /** Stops the server, if one runs, and the keeper. */
  async stop(): Promise<void> {
    this.#process.ref();
    this.#process.channel?.ref();
    if (this.#process.connected) this.#process.send({ name: 'stop' } satisfies Order, () => undefined);
    await this.ended;
  }
}
