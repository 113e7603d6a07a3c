import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStoreDBClient } from '@eventstore/db-client';
import { LodestoneClient, type CommandAccepted, type CommandRejected } from '@adapters/lodestone-client';
import { codeOf, send, type Answer, type Person } from '../support/answers.js';
import { sharedPlatform, type RunningPlatform } from '../support/platform.js';
import { timeFor, until } from '../../support/waiting.js';

export const capacityStory = (): void =>
  describe('Capacities', () => {
    const FR: Person = { country: 'FR', roles: ['DELEGATE'] };
    const DE: Person = { country: 'DE', roles: ['DELEGATE'] };
    const EC: Person = { country: 'EU', roles: ['DELEGATE'], person: 'commissioner' };
    const EC_DELEGATE: Person = { country: 'EU', roles: ['DELEGATE'], person: 'head' };
    const JP: Person = { country: 'JP', roles: ['DELEGATE'] };
    const US: Person = { country: 'US', roles: ['DELEGATE'] };
    const SECRETARY: Person = { country: null, roles: ['SECRETARIAT'], person: 'secretary' };
    const OTHER_SECRETARY: Person = { country: null, roles: ['SECRETARIAT'], person: 'other' };

    const ABSENT = '5f0c1b1e-7a57-4c1e-9a52-0d1c8a7be001';
    const PROJECT = { materials: ['gallium'], stages: ['REFINING'], hostCountry: 'FR' };
    const IN_A_YEAR = '2099-01-01T00:00:00.000Z';

    let platform: RunningPlatform;
    const clients = new Map<string, LodestoneClient>();
    /** Where everything that was recorded before shows. */
    let position: string;

    const client = (who: Person, actingFor?: string): LodestoneClient => {
      const key = JSON.stringify([who, actingFor]);
      const made =
        clients.get(key) ?? new LodestoneClient({ url: platform.graphql, token: platform.tokenOf(who), actingFor });
      clients.set(key, made);
      return made;
    };
    const command = async (
      who: Person,
      mutation: string,
      input: object,
      actingFor?: string,
    ): Promise<CommandAccepted | CommandRejected> => {
      const outcome = await client(who, actingFor).command(mutation, input);
      if (outcome.accepted) position = outcome.position;
      return outcome;
    };
    const done = async (who: Person, mutation: string, input: object, actingFor?: string): Promise<CommandAccepted> => {
      const outcome = await command(who, mutation, input, actingFor);
      if (!outcome.accepted) throw new Error(`${mutation} was refused: ${JSON.stringify(outcome)}`);
      return outcome;
    };
    const refusalOf = async (
      who: Person,
      mutation: string,
      input: object,
      actingFor?: string,
    ): Promise<string | null> => {
      const outcome = await command(who, mutation, input, actingFor);
      return outcome.accepted ? null : outcome.code;
    };
    const propose = async (who: Person, title: string, marking: object = {}, actingFor?: string): Promise<string> =>
      (await done(who, 'proposeProject', { ...PROJECT, title, marking }, actingFor)).recordId;

    const titles = async (who: Person, actingFor?: string): Promise<readonly string[]> => {
      const found = await client(who, actingFor).query<{ projects: { nodes: { title: string }[] } }>(
        'query ($atLeast: Position) { projects(atLeast: $atLeast, first: 200) { nodes { title } } }',
        { atLeast: position },
      );
      return found.projects.nodes.map(({ title }) => title).sort();
    };
    const title = async (who: Person, id: string): Promise<string | null> => {
      const { project } = await client(who).query<{ project: { title: string } | null }>(
        'query ($id: ID!, $atLeast: Position) { project(id: $id, atLeast: $atLeast) { title } }',
        { id, atLeast: position },
      );
      return project?.title ?? null;
    };
    type Me = { person: string; country: string | null; isMember: boolean; clearance: string; mandate: string | null };
    const me = async (who: Person, actingFor?: string): Promise<Me> =>
      (await client(who, actingFor).query<{ me: Me }>('{ me { person country isMember clearance mandate } }')).me;

    const asking = async (who: Person, actingFor: string, query = '{ me { country } }'): Promise<Answer> =>
      send(platform.graphql, {
        method: 'POST',
        headers: {
          accept: 'application/graphql-response+json',
          'content-type': 'application/json',
          authorization: `Bearer ${await platform.tokenOf(who)()}`,
          'Lodestone-Acting-For': actingFor,
        },
        body: JSON.stringify({ query }),
      });

    const mandate = (of: Person, more: object = {}): Promise<CommandAccepted> =>
      done(of, 'grantMandate', { delegate: 'EU', subjects: ['PROJECTS'], mayCommand: true, until: IN_A_YEAR, ...more });

    beforeAll(async () => {
      platform = await sharedPlatform();
      for (const country of ['FR', 'DE', 'EU', 'JP'])
        await done(SECRETARY, 'admitMember', { country, since: '2026-05-01' });
      await done(SECRETARY, 'registerMaterial', {
        code: 'gallium',
        name: 'Gallium',
        group: 'minor metals',
        hsCodes: ['811292'],
      });
    });

    afterAll(async () => {
      await Promise.all([...clients.values()].map((each) => each.close()));
    });

    describe('39. A delegate', () => {
      let ofFrance: string;

      beforeAll(async () => {
        ofFrance = (await mandate(FR)).recordId;
        await mandate(DE, { mayCommand: false });
        await propose(FR, 'of France');
        await propose(DE, 'of Germany');
        await propose(EC_DELEGATE, 'of the Union');
        await propose(JP, 'to France', { releaseTo: ['FR'] });
        await propose(JP, 'to the Union', { releaseTo: ['EU'] });
        await propose(JP, 'to all', { releaseTo: ['MEMBERS'] });
      });

      it('sees in one request what one country sees, and of no other anything', async () => {
        expect(await titles(EC)).toEqual(['of the Union', 'to all', 'to the Union']);
        expect(await titles(EC, 'FR')).toEqual(['of France', 'to France', 'to all']);
        expect(await titles(EC, 'DE')).toEqual(['of Germany', 'to all']);
        expect(await me(EC, 'FR')).toMatchObject({ country: 'FR', isMember: true, mandate: ofFrance });
        expect(await me(EC)).toMatchObject({ country: 'EU', mandate: null });
      });

      it('sees outside the subjects what is public', async () => {
        const stock = { material: 'gallium', form: 'metal', purity: '99', quantity: '7', asOf: '2026-01-31' };
        await done(FR, 'declareStock', stock);
        const count = async (who: Person, actingFor?: string): Promise<number> => {
          const found = await client(who, actingFor).query<{ stockDeclarations: { totalCount: number } }>(
            'query ($atLeast: Position) { stockDeclarations(atLeast: $atLeast) { totalCount } }',
            { atLeast: position },
          );
          return found.stockDeclarations.totalCount;
        };
        expect([await count(FR), await count(EC, 'FR')]).toEqual([1, 0]);
        expect(await refusalOf(EC, 'declareStock', stock, 'FR')).toBe('ACCESS.DENIED');
      });

      it('sees nothing that is denied to its own country, and finds it for no command', async () => {
        const theirs = await propose(JP, 'to France, not to the Union', { releaseTo: ['FR'], denyTo: ['EU'] });
        const own = await propose(FR, 'of France, not for the Union', { denyTo: ['EU'] });
        const open = await propose(FR, 'to all but the Union', { releaseTo: ['PUBLIC'], denyTo: ['EU'] });
        const all = [theirs, own, open];
        expect((await titles(FR)).filter((each) => each.includes('Union'))).toHaveLength(all.length);
        expect((await titles(EC, 'FR')).filter((each) => each.includes('Union'))).toEqual([]);
        for (const id of all)
          expect(await refusalOf(EC, 'reviseProject', { id, title: 'mine' }, 'FR')).toBe('PROJECTS.NOT_FOUND');
      });

      it('commands in the country’s name where it may, and the history says who it was', async () => {
        const id = await propose(EC, 'for France', {}, 'FR');
        expect(await titles(FR)).toContain('for France');
        expect(await titles(EC)).not.toContain('for France');
        expect(await refusalOf(EC, 'proposeProject', { ...PROJECT, title: 'for Germany' }, 'DE')).toBe('ACCESS.DENIED');

        const store = EventStoreDBClient.connectionString(platform.eventStore);
        for await (const { event } of store.readStream(`project-${id}`)) {
          const { person: actor } = await me(EC);
          expect(event?.metadata).toMatchObject({
            actor,
            party: 'FR',
            capacity: { mandate: ofFrance, delegate: 'EU' },
          });
        }
        await store.dispose();
      });

      it('passes nothing on: neither rights nor who may see what', async () => {
        const id = await propose(FR, 'to be kept');
        const { person } = await me(EC_DELEGATE);
        const until = IN_A_YEAR;
        for (const [mutation, input] of [
          ['grantMandate', { delegate: 'JP', subjects: ['PROJECTS'], until }],
          ['revokeMandate', { id: ofFrance, reason: 'mine' }],
          ['grantRole', { person, role: 'DELEGATE' }],
          ['grantClearance', { person, level: 'SECRET' }],
          ['foundGroup', { name: 'A group', members: ['EU'] }],
          ['changeMarking', { kind: 'PROJECT', id, marking: { releaseTo: ['EU'] }, reason: 'wider' }],
        ] as const)
          expect([mutation, await refusalOf(EC, mutation, input, 'FR')]).toEqual([mutation, 'ACCESS.DENIED']);
        expect(await titles(EC)).not.toContain('to be kept');
      });

      it('has no mandate from those who gave none, and is told so as if there were no such country', async () => {
        const answers = await Promise.all(['JP', 'XX', 'EU', 'FR, DE', ''].map((country) => asking(EC, country)));
        answers.push(await asking(US, 'FR'), await asking(SECRETARY, 'FR'));
        expect(answers[0]).toMatchObject({ status: 403 });
        expect(codeOf(answers[0]!)).toBe('NOT_MANDATED');
        for (const answer of answers) expect(answer).toEqual(answers[0]);
      });

      it('is let go of at once when the mandate is revoked, in requests and subscriptions', async () => {
        const CHANGED = 'subscription { projectChanged { project { title } } }';
        const [over, own] = [client(EC, 'DE').subscribe(CHANGED), client(EC).subscribe(CHANGED)];
        await Promise.all([over.opened, own.opened]);
        const { nodes } = (
          await client(DE).query<{ mandates: { nodes: { id: string; delegate: string; revokedAt: string | null }[] } }>(
            'query ($atLeast: Position) { mandates(atLeast: $atLeast) { nodes { id delegate revokedAt } } }',
            { atLeast: position },
          )
        ).mandates;
        expect(nodes).toEqual([{ id: expect.any(String), delegate: 'EU', revokedAt: null }]);
        const unmandated = await asking(EC, 'XX');
        await done(DE, 'revokeMandate', { id: nodes[0]!.id, reason: 'the round is over' });
        expect(await asking(EC, 'DE')).toEqual(unmandated);
        // Its socket is closed, and the one that the client opens instead is refused.
        await expect(over.next()).rejects.toMatchObject({ code: 'NOT_MANDATED' });
        await propose(JP, 'after all', { releaseTo: ['MEMBERS'] });
        expect(await own.next()).toMatchObject({ value: { projectChanged: { project: { title: 'after all' } } } });
        own.stop();
      });

      it('is in force for its time only', async () => {
        const begun = Date.now();
        const from = new Date(Date.now() + 3_600_000).toISOString();
        await mandate(JP, { from });
        expect(codeOf(await asking(EC, 'JP'))).toBe('NOT_MANDATED');
        const soon = new Date(Date.now() + timeFor(begun)).toISOString();
        await mandate(JP, { until: soon });
        expect(codeOf(await asking(EC, 'JP'))).toBeUndefined();
        await until('the mandate ends', async () => codeOf(await asking(EC, 'JP')) === 'NOT_MANDATED');
      });
    });

    describe('A clearance', () => {
      const APPROVER: Person = { country: 'EU', roles: ['APPROVER'], person: 'cleared' };

      it('is what records of a level need, also from their owner’s people, and ends at once', async () => {
        await propose(JP, 'a secret', { releaseTo: ['EU'], level: 'SECRET' });
        const { person } = await me(APPROVER);
        const sees = async (): Promise<boolean> => (await titles(APPROVER)).includes('a secret');
        expect([(await me(APPROVER)).clearance, await sees()]).toEqual(['OPEN', false]);
        expect(await titles(JP)).not.toContain('a secret');

        await done(EC_DELEGATE, 'grantClearance', { person, level: 'CONFIDENTIAL' });
        expect(await sees()).toBe(false);
        await done(EC_DELEGATE, 'grantClearance', { person, level: 'SECRET' });
        expect([(await me(APPROVER)).clearance, await sees()]).toEqual(['SECRET', true]);
        await done(EC_DELEGATE, 'revokeClearance', { person, reason: 'has run out' });
        expect([(await me(APPROVER)).clearance, await sees()]).toEqual(['OPEN', false]);
      });

      it('is given by the own party, and to nobody by themselves', async () => {
        const { person } = await me(APPROVER);
        for (const other of [JP, SECRETARY]) await done(other, 'grantClearance', { person, level: 'SECRET' });
        expect((await me(APPROVER)).clearance).toBe('OPEN');
        const self = (await me(EC_DELEGATE)).person;
        expect(await refusalOf(EC_DELEGATE, 'grantClearance', { person: self, level: 'SECRET' })).toBe(
          'CLEARANCES.OWN_CLEARANCE',
        );
      });
    });

    describe('A group in a group', () => {
      it('reads what goes to the outer one while it is in, and nobody else hears of it', async () => {
        const { recordId: inner } = await done(FR, 'foundGroup', { name: 'Inner', members: ['US', 'JP'] });
        const { recordId: outer } = await done(JP, 'foundGroup', {
          name: 'Outer',
          members: ['DE'],
          membersVisible: true,
        });
        await propose(JP, 'to the outer group', { releaseTo: [outer] });
        expect(await titles(US)).not.toContain('to the outer group');

        await done(JP, 'admitSubgroup', { id: outer, group: inner });
        expect(await titles(US)).toContain('to the outer group');
        const seenBy = async (who: Person): Promise<unknown> =>
          (
            await client(who).query<{ groups: { nodes: unknown[] } }>(
              'query ($atLeast: Position) { groups(atLeast: $atLeast) { nodes { name members { country } subgroups { id } } } }',
              { atLeast: position },
            )
          ).groups.nodes;
        const members = [{ country: 'DE' }, { country: 'JP' }];
        expect(await seenBy(DE)).toEqual([{ name: 'Outer', members, subgroups: [] }]);
        expect(await seenBy(US)).toEqual(
          expect.arrayContaining([
            { name: 'Outer', members, subgroups: [{ id: inner }] },
            { name: 'Inner', members: [{ country: 'FR' }, { country: 'US' }], subgroups: [] },
          ]),
        );

        await done(JP, 'removeSubgroup', { id: outer, group: inner });
        expect(await titles(US)).not.toContain('to the outer group');
      });

      it('is one that the outer one’s owner may see: otherwise it is as one that does not exist', async () => {
        const { recordId: hidden } = await done(FR, 'foundGroup', { name: 'Hidden', members: [] });
        const { recordId: id } = await done(DE, 'foundGroup', { name: 'German', members: [] });
        const [unseen, absent] = await Promise.all(
          [hidden, ABSENT].map((group) => command(DE, 'admitSubgroup', { id, group })),
        );
        expect(unseen).toMatchObject({ accepted: false, code: 'GROUPS.UNKNOWN_SUBGROUP' });
        expect(unseen).toEqual(absent);
      });
    });

    describe('An emergency access', () => {
      const APPROVER: Person = { country: 'JP', roles: ['APPROVER'] };
      const reason = 'a refinery stands still';

      it('opens one record to the one who asked, when a member state agrees, and closes it again', async () => {
        const record = await propose(FR, 'locked away', { level: 'SECRET' });
        const beside = await propose(FR, 'beside it');
        const { recordId: id } = await done(SECRETARY, 'requestEmergencyAccess', { record, reason, approver: 'JP' });
        expect(await title(SECRETARY, record)).toBeNull();
        expect(await refusalOf(DE, 'approveEmergencyAccess', { id })).toBe('EMERGENCIES.NOT_FOUND');
        expect(await refusalOf(OTHER_SECRETARY, 'approveEmergencyAccess', { id })).toBe('ACCESS.DENIED');

        await done(APPROVER, 'approveEmergencyAccess', { id });
        expect(await title(SECRETARY, record)).toBe('locked away');
        expect(await title(SECRETARY, beside)).toBeNull();
        expect(await title(OTHER_SECRETARY, record)).toBeNull();
        expect(await title(APPROVER, record)).toBeNull();
        const { emergencyAccesses } = await client(APPROVER).query<{ emergencyAccesses: { nodes: object[] } }>(
          'query ($atLeast: Position) { emergencyAccesses(atLeast: $atLeast) { nodes { record reason decision } } }',
          { atLeast: position },
        );
        expect(emergencyAccesses.nodes).toEqual([{ record, reason, decision: 'APPROVED' }]);

        await done(APPROVER, 'refuseEmergencyAccess', { id, reason: 'seen enough' });
        expect(await title(SECRETARY, record)).toBeNull();
      });

      it('is asked for in the same way whether or not there is such a record', async () => {
        const hidden = await propose(FR, 'never to be found');
        const outcomes = await Promise.all(
          [hidden, ABSENT].map((record) =>
            command(SECRETARY, 'requestEmergencyAccess', { record, reason, approver: 'JP' }),
          ),
        );
        for (const outcome of outcomes) expect(outcome).toMatchObject({ accepted: true, recorded: true, revision: 0 });
        for (const outcome of outcomes)
          if (outcome.accepted) await done(APPROVER, 'approveEmergencyAccess', { id: outcome.recordId });
        expect(await title(SECRETARY, ABSENT)).toBeNull();
      });

      it('needs the agreement of a member state', async () => {
        expect(await refusalOf(SECRETARY, 'requestEmergencyAccess', { record: ABSENT, reason, approver: 'US' })).toBe(
          'EMERGENCIES.APPROVER_NOT_MEMBER',
        );
      });
    });

    describe('A country that leaves', () => {
      it('reads at once no more what the members read', async () => {
        await propose(JP, 'for members', { releaseTo: ['MEMBERS'] });
        expect(await titles(DE)).toContain('for members');
        await done(SECRETARY, 'withdrawMember', { country: 'DE', reason: 'by its note' });
        expect((await me(DE)).isMember).toBe(false);
        expect(await titles(DE)).not.toContain('for members');
        expect(await refusalOf(SECRETARY, 'withdrawMember', { country: 'US' })).toBe('MEMBERS.NOT_FOUND');
        await done(SECRETARY, 'admitMember', { country: 'DE', since: '2026-05-01' });
        expect(await titles(DE)).toContain('for members');
      });
    });
  });
