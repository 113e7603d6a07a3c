import { LogStore, type NewLeaf } from '@adapters/transparency-log-sqlite';
import { committed, commitTo, leafOf, newId, type SaltedDigest } from '@foundation/eventing';
import {
  canonicalize,
  COSIGNATURE_V1,
  ED25519,
  formatCheckpoint,
  formatSignerKey,
  formatVerifierKey,
  leafHash,
  parsePolicy,
  parseSignerKey,
  signNote,
  type SignerKey,
  TileTree,
} from '@foundation/transparency';
import type { Instant } from '@kernel';
import { randomBytes } from 'node:crypto';
import type { Contents } from '../../apps/auditor/src/contents.js';
import type { Trust } from '../../apps/auditor/src/verify.js';

export const ORIGIN = 'lodestone/test';
export const NOON = Date.parse('2026-06-01T12:00:00Z') / 1_000;
export const keyOf = (name: string, type: number): SignerKey =>
  parseSignerKey(formatSignerKey(name, type, randomBytes(32)));
export const logKey = keyOf(ORIGIN, ED25519);
export const france = keyOf('witness/fr', COSIGNATURE_V1);
export const japan = keyOf('witness/jp', COSIGNATURE_V1);
export const stranger = keyOf('witness/fr', COSIGNATURE_V1);

export const policyText = [
  `log ${formatVerifierKey(logKey.verifier)}`,
  `witness fr ${formatVerifierKey(france.verifier)}`,
  `witness jp ${formatVerifierKey(japan.verifier)}`,
  'group both all fr jp',
  'quorum both',
  '',
].join('\n');
export const trust: Trust = { policy: parsePolicy(policyText) };

export const signedBy = (text: string, log: SignerKey, witnesses: readonly SignerKey[], time = NOON): string =>
  signNote(text, [log.at(), ...witnesses.map((witness) => witness.at(time))]);

export type Secret = { readonly data: { readonly quantity: string }; readonly commitment: SaltedDigest };

/** A log of so many events in a file, published under a checkpoint that both witnesses cosigned. */
export const logOf = (file: string, count: number, from: LogStore | null = null): Map<string, Secret> => {
  const store = LogStore.open(file, ORIGIN);
  const secrets = new Map<string, Secret>();
  const tree = new TileTree();
  const leaves: NewLeaf[] = [];
  for (let at = 0; at < count; at++) {
    const eventId = newId();
    const data = { quantity: String(at) };
    const metadata = committed(data, {
      actor: 'a',
      party: 'JP',
      roles: ['DELEGATE'],
      commandId: newId(),
      commandDigest: commitTo(data),
      correlationId: 'c',
      causationId: 'c',
      recordedAt: '2026-06-01T09:00:00.000Z' as Instant,
      policyVersion: 1,
    });
    secrets.set(eventId, { data, commitment: metadata.commitment });
    const taken = from?.leaves(at, at + 1)[0]?.text;
    const text =
      taken ??
      leafOf({
        stream: `test-${newId()}`,
        revision: 0n,
        id: eventId,
        type: 'test.Said.v1',
        metadata,
      });
    const hash = leafHash(Buffer.from(text));
    tree.append(hash);
    leaves.push({ eventId: (JSON.parse(text) as { eventId: string }).eventId, position: BigInt(at), text, hash });
  }
  store.append(leaves, tree.takeTiles(), BigInt(count));
  const text = formatCheckpoint({ origin: ORIGIN, size: count, root: tree.root() });
  store.keepCheckpoint(signedBy(text, logKey, [france, japan]));
  store.close();
  return secrets;
};

export const contentsOf = (secrets: ReadonlyMap<string, Secret>): Contents => ({
  of: (leaves) =>
    Promise.resolve(
      leaves.map(({ eventId }) => {
        const secret = secrets.get(eventId);
        return secret ? { salt: secret.commitment.salt!, json: canonicalize(secret.data) } : null;
      }),
    ),
});
