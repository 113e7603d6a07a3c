import { beforeAll, describe, expect, it } from '@jest/globals';
import { EventStoreDBClient } from '@eventstore/db-client';
import type { CommandAccepted, LodestoneClient } from '@adapters/lodestone-client';
import { sharedPlatform, type RunningPlatform } from '../support/platform.js';

export const projectStory = (): void =>
  describe('Projects, stocks and figures', () => {
    let platform: RunningPlatform;
    let secretariat: LodestoneClient;
    let japan: LodestoneClient;
    let unitedStates: LodestoneClient;
    let australia: LodestoneClient;
    let germany: LodestoneClient;

    beforeAll(async () => {
      platform = await sharedPlatform();
      secretariat = platform.as(null, 'SECRETARIAT');
      [japan, unitedStates, australia, germany] = ['JP', 'US', 'AU', 'DE'].map((country) =>
        platform.as(country, 'DELEGATE'),
      ) as [LodestoneClient, LodestoneClient, LodestoneClient, LodestoneClient];
      for (const country of ['JP', 'US', 'AU', 'DE'])
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

    const refining = {
      title: 'Gallium from alumina liquor',
      materials: ['gallium'],
      stages: ['REFINING'],
      hostCountry: 'AU',
    };

    const FUNDING = `query ($id: ID!, $atLeast: Position) { project(id: $id, atLeast: $atLeast) {
  id title status endorsedBy consent { given } funding { currency pledged confirmed drawn count } pledges { id amount country status } } }`;
    type Seen = {
      project: null | {
        id: string;
        title: string;
        status: string;
        funding: { currency: string; pledged: string; confirmed: string; drawn: string; count: number }[];
        pledges: { id: string; amount: string; country: string }[];
      };
    };

    describe('A project from proposal to money', () => {
      it('is proposed, consented to, endorsed, designated, funded and drawn down, and each country sees what it was given', async () => {
        const { recordId: id, position } = await done(japan, 'proposeProject', {
          ...refining,
          marking: { releaseTo: ['US', 'AU', 'SECRETARIAT'] },
        });
        expect((await japan.query<Seen>(FUNDING, { id, atLeast: position })).project?.title).toBe(refining.title);
        expect((await unitedStates.query<Seen>(FUNDING, { id })).project?.id).toBe(id);
        expect((await germany.query<Seen>(FUNDING, { id })).project).toBeNull();

        expect(await secretariat.command('designateProject', { id })).toMatchObject({
          accepted: false,
          code: 'PROJECTS.HOST_CONSENT_MISSING',
        });
        await done(australia, 'giveHostConsent', { id });
        await done(unitedStates, 'endorseProject', { id });
        await done(secretariat, 'designateProject', { id });

        const open = await done(unitedStates, 'pledgeInvestment', {
          projectId: id,
          kind: 'LOAN',
          amount: '40000000',
          currency: 'USD',
          marking: { releaseTo: ['JP', 'AU'] },
        });
        const hidden = await done(japan, 'pledgeInvestment', {
          projectId: id,
          kind: 'EQUITY',
          amount: '15000000.50',
          currency: 'USD',
        });
        expect(await platform.as('US', 'DELEGATE').command('confirmPledge', { id: open.recordId })).toMatchObject({
          accepted: false,
          code: 'ACCESS.DENIED',
        });
        await done(platform.as('US', 'APPROVER'), 'confirmPledge', { id: open.recordId });
        const drawn = await done(unitedStates, 'drawDownPledge', {
          id: open.recordId,
          amount: '2500000',
          on: '2026-10-01',
        });

        const forJapan = (await japan.query<Seen>(FUNDING, { id, atLeast: drawn.position })).project!;
        expect(forJapan.status).toBe('DESIGNATED');
        expect(forJapan.funding).toEqual([
          { currency: 'USD', pledged: '55000000.5', confirmed: '40000000', drawn: '2500000', count: 2 },
        ]);
        const forUnitedStates = (await unitedStates.query<Seen>(FUNDING, { id, atLeast: drawn.position })).project!;
        expect(forUnitedStates.funding).toEqual([
          { currency: 'USD', pledged: '40000000', confirmed: '40000000', drawn: '2500000', count: 1 },
        ]);
        expect(forUnitedStates.pledges.map((pledge) => pledge.id)).not.toContain(hidden.recordId);
        expect((await secretariat.query<Seen>(FUNDING, { id, atLeast: drawn.position })).project!.funding).toEqual([]);
      });

      it('is written to the event store as events, whose first carries the marking, with what they say sealed', async () => {
        const { recordId } = await done(japan, 'proposeProject', { ...refining, marking: { releaseTo: ['US'] } });
        const store = EventStoreDBClient.connectionString(platform.eventStore);
        const types: string[] = [];
        for await (const { event } of store.readAll()) {
          if (event?.streamId !== `project-${recordId}`) continue;
          types.push(event.type);
          expect(event.data).toMatchObject({
            marking: { owner: 'JP', releaseTo: ['country:US'], handling: 'AMBER' },
            sealed: { v: 2 },
          });
          expect(JSON.stringify(event.data)).not.toContain(refining.title);
          expect(event.metadata).toMatchObject({ party: 'JP', policyVersion: 2, commitment: { alg: 'sha256-salted' } });
        }
        await store.dispose();
        expect(types).toEqual(['projects.ProjectProposed.v1']);
      });
    });

    describe('A stock declaration', () => {
      it('is seen by nobody else until a second person approved it, and its correction likewise', async () => {
        const LIST =
          'query ($atLeast: Position) { stockDeclarations(atLeast: $atLeast) { totalCount nodes { id status quantity pendingCorrection { quantity } } } }';
        type List = {
          stockDeclarations: {
            totalCount: number;
            nodes: { id: string; status: string; quantity: string; pendingCorrection: { quantity: string } | null }[];
          };
        };
        const seenBy = async (who: LodestoneClient, atLeast: string) =>
          (await who.query<List>(LIST, { atLeast })).stockDeclarations.nodes.map(
            ({ status, quantity, pendingCorrection }) => [status, quantity, pendingCorrection?.quantity ?? null],
          );
        const approver = platform.as('JP', 'APPROVER');

        const declared = await done(japan, 'declareStock', {
          material: 'gallium',
          form: 'metal',
          purity: '99.9999',
          quantity: '12.5',
          asOf: '2026-09-30',
          marking: { releaseTo: ['US'] },
        });
        expect(await seenBy(japan, declared.position)).toEqual([['PENDING', '12.5', null]]);
        expect(await seenBy(unitedStates, declared.position)).toEqual([]);

        const approved = await done(approver, 'approveDeclaration', { id: declared.recordId });
        expect(await seenBy(unitedStates, approved.position)).toEqual([['APPROVED', '12.5', null]]);
        expect(await seenBy(germany, approved.position)).toEqual([]);

        const corrected = await done(japan, 'correctDeclaration', {
          id: declared.recordId,
          quantity: '13',
          reason: 'Counted again',
        });
        expect(await seenBy(japan, corrected.position)).toEqual([['APPROVED', '12.5', '13']]);
        expect(await seenBy(unitedStates, corrected.position)).toEqual([['APPROVED', '12.5', null]]);

        const again = await done(approver, 'approveDeclaration', { id: declared.recordId });
        expect(await seenBy(unitedStates, again.position)).toEqual([['APPROVED', '13', null]]);
      });
    });

    describe('World production', () => {
      it('shows shares, the largest supplier and the Herfindahl–Hirschman index of what was reported', async () => {
        const figures = [
          ['CN', '980'],
          ['JP', '3'],
          ['KR', '2'],
          ['RU', '15'],
        ] as const;
        let position = '';
        for (const [country, quantity] of figures) {
          ({ position } = await done(secretariat, 'reportProduction', {
            material: 'gallium',
            country,
            year: 2024,
            stage: 'REFINING',
            quantity,
            basis: 'ESTIMATED',
            source: 'Test figures',
          }));
        }
        ({ position } = await done(secretariat, 'reportWorldProduction', {
          material: 'gallium',
          scope: 'WORLD',
          year: 2024,
          stage: 'REFINING',
          quantity: '1000',
          excludes: [],
          basis: 'ESTIMATED',
          source: 'Test figures',
        }));
        const repeated = await done(secretariat, 'reportProduction', {
          material: 'gallium',
          country: 'CN',
          year: 2024,
          stage: 'REFINING',
          quantity: '980',
          basis: 'ESTIMATED',
          source: 'Test figures',
        });
        expect(repeated.recorded).toBe(false);

        const { material } = await germany.query<{ material: { concentration: object[] } }>(
          `query ($atLeast: Position) { material(code: "gallium", atLeast: $atLeast) {
         concentration(stage: REFINING, year: 2024) { total coverage hhi largestSupplier { country share isCertain } shares { country quantity share } } } }`,
          { atLeast: position },
        );
        expect(material.concentration).toEqual([
          {
            total: '1000',
            coverage: '100',
            // 98² + 1.5² + 0.3² + 0.2² = 9606.38
            hhi: expect.stringMatching(/^9606(\.38)?$/),
            largestSupplier: { country: 'CN', share: '98', isCertain: true },
            shares: [
              { country: 'CN', quantity: '980', share: '98' },
              { country: 'RU', quantity: '15', share: '1.5' },
              { country: 'JP', quantity: '3', share: '0.3' },
              { country: 'KR', quantity: '2', share: '0.2' },
            ],
          },
        ]);
      });
    });

    describe('Subscriptions', () => {
      const CHANGED =
        'subscription ($after: Cursor) { projectChanged(after: $after) { cursor project { id title status } } }';
      type Changed = { projectChanged: { cursor: string; project: { id: string; title: string; status: string } } };
      const isNext = async (changes: AsyncIterator<Changed>): Promise<Changed['projectChanged']> =>
        (await changes.next()).value!.projectChanged;

      for (const way of ['subscribe', 'subscribeBySse'] as const) {
        it(`deliver what a country may see, and nothing else, over ${way === 'subscribe' ? 'WebSocket' : 'server-sent events'}`, async () => {
          const toUnitedStates = unitedStates[way]<Changed>(CHANGED);
          const toGermany = germany[way]<Changed>(CHANGED);
          await Promise.all([toUnitedStates.opened, toGermany.opened]);

          const secret = await done(japan, 'proposeProject', {
            ...refining,
            title: 'Secret',
            marking: { releaseTo: ['US'] },
          });
          const open = await done(japan, 'proposeProject', {
            ...refining,
            title: 'Open',
            marking: { releaseTo: ['MEMBERS'] },
          });

          expect((await isNext(toUnitedStates)).project.id).toBe(secret.recordId);
          expect((await isNext(toUnitedStates)).project.id).toBe(open.recordId);
          // The first thing that Germany hears of is the second project.
          expect((await isNext(toGermany)).project.id).toBe(open.recordId);
          toUnitedStates.stop();
          toGermany.stop();
        });
      }

      it('resume after a cursor: nothing missed, nothing twice, the latest state of each', async () => {
        const first = unitedStates.subscribe<Changed>(CHANGED);
        await first.opened;
        const one = await done(japan, 'proposeProject', { ...refining, title: 'One', marking: { releaseTo: ['US'] } });
        const { cursor } = await isNext(first);
        first.stop();

        const two = await done(japan, 'proposeProject', { ...refining, title: 'Two', marking: { releaseTo: ['US'] } });
        await done(japan, 'proposeProject', { ...refining, title: 'Unseen' });
        const { position } = await done(japan, 'withdrawProject', { id: one.recordId, reason: 'Overtaken' });
        await japan.query('query ($atLeast: Position) { projects(atLeast: $atLeast) { totalCount } }', {
          atLeast: position,
        });

        const resumed = unitedStates.subscribe<Changed>(CHANGED, { after: cursor });
        expect((await isNext(resumed)).project).toEqual({ id: two.recordId, title: 'Two', status: 'PROPOSED' });
        expect((await isNext(resumed)).project).toEqual({ id: one.recordId, title: 'One', status: 'WITHDRAWN' });
        resumed.stop();
      });

      it('refuse a cursor that is not ours', async () => {
        const subscription = unitedStates.subscribe<Changed>(CHANGED, { after: 'AAAA' });
        await expect(isNext(subscription)).rejects.toMatchObject({ errors: [{ extensions: { code: 'BAD_CURSOR' } }] });
        await expect(isNext(unitedStates.subscribe<Changed>(CHANGED, { after: 'AAAA' }))).rejects.not.toMatchObject({
          errors: [{ extensions: { http: expect.anything() } }],
        });
      });
    });

    describe('Connections', () => {
      it('come in pages whose cursors lead on, in the order asked for', async () => {
        const group = platform.as('NO', 'DELEGATE');
        const titles = ['C', 'A', 'E', 'B', 'D'];
        let position = '';
        for (const title of titles) ({ position } = await done(group, 'proposeProject', { ...refining, title }));
        const PAGE = `query ($after: Cursor, $atLeast: Position) { projects(first: 2, after: $after, atLeast: $atLeast, filter: { owner: "NO" }, orderBy: { field: TITLE, direction: DESC }) {
      totalCount pageInfo { hasNextPage endCursor } nodes { title } } }`;
        type Page = {
          projects: {
            totalCount: number;
            pageInfo: { hasNextPage: boolean; endCursor: string };
            nodes: { title: string }[];
          };
        };
        const seen: string[] = [];
        let after: string | null = null;
        do {
          const { projects }: Page = await group.query<Page>(PAGE, { after, atLeast: position });
          expect(projects.totalCount).toBe(5);
          seen.push(...projects.nodes.map(({ title }) => title));
          after = projects.pageInfo.hasNextPage ? projects.pageInfo.endCursor : null;
        } while (after !== null);
        expect(seen).toEqual(['E', 'D', 'C', 'B', 'A']);
      });
    });
  });
