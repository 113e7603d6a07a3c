import { globSync, readFileSync, statSync } from 'node:fs';
import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { type LodestoneClient, type CommandAccepted } from '@adapters/lodestone-client';
import { PostgresProjectionStore } from '@adapters/read-store-postgres';
import { kindsOf, Projector, EncryptedEventStore, type DataKeys } from '@foundation/eventing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Pool } from 'pg';
import { capabilities } from '../../../apps/api/src/capabilities.js';
import { startDatabase } from '../../support/database.js';
import { sharedPlatform, type RunningPlatform } from '../support/platform.js';
import { until } from '../../support/waiting.js';

export const erasureStory = (): void =>
  describe('Erased content', () => {
    const PLAIN = 'Quartzose-Vorkommen 4711';
    const REASON = 'Wegen der Absprache 0815';

    let platform: RunningPlatform;
    let position: string;
    const clients = new Map<string, LodestoneClient>();
    const as = (country: string | null, role: string, person = 'a'): LodestoneClient => {
      const name = [country, role, person].join(' ');
      const one = clients.get(name) ?? platform.as(country, role, person);
      clients.set(name, one);
      return one;
    };
    const done = async (of: LodestoneClient, mutation: string, input: object): Promise<CommandAccepted> => {
      const outcome = await of.command(mutation, input);
      if (!outcome.accepted) throw new Error(`${mutation} was refused: ${JSON.stringify(outcome)}`);
      position = outcome.position;
      return outcome;
    };
    const codeOf = async (of: LodestoneClient, mutation: string, input: object): Promise<string | null> => {
      const outcome = await of.command(mutation, input);
      return outcome.accepted ? null : outcome.code;
    };
    const project = async (of: LodestoneClient, id: string) =>
      of.query<{ project: { title: string } | null; projects: { nodes: { id: string }[] } }>(
        'query ($id: ID!, $p: Position) { project(id: $id, atLeast: $p) { title } projects(atLeast: $p) { nodes { id } } }',
        { id, p: position },
      );
    /** Every byte that the event store keeps on disk. */
    const onDisk = (): string =>
      globSync(`${platform.folder}/event-store/**/*`)
        .filter((file) => statSync(file).isFile())
        .map((file) => readFileSync(file, 'latin1'))
        .join();

    const japan = () => as('JP', 'DELEGATE');
    const second = () => as('JP', 'APPROVER', 'b');
    const america = () => as('US', 'DELEGATE');

    beforeAll(async () => {
      platform = await sharedPlatform();
      const secretary = as(null, 'SECRETARIAT');
      for (const country of ['JP', 'US']) await done(secretary, 'admitMember', { country, since: '2026-05-01' });
      const material = { code: 'gallium', name: 'Gallium', group: 'minor metals', hsCodes: ['811292'] };
      await done(secretary, 'registerMaterial', material);
    });
    afterAll(async () => {
      await Promise.all([...clients.values()].map((each) => each.close()));
    });

    describe('Erasure', () => {
      let id: string;
      let subscription: ReturnType<LodestoneClient['subscribe']>;
      const told: { id: string; project: { title: string } | null }[] = [];

      beforeAll(async () => {
        subscription = america().subscribe('subscription { projectChanged { id project { title } } }');
        void (async () => {
          for await (const { projectChanged } of subscription as AsyncIterable<{
            projectChanged: (typeof told)[number];
          }>)
            told.push(projectChanged);
        })();
        const marking = { releaseTo: ['US'] };
        const proposal = { title: PLAIN, materials: ['gallium'], stages: ['REFINING'], hostCountry: 'JP', marking };
        await until('the subscriber hears', async () => {
          await done(japan(), 'proposeProject', { ...proposal, title: 'Kept' });
          return told.length > 0;
        });
        id = (await done(japan(), 'proposeProject', proposal)).recordId;
        await done(japan(), 'changeMarking', { kind: 'PROJECT', id, marking, reason: REASON });
        await done(japan(), 'changeMarking', {
          kind: 'PROJECT',
          id,
          marking: { releaseTo: ['MEMBERS'] },
          reason: REASON,
        });
      });

      it('is asked for by a delegate of the owner, and told to the owner alone', async () => {
        const request = { kind: 'PROJECT', id, basis: 'A court order' };
        expect(await codeOf(america(), 'requestErasure', request)).toBe('ACCESS.DENIED');
        expect(await codeOf(second(), 'approveErasure', { kind: 'PROJECT', id })).toBe('ERASURE.NOT_REQUESTED');
        await done(japan(), 'requestErasure', request);
        const asked = async (of: LodestoneClient) =>
          (
            await of.query<{ erasures: { nodes: { record: string; status: string }[] } }>(
              'query ($p: Position) { erasures(atLeast: $p) { nodes { record status basis } } }',
              { p: position },
            )
          ).erasures.nodes;
        expect(await asked(second())).toEqual([{ record: id, status: 'REQUESTED', basis: 'A court order' }]);
        expect(await asked(america())).toEqual([]);
        expect((await project(america(), id)).project).toEqual({ title: PLAIN });
      });
      it('is approved by another person', async () =>
        expect(await codeOf(japan(), 'approveErasure', { kind: 'PROJECT', id })).toBe('ERASURE.SAME_PERSON'));

      it('takes the record away from everybody, once told to whoever listens', async () => {
        await done(second(), 'approveErasure', { kind: 'PROJECT', id });
        for (const who of [japan(), second(), america(), as(null, 'SECRETARIAT')]) {
          const { project: one, projects } = await project(who, id);
          expect(one).toBeNull();
          expect(projects.nodes.map((each) => each.id)).not.toContain(id);
        }
        await until('the subscriber is told', () => told.some((each) => each.id === id && each.project === null));
        expect(told.filter((each) => each.project === null)).toHaveLength(1);
        const { audienceChanges } = await japan().query<{ audienceChanges: { nodes: unknown[] } }>(
          'query ($id: ID!, $p: Position) { audienceChanges(record: $id, atLeast: $p) { nodes { reason } } }',
          { id, p: position },
        );
        expect(audienceChanges.nodes).toEqual([]);
      });
      it('lets nothing more be done with it', async () => {
        for (const who of [japan(), america()])
          expect(await codeOf(who, 'reviseProject', { id, title: 'Again' })).toMatch(
            /PROJECTS.NOT_FOUND|ACCESS.DENIED/,
          );
        expect(await codeOf(japan(), 'reviseProject', { id, title: 'Again' })).toBe('PROJECTS.NOT_FOUND');
        expect(await codeOf(japan(), 'requestErasure', { kind: 'PROJECT', id, basis: 'Again' })).toBe(
          'PROJECTS.NOT_FOUND',
        );
      });
      it('tells no history of it, but to auditors that there was one', async () => {
        const history = async (of: LodestoneClient) =>
          (
            await of.query<{ history: { facts: { type: string; changes: unknown[] }[] } | null }>(
              'query ($id: ID!) { history(id: $id) { facts { type changes { field after } } } }',
              { id },
            )
          ).history;
        expect(await history(japan())).toBeNull();
        const { facts } = (await history(as(null, 'AUDITOR')))!;
        expect(facts.map(({ type }) => type)).toEqual([
          'projects.ProjectProposed.v1',
          'access.MarkingChanged.v1',
          'access.ErasureRequested.v1',
          'access.ContentErased.v1',
        ]);
        expect(facts.flatMap(({ changes }) => changes)).toEqual([]);
      });
      it('lets the read models be built anew with its key missing, and with every key missing', async () => {
        const database = await startDatabase();
        const events = new EventStoreDbEventStore(platform.eventStore);
        const running = new AbortController();
        const none = { find: async () => null, destroy: async () => {} } as unknown as DataKeys;
        const problems: unknown[] = [];
        const views = capabilities.flatMap((each) => each.views);
        try {
          const store = new PostgresProjectionStore(database.url);
          const waiting = new Set(views);
          const projector = new Projector(new EncryptedEventStore(events, none, kindsOf(capabilities)), store, views, {
            caughtUp: (caughtUp) => caughtUp.forEach((view) => waiting.delete(view)),
            viewStopped: (view, reason) => problems.push([view.name, reason]),
            interrupted: (reason) => problems.push(reason),
          });
          const ended = projector.run(running.signal);
          await until('every view is built', () => waiting.size === 0);
          running.abort();
          await ended;
          expect(problems).toEqual([]);
          const { members } = await japan().query<{ members: { totalCount: number } }>('{ members { totalCount } }');
          const rows = new Pool({ connectionString: database.url });
          const count = async (view: string): Promise<number> => {
            const { rows: tables } = await rows.query<{ name: string }>(
              `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'lodestone' AND table_name LIKE $1`,
              [`${view}%`],
            );
            const [{ name }] = tables as [{ name: string }];
            return Number(
              (await rows.query<{ n: string }>(`SELECT count(*) AS n FROM lodestone."${name}"`)).rows[0]!.n,
            );
          };
          expect(await count('projects_projects')).toBe(0);
          expect(await count('access_members')).toBe(members.totalCount);
          await rows.end();
        } finally {
          running.abort();
          await events.close();
          await database.stop();
        }
      });
      it('leaves nothing of it on the disk of the event store', () => {
        const disk = onDisk();
        expect(disk).toContain('projects.ProjectProposed.v1');
        for (const plain of [PLAIN, REASON]) expect(disk).not.toContain(plain);
      });
    });
  });
