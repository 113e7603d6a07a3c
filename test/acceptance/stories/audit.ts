import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LodestoneClient, signingWith, type CommandAccepted } from '@adapters/lodestone-client';
import { EventStoreDBClient } from '@eventstore/db-client';
import { leafOf, openReceipt, type Metadata } from '@foundation/eventing';
import type { Marked } from '@kernel';
import { leafHash, parseSignerKey } from '@foundation/transparency';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sharedPlatform, type RunningPlatform } from '../support/platform.js';

export const auditStory = (): void =>
  describe('Receipts and signatures', () => {
    const PROJECT = { materials: ['gallium'], stages: ['REFINING'], hostCountry: 'JP' };

    let platform: RunningPlatform;
    const made: LodestoneClient[] = [];
    const client = (country: string | null, role: string, more: object = {}): LodestoneClient => {
      const token = platform.tokenOf({ country, roles: [role] });
      const one = new LodestoneClient({ url: platform.graphql, token, ...more });
      made.push(one);
      return one;
    };
    const done = async (of: LodestoneClient, mutation: string, input: object): Promise<CommandAccepted> => {
      const outcome = await of.command(mutation, input);
      if (!outcome.accepted) throw new Error(`${mutation} was refused: ${JSON.stringify(outcome)}`);
      return outcome;
    };
    const codeOf = async (of: LodestoneClient, mutation: string, input: object): Promise<string | null> => {
      const outcome = await of.command(mutation, input);
      return outcome.accepted ? null : outcome.code;
    };

    type Raw = {
      id: string;
      streamId: string;
      revision: bigint;
      type: string;
      data: Partial<Marked>;
      metadata: Metadata;
    };
    /** The events of a stream as the store holds them. */
    const raw = async (stream: string): Promise<Raw[]> => {
      const store = EventStoreDBClient.connectionString(platform.eventStore);
      const found: Raw[] = [];
      for await (const { event } of store.readStream(stream)) found.push(event as never);
      await store.dispose();
      return found;
    };

    beforeAll(async () => {
      platform = await sharedPlatform();
      const secretary = client(null, 'SECRETARIAT');
      for (const country of ['JP', 'US']) await done(secretary, 'admitMember', { country, since: '2026-05-01' });
      const material = { code: 'gallium', name: 'Gallium', group: 'minor metals', hsCodes: ['811292'] };
      await done(secretary, 'registerMaterial', material);
    });
    afterAll(async () => {
      await Promise.all(made.map((each) => each.close()));
    });

    describe('A receipt', () => {
      it('names what the command made, as the log will hold it', async () => {
        const file = join(platform.folder, 'receipt.key');
        expect(statSync(file).mode & 0o777).toBe(0o600);
        const { verifier } = parseSignerKey(readFileSync(file, 'utf8'));
        const japan = client('JP', 'DELEGATE');
        const input = { ...PROJECT, title: 'Gallium in Kyushu', commandId: 'receipt' };
        const proposed = await done(japan, 'proposeProject', input);
        const [event] = await raw(`project-${proposed.recordId}`);
        const { streamId: stream, data, ...own } = event!;
        const { id, metadata } = own;
        const { leaves, includeBy } = openReceipt(proposed.receipt!, [verifier]);
        expect(leaves).toEqual([
          { eventId: id, leafHash: leafHash(Buffer.from(leafOf({ ...own, stream, marking: data.marking }))) },
        ]);
        expect(Date.parse(includeBy) - Date.parse(metadata.recordedAt)).toBe(60_000);
        expect(await japan.command('proposeProject', input)).toEqual(proposed);
      });
    });

    describe('A ministry that signs', () => {
      let keys: { publicKey: KeyObject; privateKey: KeyObject };
      let registered: string;
      let plain: LodestoneClient;
      let signing: LodestoneClient;
      const project = (title: string) => ({ ...PROJECT, title });

      beforeAll(async () => {
        keys = generateKeyPairSync('ed25519');
        plain = client('US', 'DELEGATE');
        signing = client('US', 'DELEGATE', { sign: signingWith('US', keys.privateKey) });
        const publicKey = JSON.stringify(keys.publicKey.export({ format: 'jwk' }));
        const { position } = await done(plain, 'registerKey', { ministry: 'Department of Energy', publicKey });
        const { signingKeys } = await client('JP', 'LIAISON').query<{ signingKeys: { nodes: { kid: string }[] } }>(
          'query ($p: Position) { signingKeys(atLeast: $p, filter: { party: ["US"] }) { nodes { kid ministry } } }',
          { p: position },
        );
        registered = signingKeys.nodes[0]!.kid;
      });

      it('has its signature with the fact, and its key in the leaf', async () => {
        const proposed = await done(signing, 'proposeProject', project('signed'));
        const [{ metadata, ...event }] = (await raw(`project-${proposed.recordId}`)) as [Raw];
        // The signature itself is sealed with what it signs: a guess could be checked by it.
        expect(metadata.signature).toEqual({ kid: registered });
        const leaf = leafOf({ ...event, stream: event.streamId, marking: event.data.marking, metadata });
        expect(JSON.parse(leaf)).toMatchObject({ actorKeyId: registered });
      });
      it('is refused what somebody changed on the way, signed with another key, or signed long ago', async () => {
        const sign = signingWith('US', keys.privateKey);
        const sent = sign('proposeProject', project('as signed'));
        expect(await codeOf(plain, 'proposeProject', { ...sent, title: 'changed' })).toBe('SIGNATURES.INVALID');
        expect(await codeOf(plain, 'proposeProject', { ...sent, commandId: 'other' })).toBe('SIGNATURES.INVALID');
        const other = signingWith('US', generateKeyPairSync('ed25519').privateKey);
        expect(await codeOf(plain, 'proposeProject', other('proposeProject', project('x')))).toBe('SIGNATURES.INVALID');
        const ofJapan = signingWith('JP', keys.privateKey);
        expect(await codeOf(client('JP', 'DELEGATE'), 'proposeProject', ofJapan('proposeProject', project('x')))).toBe(
          'SIGNATURES.INVALID',
        );
        const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() - 600_000);
        const old = sign('proposeProject', project('old'));
        now.mockRestore();
        expect(await codeOf(plain, 'proposeProject', old)).toBe('SIGNATURES.INVALID');
        expect(await codeOf(plain, 'proposeProject', sent)).toBeNull();
      });
      it('is refused a key that proves nothing', async () => {
        const neutral = Buffer.from([1, ...Array<number>(31).fill(0)]).toString('base64url');
        expect(await codeOf(plain, 'registerKey', { ministry: 'None', publicKey: neutral })).toBe('INPUT.INVALID');
      });
      it('may demand that all its commands are signed', async () => {
        await done(signing, 'demandSignatures', { on: true, reason: 'Order 7' });
        expect(await codeOf(plain, 'proposeProject', project('unsigned'))).toBe('SIGNATURES.REQUIRED');
        expect(await codeOf(signing, 'revokeKey', { kid: registered, reason: 'lost' })).toBe('KEYS.LAST_ONE');
        expect(await codeOf(client('JP', 'DELEGATE'), 'proposeProject', project('of Japan'))).toBeNull();
        const lifted = await signing.prepare('demandSignatures', { on: false, reason: 'Order 8' });
        if (!('act' in lifted)) throw new Error(JSON.stringify(lifted));
        const second = client('US', 'APPROVER', { sign: signingWith('US', keys.privateKey) });
        await done(second, 'approveAct', { id: lifted.act, digest: lifted.digest });
        await done(signing, 'revokeKey', { kid: registered, reason: 'lost' });
        expect(await codeOf(signing, 'proposeProject', project('too late'))).toBe('SIGNATURES.INVALID');
        expect(await codeOf(plain, 'proposeProject', project('unsigned'))).toBeNull();
      });
    });
  });
