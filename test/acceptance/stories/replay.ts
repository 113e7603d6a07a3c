import { type LodestoneClient, type CommandAccepted } from '@adapters/lodestone-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sharedPlatform, type RunningPlatform } from '../support/platform.js';
import { timeFor, until } from '../../support/waiting.js';

export const replayStory = (): void =>
  describe('Replay', () => {
    type Fact = {
      eventId: string;
      type: string;
      at: string;
      by: string | null;
      person: string | null;
      isOpen: boolean;
      changes: { field: string; before: unknown; after: unknown }[];
    };
    type History = { kind: string; facts: Fact[] } | null;
    type Row = { list: string; fields: Record<string, unknown> };
    type AsOf = { at: string; knownThen: Row[]; knownNow: Row[] | null } | null;

    const PROJECT = { materials: ['gallium'], stages: ['REFINING'], hostCountry: 'JP' };
    const IN_A_YEAR = '2099-01-01T00:00:00.000Z';

    let platform: RunningPlatform;
    let position: string;
    const clients = new Map<string, LodestoneClient>();
    const as = (country: string | null, role: string, person = 'a'): LodestoneClient => {
      const name = [country, role, person].join(' ');
      const one = clients.get(name) ?? platform.as(country, role, person);
      clients.set(name, one);
      return one;
    };
    const japan = () => as('JP', 'DELEGATE');
    const america = () => as('US', 'DELEGATE');
    const auditor = () => as(null, 'AUDITOR');

    const done = async (of: LodestoneClient, mutation: string, input: object): Promise<CommandAccepted> => {
      const outcome = await of.command(mutation, input);
      if (!outcome.accepted) throw new Error(`${mutation} was refused: ${JSON.stringify(outcome)}`);
      position = outcome.position;
      return outcome;
    };
    const history = async (of: LodestoneClient, id: string): Promise<History> => {
      const document = `query ($id: ID!, $p: Position) { history(id: $id, atLeast: $p) { kind facts {
    eventId type at by person isOpen changes { field before after } } } }`;
      return (await of.query<{ history: History }>(document, { id, p: position })).history;
    };
    const recordAt = async (
      of: LodestoneClient,
      id: string,
      at: { at?: string; atPosition?: string },
    ): Promise<AsOf> => {
      const document = `query ($id: ID!, $at: Instant, $atPosition: Position, $p: Position) {
    recordAt(id: $id, at: $at, atPosition: $atPosition, atLeast: $p) {
    at knownThen { list fields } knownNow { list fields } } }`;
      return (await of.query<{ recordAt: AsOf }>(document, { id, ...at, p: position })).recordAt;
    };
    const now = (): string => new Date().toISOString();

    beforeAll(async () => {
      platform = await sharedPlatform();
      const secretary = as(null, 'SECRETARIAT');
      for (const country of ['JP', 'US', 'FR']) await done(secretary, 'admitMember', { country, since: '2026-05-01' });
      const material = { code: 'gallium', name: 'Gallium', group: 'minor metals', hsCodes: ['811292'] };
      await done(secretary, 'registerMaterial', material);
    });
    afterAll(async () => {
      await Promise.all([...clients.values()].map((each) => each.close()));
    });

    describe('The history of a record', () => {
      it('is told to whoever may read it, with who did what', async () => {
        const marking = { releaseTo: ['US'] };
        const { recordId: id } = await done(japan(), 'proposeProject', { ...PROJECT, title: 'First', marking });
        await done(japan(), 'reviseProject', { id, title: 'Second' });
        for (const who of [japan(), america()]) {
          const { kind, facts } = (await history(who, id))!;
          expect(kind).toBe('project');
          expect(facts.map(({ type, by }) => [type, by])).toEqual([
            ['projects.ProjectProposed.v1', 'JP'],
            ['projects.ProjectRevised.v1', 'JP'],
          ]);
          expect(facts[1]!.changes).toContainEqual({ field: 'title', before: 'First', after: 'Second' });
          expect(facts.flatMap(({ changes }) => changes.map(({ field }) => field))).not.toContain('marking');
        }
        expect((await history(japan(), id))!.facts[0]!.person).not.toBeNull();
        expect((await history(america(), id))!.facts[0]!.person).toBeNull();
        expect(await history(as('FR', 'DELEGATE'), id)).toBeNull();
      });

      it('says nothing of changes of audience to others, and nothing of what was hidden then', async () => {
        const { recordId: id } = await done(japan(), 'proposeProject', { ...PROJECT, title: 'Closed' });
        await done(japan(), 'reviseProject', { id, title: 'Still closed' });
        await done(japan(), 'changeMarking', { kind: 'PROJECT', id, marking: { releaseTo: ['US'] }, reason: 'Agreed' });
        await done(japan(), 'reviseProject', { id, title: 'Open' });
        const { facts } = (await history(america(), id))!;
        expect(facts.map(({ type }) => type)).not.toContain('projects.ProjectProposed.v1');
        expect(JSON.stringify(facts)).not.toMatch(/Closed|Agreed/);
        expect(facts.at(-1)!.changes).toContainEqual({ field: 'title', before: 'Still closed', after: 'Open' });
        expect((await history(japan(), id))!.facts.map(({ type }) => type)).toContain('access.MarkingChanged.v1');
      });

      it('is closed to whom the record is closed', async () => {
        const marking = { releaseTo: ['US'] };
        const { recordId: id } = await done(japan(), 'proposeProject', { ...PROJECT, title: 'Once shared', marking });
        expect(await history(america(), id)).not.toBeNull();
        const at = now();
        await done(japan(), 'changeMarking', { kind: 'PROJECT', id, marking: {}, reason: 'No more' });
        expect(await history(america(), id)).toBeNull();
        expect(await recordAt(america(), id, { at })).toBeNull();
        expect((await recordAt(japan(), id, { at }))!.knownThen[0]!.fields['title']).toBe('Once shared');
      });
    });

    describe('A record as of a time', () => {
      it('is what was known then, beside what is known now of that day', async () => {
        const stock = { material: 'gallium', form: 'metal', purity: '99', quantity: '7', asOf: '2026-01-31' };
        const declared = await done(japan(), 'declareStock', { ...stock, marking: { releaseTo: ['US'] } });
        const id = declared.recordId;
        const approver = as('JP', 'APPROVER', 'b');
        const approved = await done(approver, 'approveDeclaration', { id });
        await done(japan(), 'correctDeclaration', {
          id,
          ...stock,
          material: undefined,
          quantity: '9',
          reason: 'Miscounted',
        });
        await done(approver, 'approveDeclaration', { id });
        const then = (await recordAt(america(), id, { atPosition: approved.position }))!;
        expect(then.knownThen.map(({ fields }) => fields['quantity'])).toEqual(['7']);
        expect(then.knownNow!.map(({ fields }) => fields['quantity'])).toEqual(['9']);
        expect(then.knownThen[0]!.fields).not.toHaveProperty('releasedAs');
        expect((await recordAt(america(), id, { atPosition: declared.position }))!.knownThen).toEqual([]);
        expect((await recordAt(america(), id, { at: '2026-01-01T00:00:00.000Z' }))!.knownNow).toBeNull();
      });

      it('27: does not tell what was under an embargo then', async () => {
        const begun = Date.now();
        await recordAt(japan(), (await done(japan(), 'proposeProject', { ...PROJECT, title: 'Before' })).recordId, {
          at: now(),
        });
        const embargoUntil = new Date(Date.now() + timeFor(begun)).toISOString();
        const marking = { releaseTo: ['US'], embargoUntil };
        const { recordId: id } = await done(japan(), 'proposeProject', { ...PROJECT, title: 'Embargoed', marking });
        const during = now();
        expect(await recordAt(america(), id, { at: during })).toBeNull();
        const after = await until('the embargo ends', async () => {
          const seen = await recordAt(america(), id, { at: now() });
          return seen && seen.knownThen.length > 0 ? seen : null;
        });
        expect(after.knownThen.map(({ fields }) => fields['title'])).toEqual(['Embargoed']);
        expect((await recordAt(america(), id, { at: during }))!.knownThen).toEqual([]);
        expect((await recordAt(japan(), id, { at: during }))!.knownThen).toHaveLength(1);
      });

      it('needs a time or a place, and one of them', async () => {
        await expect(recordAt(japan(), '5f0c1b1e-7a57-4c1e-9a52-0d1c8a7be001', {})).rejects.toThrow(
          /either at or atPosition/,
        );
        await expect(recordAt(japan(), '5f0c1b1e-7a57-4c1e-9a52-0d1c8a7be001', { at: 'then' })).rejects.toThrow(
          /instant/,
        );
      });
    });

    describe('An auditor', () => {
      type Decision = {
        accepted: boolean;
        command: string;
        code: string | null;
        by: string | null;
        record: string | null;
        policyVersion: number;
      };
      const decisions = async (of: LodestoneClient, filter: object = {}): Promise<Decision[]> => {
        const found: Decision[] = [];
        for (let after: string | null = null; ;) {
          const {
            decisions: page,
          }: { decisions: { nodes: Decision[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } } =
            await of.query(
              `query ($after: Cursor, $filter: DecisionFilter) { decisions(first: 7, after: $after, filter: $filter) {
            nodes { accepted command code by record policyVersion } pageInfo { hasNextPage endCursor } } }`,
              { after, filter },
            );
          found.push(...page.nodes);
          after = page.pageInfo.endCursor;
          if (!page.pageInfo.hasNextPage) return found;
        }
      };
      const person = async (): Promise<string> =>
        (await auditor().query<{ me: { person: string } }>('{ me { person } }')).me.person;
      let id: string;

      beforeAll(async () => {
        id = (await done(japan(), 'proposeProject', { ...PROJECT, title: 'Of Japan alone' })).recordId;
        await america().command('reviseProject', { id, title: 'Mine' });
      });

      it('sees the structure of every record, and no content', async () => {
        const { facts } = (await history(auditor(), id))!;
        expect(facts).toMatchObject([
          { type: 'projects.ProjectProposed.v1', isOpen: false, by: null, person: null, changes: [] },
        ]);
        expect(JSON.stringify(facts)).not.toContain('Of Japan alone');
        expect(await recordAt(auditor(), id, { at: now() })).toBeNull();
      });
      it('sees every decision, accepted and refused, under which policy, and not whose', async () => {
        const all = await decisions(auditor());
        expect(all).toContainEqual({
          accepted: true,
          command: 'ProposeProject',
          code: null,
          by: null,
          record: id,
          policyVersion: 2,
        });
        const refused = all.filter(({ accepted }) => !accepted);
        expect(refused).toContainEqual({
          accepted: false,
          command: 'ReviseProject',
          code: 'PROJECTS.NOT_FOUND',
          by: null,
          record: null,
          policyVersion: 2,
        });
        expect(await decisions(auditor(), { refused: true })).toEqual(refused);
        expect(await decisions(japan())).toEqual([]);
      });
      it('sees content where a party lets it, for as long as it does', async () => {
        const grant = { person: await person(), subjects: ['PROJECTS'], until: IN_A_YEAR };
        const leave = await done(japan(), 'grantAuditMandate', grant);
        const { facts } = (await history(auditor(), id))!;
        expect(facts[0]).toMatchObject({
          isOpen: true,
          by: 'JP',
          changes: expect.arrayContaining([{ field: 'title', before: null, after: 'Of Japan alone' }]),
        });
        expect((await recordAt(auditor(), id, { at: now() }))!.knownThen).toHaveLength(1);
        expect(await decisions(auditor(), { party: ['JP'], command: ['ProposeProject'] })).not.toEqual([]);
        expect(await decisions(auditor(), { party: ['US'] })).toEqual([]);
        const other = (await done(america(), 'proposeProject', { ...PROJECT, hostCountry: 'US', title: 'Of America' }))
          .recordId;
        expect((await history(auditor(), other))!.facts[0]).toMatchObject({ isOpen: false, by: null });
        const secret = await done(japan(), 'proposeProject', {
          ...PROJECT,
          title: 'Secret',
          marking: { level: 'RESTRICTED' },
        });
        expect((await history(auditor(), secret.recordId))!.facts[0]).toMatchObject({ isOpen: false });
        await done(japan(), 'revokeAuditMandate', { id: leave.recordId, reason: 'Over' });
        expect((await history(auditor(), id))!.facts[0]).toMatchObject({ isOpen: false, by: null });
      });
      it('is an auditor by role: a mandate for anybody else opens nothing', async () => {
        const observer = as(null, 'OBSERVER');
        const { me } = await observer.query<{ me: { person: string } }>('{ me { person } }');
        await done(japan(), 'grantAuditMandate', { person: me.person, subjects: ['PROJECTS'], until: IN_A_YEAR });
        expect(await history(observer, id)).toBeNull();
      });
    });
  });
