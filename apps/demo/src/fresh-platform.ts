import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const LINES_KEPT = 40;
const STEP = /^ +[\d.]+ s {2}(.*)$/;

const program = (main: string): string => fileURLToPath(new URL(`../../${main}`, import.meta.url));

/** A platform of its own on a new data folder; stopping it removes both. */
export class FreshPlatform {
  readonly folder = mkdtempSync(join(tmpdir(), 'lodestone-demo-'));
  #launcher: ChildProcess | null = null;
  /** The last lines that the launcher wrote, for when it fails. */
  readonly #said: string[] = [];

  constructor(private readonly onStep: (step: string) => void) {}

  /** @throws Error with what the launcher said, when it ends before it is ready */
  async start(): Promise<void> {
    const launcher = spawn(process.execPath, [program('launcher/src/main.js')], {
      env: this.#environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#launcher = launcher;
    createInterface({ input: launcher.stderr }).on('line', (line) => {
      this.#said.push(line);
      if (this.#said.length > LINES_KEPT) this.#said.shift();
      const [, step] = STEP.exec(line) ?? [];
      if (step) this.onStep(step);
    });
    const isReady = new Promise<void>((resolve) =>
      createInterface({ input: launcher.stdout }).on('line', (line) => line.includes('"ready":true') && resolve()),
    );
    const hasEnded = once(launcher, 'exit').then(() => {
      throw new Error(`The platform did not start:\n${this.#said.join('\n')}`);
    });
    await Promise.race([isReady, hasEnded]);
    hasEnded.catch(() => undefined);
  }

  /**
   * Runs `npm run import -- …` on this platform.
   * @returns its report
   * @throws Error with everything it said, when it rejected a row or could not import
   */
  async import(...args: readonly string[]): Promise<string> {
    const importer = spawn(process.execPath, [program('import/src/main.js'), ...args], {
      env: this.#environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(importer, 'close');
    const [report, progress] = await Promise.all([text(importer.stdout), text(importer.stderr)]);
    const [code] = (await ended) as [number | null];
    if (code !== 0) throw new Error(`The import of ${args.join(' ')} failed:\n${progress}\n${report}`);
    return report.replace(/^\n+|\s+$/g, '');
  }

  async stop(keepsFolder: boolean): Promise<void> {
    const launcher = this.#launcher;
    if (launcher && launcher.exitCode === null && launcher.signalCode === null) {
      const ended = once(launcher, 'exit');
      launcher.kill('SIGTERM');
      await ended;
    }
    if (!keepsFolder) await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Embedded stores and a free port, whatever the person's own environment names. */
  #environment(): NodeJS.ProcessEnv {
    const { LODESTONE_URL: _, LODESTONE_TOKEN: __, EVENT_STORE_URL: ___, DATABASE_URL: ____, ...rest } = process.env;
    return { ...rest, NODE_ENV: 'development', LODESTONE_PORT: '0', LODESTONE_DATA: this.folder };
  }
}

const text = async (stream: NodeJS.ReadableStream): Promise<string> => {
  let all = '';
  for await (const chunk of stream) all += String(chunk);
  return all;
};
