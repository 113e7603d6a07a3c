import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { needsBuild, withoutGuard, type Guard } from './guard.js';

/** The tracked files of the repository as they stand now, in a folder of their own that goes with the process. */
export class Copy {
  readonly folder = mkdtempSync(join(tmpdir(), 'lodestone-mutants-'));

  private constructor(
    /** Names what the files hold: the same for the same code. */
    readonly digest: string,
  ) {
    process.once('exit', () => rmSync(this.folder, { recursive: true, force: true }));
  }

  /** Copies the files, and builds what stands in them. */
  static made(root: string): Copy {
    const listed = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0');
    const files = listed.filter((each) => each !== '' && existsSync(join(root, each)));
    const hash = createHash('sha256');
    for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
    const copy = new Copy(hash.digest('hex'));
    for (const file of files) {
      mkdirSync(dirname(join(copy.folder, file)), { recursive: true });
      cpSync(join(root, file), join(copy.folder, file));
    }
    symlinkSync(join(root, 'node_modules'), join(copy.folder, 'node_modules'), 'dir');
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: copy.folder, stdio: 'inherit' });
    return copy;
  }

  /** Another one of the same. */
  twin(): Copy {
    const twin = new Copy(this.digest);
    cpSync(this.folder, twin.folder, { recursive: true, verbatimSymlinks: true });
    return twin;
  }

  /** Takes a guard out of the code, and out of the build where its specs see that, until what is returned is disposed of. */
  without(guard: Guard): Disposable {
    const changed = [guard.file, ...(needsBuild(guard) ? [join('dist', guard.file.replace(/\.ts$/, '.js'))] : [])];
    const before = changed.map((file) => [join(this.folder, file), readFileSync(join(this.folder, file))] as const);
    const restore = (): void => before.forEach(([path, content]) => writeFileSync(path, content));
    try {
      const [[source, content]] = before as [(typeof before)[number]];
      writeFileSync(source, withoutGuard(guard, content.toString()));
      if (needsBuild(guard)) {
        // The one file: to compile all of them takes longer than most specs.
        const swc = join('node_modules', '.bin', 'swc');
        execFileSync(swc, [guard.file, '-d', 'dist', '--quiet'], { cwd: this.folder, stdio: 'inherit' });
        if (readFileSync(before[1]![0]).equals(before[1]![1])) throw new Error(`${guard.file} was not compiled`);
      }
    } catch (error) {
      restore();
      throw error;
    }
    return { [Symbol.dispose]: restore };
  }
}
