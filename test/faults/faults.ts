import { setTimeout as pause } from 'node:timers/promises';
import { setClock } from '../support/clocks.js';
import type { Proxy } from '../support/proxy.js';
import { fillDisk } from '../support/small-disk.js';
import { until } from '../support/waiting.js';
import { childrenOf, PROGRAMS, signal, type ProgramName } from './processes.js';
import type { Stage } from './stage.js';

/** A number from 0 to 1, the next in a row that its seed decides. */
export type Chance = () => number;

/** One thing that goes wrong. */
export type Fault = {
  readonly group: 'kill' | 'stop' | 'network' | 'disk' | 'clock';
  readonly name: string;
  /** Does it, and undoes what no program could undo: frees the disk, mends the network. */
  readonly happen: (stage: Stage, chance: Chance) => Promise<void>;
  /** Why it cannot be done on this machine; null where it can. */
  readonly leftOut?: (stage: Stage) => string | null;
};

/** Long enough that what waits a few seconds gives up, and sometimes not. */
const lasting = (chance: Chance): Promise<void> => pause(500 + chance() * 7_500);

const killed = (program: ProgramName): Fault => ({
  group: 'kill',
  name: `kill ${program}`,
  happen: async (stage) => {
    const before = stage.processOf(program);
    signal(before, 'SIGKILL');
    await until(`${program} runs again`, () => stage.processOf(program) !== before);
  },
});

/** One of the processes that serve connections: PostgreSQL then ends all of them and recovers. */
const killedBackend: Fault = {
  group: 'kill',
  name: 'kill a connection of PostgreSQL',
  happen: async (stage, chance) => {
    const children = childrenOf(stage.processOf('PostgreSQL'));
    signal(children[Math.floor(chance() * children.length)]!, 'SIGKILL');
    await Promise.resolve();
  },
};

const stopped = (program: ProgramName): Fault => ({
  group: 'stop',
  name: `stop ${program}`,
  happen: async (stage, chance) => {
    const first = stage.processOf(program);
    const all = [first, ...(program === 'PostgreSQL' ? childrenOf(first) : [])];
    for (const pid of all) signal(pid, 'SIGSTOP');
    await lasting(chance);
    for (const pid of all) signal(pid, 'SIGCONT');
  },
});

const network = (store: keyof Stage['proxies'], how: string, act: (proxy: Proxy, chance: Chance) => void): Fault => ({
  group: 'network',
  name: `${how} ${store}`,
  happen: async ({ proxies: { [store]: proxy } }, chance) => {
    act(proxy, chance);
    await lasting(chance);
    proxy.heal();
  },
});

const networks = (['event store', 'PostgreSQL'] as const).flatMap((store) => [
  network(store, 'silent', (proxy) => proxy.silence()),
  network(store, 'forgotten', (proxy) => proxy.forget()),
  network(store, 'cut', (proxy) => proxy.cut()),
  network(store, 'slow', (proxy, chance) => proxy.slowDown(20 + chance() * 180)),
]);

const full = (disk: string): Fault => ({
  group: 'disk',
  name: `full disk of ${disk}`,
  leftOut: ({ disks }) => (disk in disks ? null : 'this machine does not permit mounting a small disk'),
  happen: async ({ disks }, chance) => {
    const makeRoom = fillDisk(disks[disk]!);
    await lasting(chance);
    makeRoom();
  },
});

/** @param mostMs how far it may be off: further than tokens allow, and nobody could sign in */
const shifted = (app: string, mostMs: number): Fault => ({
  group: 'clock',
  name: `clock of ${app}`,
  happen: async ({ clocks }, chance) => {
    setClock(clocks, app, Math.round((chance() * 2 - 1) * mostMs));
    await lasting(chance);
    setClock(clocks, app, 0);
  },
});

const MINUTE_MS = 60_000;

/** Everything that is done to a platform. */
export const FAULTS: readonly Fault[] = [
  ...PROGRAMS.map(killed),
  killedBackend,
  ...PROGRAMS.map(stopped),
  ...networks,
  ...['event store', 'PostgreSQL', 'log'].map(full),
  shifted('api', MINUTE_MS / 2),
  shifted('projector', 60 * MINUTE_MS),
  shifted('event-store', 60 * MINUTE_MS),
  shifted('sequencer', 60 * MINUTE_MS),
];

/** Chance that a seed decides (mulberry32). */
export const chanceOf = (seed: number): Chance => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** So many faults: every one before any comes again, each time in another order. */
export const drawn = (faults: readonly Fault[], rounds: number, chance: Chance): Fault[] => {
  const order: Fault[] = [];
  while (order.length < rounds) {
    const left = [...faults];
    while (left.length > 0) order.push(...left.splice(Math.floor(chance() * left.length), 1));
  }
  return order.slice(0, rounds);
};
