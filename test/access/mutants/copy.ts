import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { withoutGuard, type Guard } from './guard.js';

/** The tracked files of the repository as they stand now, in a folder of their own that goes with it. */
export class Copy implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'lodestone-mutants-'));

  constructor(root: string) {
    const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0');
    for (const file of tracked.filter((each) => each !== '' && existsSync(join(root, each)))) {
      mkdirSync(dirname(join(this.folder, file)), { recursive: true });
      cpSync(join(root, file), join(this.folder, file));
    }
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'), 'dir');
  }

  /** Compiles what stands there now. */
  build(): void {
    rmSync(join(this.folder, 'dist'), { recursive: true, force: true });
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: this.folder, stdio: 'inherit' });
  }

  /** Takes a guard out of the code, until what is returned is disposed of. */
  without(guard: Guard): Disposable {
    const path = join(this.folder, guard.file);
    const content = readFileSync(path, 'utf8');
    writeFileSync(path, withoutGuard(guard, content));
    return { [Symbol.dispose]: () => writeFileSync(path, content) };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
