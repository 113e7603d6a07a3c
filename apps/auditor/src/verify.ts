import { leafIn } from './bundle.js';
import { linesIn } from './bundle-lines.js';
import { BundleRefused } from './bundle-refused.js';
import { BundleVerifier, type OnLeaf, type Verified } from './bundle-verifier.js';
import type { Trust } from './trusted-checkpoint.js';

export { BundleRefused, type Trust, type Verified };

/**
 * Verifies a bundle, with no network and no trust in whoever made it. Reads it once, line by line.
 *
 * @throws BundleRefused
 */
export const verifyBundle = async (file: string, trust: Trust, onLeaf: OnLeaf = () => undefined): Promise<Verified> => {
  const leaves = verified(file, trust, onLeaf);
  for (;;) {
    const { done, value } = await leaves.next();
    if (done) return value;
  }
};

/** A leaf of a log that is proved to be in it. */
export type ProvedLeaf = { readonly index: number; readonly text: string };

/**
 * The same, with the leaves as they are proved. The bundle as a whole is verified when they have come to their end.
 *
 * @throws BundleRefused
 */
export async function* provedLeaves(file: string, trust: Trust): AsyncGenerator<ProvedLeaf, Verified> {
  let proved: ProvedLeaf[] = [];
  const steps = verified(file, trust, (index, _, line) =>
    proved.push({ index, text: leafIn(line, index).toString('utf8') }),
  );
  for (;;) {
    const { done, value } = await steps.next();
    if (done) return value;
    yield* proved;
    proved = [];
  }
}

/** Yields whenever some lines more are verified. */
async function* verified(file: string, trust: Trust, onLeaf: OnLeaf): AsyncGenerator<void, Verified> {
  const verifier = new BundleVerifier(trust, onLeaf);
  const lines = linesIn(file);
  for (;;) {
    const { done, value } = await lines.next();
    if (done) return verifier.end(value);
    for (const line of value) verifier.line(line);
    yield;
  }
}
