import { signingWith, type CommandSigner } from '@adapters/lodestone-client';
import { generateKeyPairSync } from 'node:crypto';
import { approverOf, delegateOf } from './people.js';
import type { Person } from '../../acceptance/support/answers.js';

/** Countries that take no other part. One demands signatures for ever: to end that takes two persons, and is prepared. */
export const PREPARES = 'IS';
/** The other has ended it once, by the first of many acts that say so: to approve another changes nothing but the act. */
export const APPROVES = 'LI';
/** Acts that wait for approval. */
const WAITING = 40;

/** Of the world, where acts are noted. */
type Noting = {
  add(record: { readonly kind: 'act'; readonly id: string; readonly owner: string }): { readonly facts: Set<string> };
};
type Give = (who: Person, mutation: string, input: object) => Promise<{ recordId: string; digest?: string }>;

/** Commands of these two countries, which sign what they send. */
export class Acts {
  readonly #signers = new Map<string, CommandSigner>();
  readonly #digests = new Map<string, string>();

  /** Before anybody is asked anything: what happens here is known to all. */
  async prepare(world: Noting, give: Give): Promise<void> {
    for (const country of [PREPARES, APPROVES]) {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519');
      this.#signers.set(country, signingWith(country, privateKey));
      const key = { ministry: 'Ministry', publicKey: JSON.stringify(publicKey.export({ format: 'jwk' })) };
      await give(delegateOf(country), 'registerKey', key);
      await give(delegateOf(country), 'demandSignatures', { on: true, reason: 'From now on' });
    }
    const lift = (nth: number): object =>
      this.signed(APPROVES, 'demandSignatures', { on: false, reason: `No longer: ${nth}` });
    for (let nth = 0; nth <= WAITING; nth++) {
      const { recordId: id, digest } = await give(delegateOf(APPROVES), 'demandSignatures', lift(nth));
      this.#digests.set(id, digest!);
      if (nth === 0) continue;
      world.add({ kind: 'act', id, owner: APPROVES }).facts.add('does nothing');
    }
    const [[id, digest]] = this.#digests as unknown as [[string, string]];
    await give(approverOf(APPROVES), 'approveAct', this.signed(APPROVES, 'approveAct', { id, digest }));
  }

  signed(country: string, mutation: string, input: object): Record<string, unknown> {
    return this.#signers.get(country)!(mutation, input) as Record<string, unknown>;
  }

  digestOf(act: string): string {
    return this.#digests.get(act)!;
  }
}
