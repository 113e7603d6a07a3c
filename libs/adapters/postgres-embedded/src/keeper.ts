/**
 * The keeper: a small process between the launcher and PostgreSQL, so that PostgreSQL never outlives its launcher.
 *
 * `node keeper.js <data folder>`, forked with an IPC channel by keeper-channel.ts. It carries out one order at a time
 * and answers each with one reply. When the channel closes, because the launcher ended or was killed, it stops
 * whatever it started and exits.
 *
 * It imports nothing of this project: Node runs it as it is, compiled or as TypeScript.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';

/** A program of the PostgreSQL distribution, and how to run it. */
export type Program = {
  file: string;
  args: string[];
  workingFolder: string;
  /** The account to run it as; absent: the keeper's own. */
  account?: { uid: number; gid: number };
};

export type Order =
  /** Lock the data folder for this keeper. */
  | { name: 'claim' }
  /** Run a program to its end, feeding it `input`. */
  | { name: 'run'; program: Program; input: string }
  /** Start the PostgreSQL server whose data is `cluster`, appending what it says to the file `log`. */
  | { name: 'serve'; program: Program; cluster: string; log: string }
  /** Stop a PostgreSQL server which lost its keeper. */
  | { name: 'end'; pid: number }
  /** Stop everything and exit. */
  | { name: 'stop' };

/** `done` false: it did not work; `said` holds what the program printed. `pid`: the server's process. */
export type Reply = { done: boolean; said: string; pid?: number };

const dataFolder = process.argv[2] ?? '.';
const inUse = join(dataFolder, 'in-use.json');

let lock: DatabaseSync | undefined;
let step: ChildProcess | undefined;
let server: ChildProcess | undefined;
let stopping = false;

/** Node has no file lock of its own. SQLite's is the kernel's: it ends with this process, however that ends. */
function claim(): Reply {
  const file = new DatabaseSync(join(dataFolder, 'lock'), { timeout: 0 });
  try {
    file.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    file.close();
    return { done: false, said: String(error) };
  }
  lock = file;
  writeFileSync(inUse, JSON.stringify({ launcher: process.ppid, keeper: process.pid }));
  return { done: true, said: '' };
}

function start(program: Program, stdio: ('pipe' | 'ignore' | number)[], detached: boolean): ChildProcess {
  const { file, args, workingFolder: cwd, account } = program;
  // Not the launcher's environment: its PG* and LC_* variables would change what the programs do.
  const env = process.platform === 'win32' ? process.env : { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
  return spawn(file, args, { cwd, env, stdio, detached, windowsHide: true, ...account });
}

/** Resolves with the reason once the process has ended, or could not be started. */
function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? '' : `ended with ${signal ?? `code ${code}`}`));
  });
}

async function run(program: Program, input: string): Promise<Reply> {
  // Its own process group, so that the programs which it starts in turn can be ended with it.
  step = start(program, ['pipe', 'pipe', 'pipe'], process.platform !== 'win32');
  let said = '';
  step.stdout?.on('data', (text) => (said += text));
  step.stderr?.on('data', (text) => (said += text));
  step.stdin?.on('error', () => undefined);
  step.stdin?.end(input);
  const reason = await ended(step);
  step = undefined;
  return { done: reason === '', said: `${said}${reason}` };
}

async function serve(program: Program, cluster: string, log: string): Promise<Reply> {
  const output = openSync(log, 'a', 0o600);
  const child = start(program, ['ignore', output, output], false);
  closeSync(output);
  server = child;
  let reason: string | undefined;
  const end = ended(child).then((why) => {
    reason = why || 'ended';
    server = undefined;
  });
  while (reason === undefined) {
    if (child.pid !== undefined && acceptsConnections(cluster, child.pid)) {
      // A server that ends on its own leaves nothing to keep.
      void end.then(() => leave());
      return { done: true, said: '', pid: child.pid };
    }
    await Promise.race([end, pause(15)]);
  }
  return { done: false, said: reason };
}

/** The first and the eighth line of postmaster.pid: the server's process and its state (miscadmin.h of PostgreSQL). */
function acceptsConnections(cluster: string, pid: number): boolean {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}

/** Fast shutdown, then immediate shutdown, then the kernel's: each with its time, in milliseconds. */
async function end(pid: number): Promise<Reply> {
  for (const [signal, patience] of [
    ['SIGINT', 15_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    const until = Date.now() + patience;
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended already; isRunning says so.
    }
    while (Date.now() < until) {
      if (!isRunning(pid)) return { done: true, said: '' };
      await pause(15);
    }
  }
  return { done: false, said: `Process ${pid} does not end.` };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    // A process that has ended but was not waited for by its parent still has a number (state Z).
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return true;
  }
}

/** Stops what runs and exits; whoever waits for the folder reads from the missing in-use.json that it will be free. */
async function leave(): Promise<void> {
  if (stopping) return;
  stopping = true;
  if (lock) rmSync(inUse, { force: true });
  if (step?.pid !== undefined) process.kill(process.platform === 'win32' ? step.pid : -step.pid, 'SIGKILL');
  if (server?.pid !== undefined) await end(server.pid);
  lock?.close();
  process.exit(0);
}

async function carryOut(order: Order): Promise<Reply> {
  switch (order.name) {
    case 'claim':
      return claim();
    case 'run':
      return run(order.program, order.input);
    case 'serve':
      return serve(order.program, order.cluster, order.log);
    case 'end':
      return end(order.pid);
    case 'stop':
      await leave();
      return { done: true, said: '' };
  }
}

process.on('message', (order: Order) => {
  void carryOut(order)
    .catch((error: unknown): Reply => ({ done: false, said: String(error) }))
    .then((reply) => {
      if (process.connected) process.send?.(reply, () => undefined);
    });
});
process.on('disconnect', () => void leave());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void leave());
