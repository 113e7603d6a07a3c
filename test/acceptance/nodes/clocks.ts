import { LodestoneClient, type CommandAccepted } from '@adapters/lodestone-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clocksIn, setClock } from '../../support/clocks.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { until } from '../../support/waiting.js';
import { sharedPlatform, type RunningPlatform } from '../support/platform.js';
import { startInProduction, startMinistry, type Ministry, type ProductionApi } from '../support/production.js';

export const nodesWithOtherClocks = (): void =>
  describe('Clocks', () => {
    const PROJECT = { materials: ['gallium'], stages: ['REFINING'], hostCountry: 'JP' };

    /** How far the clocks are from the true time, and how exactly a machine measures that which is busy with other things. */
    const [APART_MS, MEASURED_MS] = [90_000, 30_000];

    let platform: RunningPlatform;
    let ministry: Ministry;
    const nodes: ProductionApi[] = [];
    const clients: LodestoneClient[] = [];

    /** A node of the API on a machine whose clock is so far ahead. */
    const nodeAheadBy = async (ms: number): Promise<{ api: ProductionApi; japan: LodestoneClient }> => {
      const clocks = temporaryFolder();
      setClock(clocks, 'api', ms);
      const api = await startInProduction(platform, [ministry.trusted], clocksIn(clocks));
      const japan = new LodestoneClient({ url: api.graphql, token: () => ministry.signed() });
      nodes.push(api);
      clients.push(japan);
      return { api, japan };
    };
    const done = async (of: LodestoneClient, mutation: string, input: object): Promise<CommandAccepted> => {
      const outcome = await of.command(mutation, input);
      if (!outcome.accepted) throw new Error(`${mutation} was refused: ${JSON.stringify(outcome)}`);
      return outcome;
    };
    /** The stamps of a record's events up to a position, as the platform tells them. */
    const stampsOf = async (of: LodestoneClient, id: string, position: string): Promise<number[]> => {
      const asked = '($id: ID!, $p: Position) { history(id: $id, atLeast: $p) { facts { at } } }';
      type Told = { history: { facts: { at: string }[] } };
      const { history } = await of.query<Told>(`query ${asked}`, { id, p: position });
      return history.facts.map(({ at }) => Date.parse(at));
    };
    /** The title under which a record was known at a time. */
    const titleAt = async (of: LodestoneClient, id: string, at: number): Promise<string | undefined> => {
      const asked = '($id: ID!, $at: Instant!) { recordAt(id: $id, at: $at) { knownThen { fields } } }';
      type Told = { recordAt: { knownThen: { fields: { title: string } }[] } | null };
      const { recordAt } = await of.query<Told>(`query ${asked}`, { id, at: new Date(at).toISOString() });
      return recordAt?.knownThen[0]?.fields.title;
    };

    beforeAll(async () => {
      [platform, ministry] = await Promise.all([sharedPlatform(), startMinistry()]);
      const secretariat = platform.as(null, 'SECRETARIAT');
      clients.push(secretariat);
      await done(secretariat, 'admitMember', { country: 'JP', since: '2026-05-01' });
      await done(secretariat, 'registerMaterial', {
        code: 'gallium',
        name: 'Gallium',
        group: 'minor metals',
        hsCodes: [],
      });
    });
    afterAll(async () => {
      await Promise.all(clients.map((each) => each.close()));
      await Promise.all(nodes.map((each) => each.stop()));
      ministry?.close();
    });

    describe('Nodes whose clocks differ', () => {
      it.each([
        ['ahead', APART_MS, 0],
        ['behind', 0, -APART_MS],
      ])('tell one story, where one is %s', async (_, first, second) => {
        const [one, other] = await Promise.all([nodeAheadBy(first), nodeAheadBy(second)]);
        const start = Date.now();
        const { recordId: id } = await done(one.japan, 'proposeProject', { ...PROJECT, title: 'First' });
        const proposed = Date.now();
        const { position } = await done(other.japan, 'reviseProject', { id, title: 'Second' });
        const end = Date.now();

        const stamps = await stampsOf(other.japan, id, position);
        expect(stamps).toEqual(stamps.toSorted((a, b) => a - b));
        // By the clock that all share, each event was recorded when it was, as exactly as a busy machine measures it.
        expect(stamps[0]).toBeGreaterThanOrEqual(start - MEASURED_MS);
        expect(stamps[1]).toBeLessThanOrEqual(end + MEASURED_MS);
        expect(stamps[0]).toBeLessThanOrEqual(proposed + MEASURED_MS);
        expect(await titleAt(other.japan, id, stamps[0]! - 1)).toBeUndefined();
        expect(await titleAt(other.japan, id, stamps[0]!)).toBe(stamps[0] === stamps[1] ? 'Second' : 'First');
        expect(await titleAt(other.japan, id, stamps[1]!)).toBe('Second');
      });

      it('say so in the log and in health, and are ready all the same', async () => {
        const { api } = await nodeAheadBy(APART_MS);
        // What it says for its operator comes by another pipe than that it is ready.
        const [, ms] = await until('the operator is told', () =>
          /clock is (\d+) ms ahead of the database/.exec(api.said.join('\n')),
        );
        expect(Math.abs(Number(ms) - APART_MS)).toBeLessThan(MEASURED_MS);
        const health = await fetch(new URL('/health/ready', api.graphql));
        expect([health.status, await health.json()]).toEqual([200, expect.objectContaining({ clock: 'off' })]);
      });
    });
  });
