import { beforeAll, describe, expect, it } from '@jest/globals';
import type { CommandAccepted, LodestoneClient } from '@adapters/lodestone-client';
import { sharedPlatform, type RunningPlatform } from '../support/platform.js';

export const briefStory = (): void =>
  describe('Briefs', () => {
    let platform: RunningPlatform;
    let japan: LodestoneClient;
    let america: LodestoneClient;
    let germany: LodestoneClient;

    beforeAll(async () => {
      platform = await sharedPlatform();
      [japan, america, germany] = ['JP', 'US', 'DE'].map((country) => platform.as(country, 'DELEGATE')) as [
        LodestoneClient,
        LodestoneClient,
        LodestoneClient,
      ];
      const secretariat = platform.as(null, 'SECRETARIAT');
      for (const country of ['JP', 'US', 'DE'])
        await done(secretariat, 'admitMember', { country, since: '2026-05-01' });
      await done(secretariat, 'registerMaterial', {
        code: 'gallium',
        name: 'Gallium',
        group: 'minor metals',
        hsCodes: ['811292'],
      });
    });

    const done = async (who: LodestoneClient, mutation: string, input: object): Promise<CommandAccepted> => {
      const outcome = await who.command(mutation, input);
      if (!outcome.accepted) throw new Error(`${mutation} was refused: ${JSON.stringify(outcome)}`);
      return outcome;
    };

    describe('A brief from another country’s record', () => {
      it('is asked for, approved, written for a wider audience, written anew and withdrawn', async () => {
        const { recordId: project } = await done(japan, 'proposeProject', {
          title: 'Gallium from alumina liquor',
          materials: ['gallium'],
          stages: ['REFINING'],
          hostCountry: 'JP',
          marking: { releaseTo: ['US'], originatorControl: true },
        });
        const heard = germany.subscribe<{ briefChanged: { brief: { title: string } } }>(
          'subscription { briefChanged { brief { title } } }',
        );
        await heard.opened;
        const source = { kind: 'PROJECT', id: project };
        const asked = await done(america, 'requestUse', {
          source,
          purpose: 'QUOTE',
          audience: ['DE'],
          explanation: 'For the ministers’ meeting.',
        });
        const { useRequests } = await japan.query<{ useRequests: { nodes: object[] } }>(
          `query ($p: Position) { useRequests(atLeast: $p, filter: { status: [REQUESTED] }, orderBy: { field: REQUESTED_AT }) {
        nodes { id requester owner source { kind id } purpose audience explanation status } } }`,
          { p: asked.position },
        );
        expect(useRequests.nodes).toEqual([
          {
            id: asked.recordId,
            requester: 'US',
            owner: 'JP',
            source,
            purpose: 'QUOTE',
            audience: ['DE'],
            explanation: 'For the ministers’ meeting.',
            status: 'REQUESTED',
          },
        ]);
        await done(japan, 'approveUse', { id: asked.recordId, until: '2099-12-31T00:00:00.000Z' });

        const content = { title: 'Gallium', text: 'Japan builds.', sources: [source], approvals: [asked.recordId] };
        const marking = { releaseTo: ['DE'], originatorControl: true };
        const { recordId: id, position } = await done(america, 'writeBrief', { ...content, marking });
        const brief = async (who: LodestoneClient, p: string) =>
          (
            await who.query<{ brief: object }>(
              'query ($id: ID!, $p: Position) { brief(id: $id, atLeast: $p) { owner title text status withdrawnBecause sources { kind id } } }',
              { id, p },
            )
          ).brief;
        const shown = {
          owner: 'US',
          title: 'Gallium',
          text: 'Japan builds.',
          status: 'WRITTEN',
          withdrawnBecause: null,
        };
        expect(await brief(germany, position)).toEqual({ ...shown, sources: [] });
        expect(await brief(america, position)).toEqual({ ...shown, sources: [source] });

        const revised = await done(america, 'reviseBrief', { id, ...content, title: 'Gallium in Japan' });
        expect(await brief(germany, revised.position)).toEqual({ ...shown, title: 'Gallium in Japan', sources: [] });
        const withdrawn = await done(america, 'withdrawBrief', { id, reason: 'overtaken' });
        expect(await brief(germany, withdrawn.position)).toEqual({
          ...shown,
          title: 'Gallium in Japan',
          text: null,
          status: 'WITHDRAWN',
          withdrawnBecause: 'overtaken',
          sources: [],
        });
        for await (const { briefChanged } of heard) {
          expect(briefChanged.brief.title).toMatch(/^Gallium/);
          break;
        }
      });
    });

    describe('Access to what may be there', () => {
      it('is asked for and granted between two parties', async () => {
        const { recordId: id } = await done(germany, 'requestAccess', {
          of: 'JP',
          subject: 'Stocks of gallium',
          material: 'gallium',
          reason: 'A joint reserve.',
        });
        const { position } = await done(japan, 'answerAccessRequest', {
          id,
          answer: 'GRANTED',
          note: 'Released today.',
        });
        const list = `query ($p: Position) { accessRequests(atLeast: $p, filter: { of: ["JP"], material: ["gallium"], status: [GRANTED] }) {
      totalCount nodes { id requester of subject material reason status note } } }`;
        const expected = {
          totalCount: 1,
          nodes: [
            {
              id,
              requester: 'DE',
              of: 'JP',
              subject: 'Stocks of gallium',
              material: 'gallium',
              reason: 'A joint reserve.',
              status: 'GRANTED',
              note: 'Released today.',
            },
          ],
        };
        expect(await germany.query(list, { p: position })).toEqual({ accessRequests: expected });
        expect(await japan.query(list, { p: position })).toEqual({ accessRequests: expected });
        expect(await america.query(list, { p: position })).toEqual({ accessRequests: { totalCount: 0, nodes: [] } });
      });
    });
  });
