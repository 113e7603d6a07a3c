import { isDeepStrictEqual } from 'node:util';

/** What the demo says of the platform, each checked when it is said. */
export class Claims {
  readonly wrong: string[] = [];
  #made = 0;

  get made(): number {
    return this.#made;
  }

  /** @param claim a sentence that is true when what was found is what was expected */
  hold(claim: string, found: unknown, expected: unknown): void {
    this.#made++;
    if (isDeepStrictEqual(found, expected)) return;
    this.wrong.push(`${claim}\n    expected ${JSON.stringify(expected)}\n    found    ${JSON.stringify(found)}`);
  }
}
