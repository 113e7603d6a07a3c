import { randomUUID } from 'node:crypto';
import { LodestoneClient } from '@adapters/lodestone-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sharedPlatform, type RunningPlatform } from '../support/platform.js';

type Found = { readonly __typename: string; readonly id: string } | null;

export const nodeStory = (): void =>
  describe('Global ids', () => {
    let platform: RunningPlatform;
    let [project, pledge] = ['', ''];
    const made: LodestoneClient[] = [];
    const client = (country: string | null, role: string): LodestoneClient => {
      const one = new LodestoneClient({
        url: platform.graphql,
        token: platform.tokenOf({ country, roles: [role] }),
      });
      made.push(one);
      return one;
    };
    const node = async (of: LodestoneClient, id: string): Promise<Found> =>
      (await of.query<{ node: Found }>('query ($id: ID!) { node(id: $id) { __typename id } }', { id })).node;
    const proposed = async (): Promise<{ recordId: string; record: object; position: string }> => {
      const input = { title: 'Indium', materials: ['indium'], stages: ['REFINING'], hostCountry: 'JP' };
      const { outcome } = await client('JP', 'DELEGATE').query<{ outcome: never }>(
        `mutation ($input: ProposeProjectInput!) { outcome: proposeProject(input: $input) {
          ... on CommandAccepted { recordId position record { id ... on Project { title status } } } } }`,
        { input },
      );
      return outcome;
    };

    beforeAll(async () => {
      platform = await sharedPlatform();
      const secretary = client(null, 'SECRETARIAT');
      for (const country of ['JP', 'US']) await secretary.command('admitMember', { country, since: '2026-05-01' });
      const material = { code: 'indium', name: 'Indium', group: 'minor metals', hsCodes: ['811292'] };
      await secretary.command('registerMaterial', material);
      project = (await proposed()).recordId;
      const pledged = await client('JP', 'DELEGATE').command('pledgeInvestment', {
        ...{ projectId: project, kind: 'GRANT', amount: '10', currency: 'EUR' },
      });
      if (!pledged.accepted) throw new Error(JSON.stringify(pledged));
      pledge = pledged.recordId;
      const showsPledge = 'query ($id: ID!, $atLeast: Position) { node(id: $id, atLeast: $atLeast) { id } }';
      await client('JP', 'LIAISON').query(showsPledge, { id: pledge, atLeast: pledged.position });
    });
    afterAll(async () => {
      await Promise.all(made.map((each) => each.close()));
    });

    it('find a record of any kind', async () => {
      const japan = client('JP', 'LIAISON');
      expect(await node(japan, project)).toEqual({ __typename: 'Project', id: project });
      expect(await node(japan, pledge)).toEqual({ __typename: 'Pledge', id: pledge });
      expect(await node(japan, 'Material:indium')).toEqual({ __typename: 'Material', id: 'Material:indium' });
      expect(await node(japan, 'Member:JP')).toEqual({ __typename: 'Member', id: 'Member:JP' });
    });

    it('are those that lists and single records show', async () => {
      const japan = client('JP', 'LIAISON');
      const shown = await japan.query<Record<string, { id: string }>>(
        '{ material(code: "indium") { id } member(country: "JP") { id } }',
      );
      expect(shown).toEqual({ material: { id: 'Material:indium' }, member: { id: 'Member:JP' } });
      const { pledge: one } = await japan.query<{ pledge: object }>('query ($id: ID!) { pledge(id: $id) { amount } }', {
        id: pledge,
      });
      expect(one).toEqual({ amount: '10' });
    });

    it('find nothing that was not released, as if it did not exist', async () => {
      const america = client('US', 'DELEGATE');
      for (const id of [project, pledge, randomUUID(), 'Material:unobtainium', 'Nonsense:x', ''])
        expect(await node(america, id)).toBeNull();
      const { nodes } = await america.query<{ nodes: Found[] }>('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
        ids: [project, 'Member:US', pledge],
      });
      expect(nodes).toEqual([null, { id: 'Member:US' }, null]);
    });

    it('are asked for a hundred at a time', async () => {
      const ids = Array.from({ length: 101 }, () => randomUUID());
      const asked = client('JP', 'LIAISON').query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
      await expect(asked).rejects.toThrow('ids must be at most 100');
    });

    it('bring the record as its command left it', async () => {
      const { recordId, record } = await proposed();
      expect(record).toEqual({ id: recordId, title: 'Indium', status: 'PROPOSED' });
    });
  });
