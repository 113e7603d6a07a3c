import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, lstatSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { installedBinaries, makeRunnable } from './binaries.js';
import { openServerFolder } from './server-folder.js';

const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? it : it.skip;

describe('the PostgreSQL programs', () => {
  let home: string;
  let native: string;

  /** A fresh installation whose install script never ran: the symbolic links are missing. */
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'lodestone-binaries-'));
    chmodSync(home, 0o755);
    native = join(home, 'package', 'native');
    const isLink = (file: string) => lstatSync(file).isSymbolicLink();
    const filter = (file: string) => !isLink(file) && !file.endsWith('.a') && basename(file) !== 'share';
    cpSync(installedBinaries().native, native, { recursive: true, filter });
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it('run where npm ran no install scripts, without being copied', () => {
    const steps: string[] = [];
    const folder = openServerFolder(join(home, 'data'));

    const { postgres } = makeRunnable({ native, version: 'trial' }, folder, (step) => steps.push(step));

    expect(postgres.startsWith(native)).toBe(true);
    expect(spawnSync(postgres, ['--version'], { encoding: 'utf8' }).stdout).toMatch(/^postgres \(PostgreSQL\) 18\./);
    expect(steps).toEqual([]);
  });

  asRoot('are copied beside the data folder when the server account cannot reach the installation', () => {
    chmodSync(join(home, 'package'), 0o700);
    const folder = openServerFolder(join(home, 'data'));

    const { postgres } = makeRunnable({ native, version: 'trial' }, folder, () => undefined);

    expect(postgres).toBe(join(folder.path, 'binaries', 'postgresql-trial', 'bin', 'postgres'));
    const { status } = spawnSync(postgres, ['--version'], { uid: 65534, gid: 65534 });
    expect(status).toBe(0);
  });

  it('are refused with the way out when they cannot run here', () => {
    const broken = join(home, 'broken');
    mkdirSync(join(broken, 'bin'), { recursive: true });
    const folder = openServerFolder(join(home, 'data'));

    expect(() => makeRunnable({ native: broken, version: 'broken' }, folder, () => undefined)).toThrow(/DATABASE_URL/);
  });

  it('are missed with the name of the platform and the way out', () => {
    const arch = Object.getOwnPropertyDescriptor(process, 'arch')!;
    Object.defineProperty(process, 'arch', { ...arch, value: 'riscv64' });
    try {
      expect(installedBinaries).toThrow(/no PostgreSQL programs for \w+-riscv64.*DATABASE_URL/s);
    } finally {
      Object.defineProperty(process, 'arch', arch);
    }
  });
});
