import { generateKeyPairSync } from 'node:crypto';
import { LodestoneClient, signingWith } from '@adapters/lodestone-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/waiting.js';
import { startPlatform, type RunningPlatform } from './support/platform.js';

type Act = { id: string; command: string; input: string; digest: string; state: string; lapsesAt: string };
const ACTS = '{ acts { totalCount nodes { id command input digest state lapsesAt } } }';

let platform: RunningPlatform;
const made: LodestoneClient[] = [];
const client = (country: string | null, role: string, person: string, more: object = {}): LodestoneClient => {
  const one = new LodestoneClient({
    url: platform.graphql,
    token: platform.tokenOf({ country, roles: [role], person }),
    ...more,
  });
  made.push(one);
  return one;
};
const actsOf = async (of: LodestoneClient): Promise<readonly Act[]> =>
  (await of.query<{ acts: { nodes: Act[] } }>(ACTS)).acts.nodes;

describe('A command that takes two persons', () => {
  const keys = generateKeyPairSync('ed25519');
  const sign = signingWith('US', keys.privateKey);
  let author: LodestoneClient;
  let approver: LodestoneClient;
  const outsiders: LodestoneClient[] = [];

  beforeAll(async () => {
    platform = await startPlatform();
    const secretary = client(null, 'SECRETARIAT', 'keeper');
    for (const country of ['JP', 'US'])
      expect(await secretary.command('admitMember', { country, since: '2026-05-01' })).toMatchObject({
        accepted: true,
      });
    author = client('US', 'DELEGATE', 'author', { sign });
    approver = client('US', 'APPROVER', 'approver', { sign });
    outsiders.push(
      client('JP', 'DELEGATE', 'delegate'),
      client('JP', 'APPROVER', 'approver'),
      secretary,
      client(null, 'OBSERVER', 'observer'),
    );
    const publicKey = JSON.stringify(keys.publicKey.export({ format: 'jwk' }));
    const plain = client('US', 'DELEGATE', 'author');
    for (const [mutation, input] of [
      ['registerKey', { ministry: 'Department of Energy', publicKey }],
      ['demandSignatures', { on: true, reason: 'Order 7' }],
    ] as const)
      expect(await plain.command(mutation, input)).toMatchObject({ accepted: true });
  });
  afterAll(async () => {
    await Promise.all(made.map((each) => each.close()));
    await platform?.stop();
  });

  it('is known to its party alone until the second has approved what it has seen', async () => {
    const heard: unknown[] = [];
    const listening = outsiders.map((each) => each.subscribe<object>('subscription { actChanged { act { id } } }'));
    for (const each of listening) void (async () => { for await (const one of each) heard.push(one); })(); // prettier-ignore
    const before = await Promise.all(outsiders.map(actsOf));
    const stands = '{ signingKeys(filter: { party: ["US"] }) { nodes { kid isDemanded: ministry } } }';
    const keysBefore = await outsiders[0]!.query(stands);

    const off = { on: false, reason: 'Order 8', commandId: 'lift' };
    const prepared = await author.prepare('demandSignatures', off);
    expect(prepared).toMatchObject({ prepared: true, commandId: 'lift' });
    if (!('act' in prepared)) throw new Error(JSON.stringify(prepared));
    expect(await author.prepare('demandSignatures', off)).toEqual(prepared);

    const [act] = await until('listed', async () => {
      const acts = await actsOf(approver);
      return acts.length > 0 ? acts : null;
    });
    expect(act).toMatchObject({ id: prepared.act, command: 'DemandSignatures', state: 'PREPARED' });
    expect(JSON.parse(act!.input)).toEqual({ on: false, reason: 'Order 8' });
    expect(act!.digest).toBe(prepared.digest);

    // Others see, count and hear nothing, and what they send is answered as for an act that there is not.
    expect(await Promise.all(outsiders.map(actsOf))).toEqual(before);
    expect(await outsiders[0]!.query(stands)).toEqual(keysBefore);
    const approval = { id: act!.id, digest: act!.digest };
    const absent = { ...approval, id: '00000000-0000-4000-8000-000000000000' };
    for (const each of outsiders) {
      const answers = [await each.command('approveAct', approval), await each.command('approveAct', absent)];
      expect(answers[0]).toEqual(answers[1]);
      expect(answers[0]).toMatchObject({ accepted: false });
    }
    // It still holds what it is to end.
    const unsigned = client('US', 'DELEGATE', 'author');
    expect(await unsigned.command('foundGroup', { name: 'G', members: [] })).toMatchObject({
      code: 'SIGNATURES.REQUIRED',
    });

    expect(await author.command('approveAct', approval)).toMatchObject({ code: 'ACCESS.DENIED' });
    expect(await approver.command('approveAct', { ...approval, digest: 'x' })).toMatchObject({
      code: 'ACTS.DIFFERENT',
    });
    const approved = await approver.command('approveAct', approval);
    expect(approved).toMatchObject({ accepted: true, recorded: true });
    expect(await approver.command('approveAct', approval)).toMatchObject({ accepted: true, recorded: true });
    await until('shown as carried out', async () => (await actsOf(approver))[0]?.state === 'CARRIED_OUT');
    expect(await approver.command('withdrawAct', { id: act!.id })).toMatchObject({ code: 'ACTS.CARRIED_OUT' });
    expect(await unsigned.command('foundGroup', { name: 'G', members: ['JP'] })).toMatchObject({ accepted: true });
    expect(heard).toEqual([]);
  });

  it('is not for one who thinks that one is enough', async () => {
    expect(await author.command('demandSignatures', { on: true, reason: 'Order 9' })).toMatchObject({ accepted: true });
    await expect(author.command('demandSignatures', { on: false, reason: 'Order 10' })).rejects.toThrow(
      'second person',
    );
    const [act] = await until('listed', async () => {
      const open = (await actsOf(approver)).filter(({ state }) => state === 'PREPARED');
      return open.length > 0 ? open : null;
    });
    expect(await author.command('withdrawAct', { id: act!.id })).toMatchObject({ recorded: true });
    expect(await approver.command('approveAct', { id: act!.id, digest: act!.digest })).toMatchObject({
      code: 'ACTS.WITHDRAWN',
    });
  });
});
