/**
 * The page makes no HTML, script or script address from text, and the browser holds it to that: the policy lets through
 * the empty text alone, by which React Aria clears what it has announced.
 */
const refuse = (): never => {
  throw new TypeError('The console makes no HTML or script from text.');
};

type Policies = { createPolicy(name: string, rules: Record<string, (text: string) => string>): unknown };

const { trustedTypes } = globalThis as { trustedTypes?: Policies };
trustedTypes?.createPolicy('default', {
  createHTML: (text) => (text === '' ? '' : refuse()),
  createScript: refuse,
  createScriptURL: refuse,
});
