import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What became of the code without a guard. */
export type Verdict =
  /** A test failed; `isLate` where it only was not ready in time. */
  | { readonly is: 'caught'; readonly by: string; readonly isLate?: boolean }
  | { readonly is: 'survives' }
  /** Nothing can be told, for this reason. */
  | { readonly is: 'unclear'; readonly why: string };

/**
 * What was found out about one state of the code, by the names of the guards. It is kept, so that a run that was cut off
 * goes on where it was; another state of the code begins anew.
 */
export class Verdicts {
  static readonly #folder = join('node_modules', '.cache', 'mutants');
  readonly #path: string;
  readonly #found: Map<string, Verdict>;

  constructor(root: string, digest: string) {
    this.#path = join(root, Verdicts.#folder, `${digest}.json`);
    this.#found = new Map(Object.entries(read(this.#path)));
    if (this.#found.size === 0) rmSync(join(root, Verdicts.#folder), { recursive: true, force: true });
    mkdirSync(join(root, Verdicts.#folder), { recursive: true });
  }

  of(name: string): Verdict | undefined {
    return this.#found.get(name);
  }

  note(name: string, verdict: Verdict): void {
    this.#found.set(name, verdict);
    writeFileSync(this.#path, JSON.stringify(Object.fromEntries(this.#found)));
  }
}

const read = (path: string): Record<string, Verdict> => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, Verdict>;
  } catch {
    return {};
  }
};
