import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CommandAccepted, LodestoneClient, Subscription } from '@adapters/lodestone-client';
import { asker, send, type Answer, type Person } from '../acceptance/support/answers.js';
import { rootFields, schemaOf } from '../acceptance/support/from-schema.js';
import { startPlatform, type RunningPlatform } from '../acceptance/support/platform.js';
import { timeFor, until } from '../support/waiting.js';

/** The United States own what is shared, Japan may or may not read it, and Korea is the third country. */
const US: Person = { country: 'US', roles: ['LIAISON', 'DELEGATE'], person: 'owner' };
const JP: Person = { country: 'JP', roles: ['LIAISON', 'DELEGATE'] };
const KR: Person = { country: 'KR', roles: ['LIAISON', 'DELEGATE'] };
const SECRETARIAT: Person = { country: null, roles: ['SECRETARIAT'] };

const ABSENT = '5f0c1b1e-7a57-4c1e-9a52-0d1c8a7be001';
const PROJECT = { title: 'A refinery', materials: ['gallium'], stages: ['REFINING'], hostCountry: 'US' };

let platform: RunningPlatform;
const clients = new Map<Person, LodestoneClient>();
/** Where everything that was recorded before shows. */
let position: string;

const client = (who: Person): LodestoneClient => {
  if (!clients.has(who)) clients.set(who, platform.as(who.country, who.roles, who.person));
  return clients.get(who)!;
};
const done = async (who: Person, mutation: string, input: object): Promise<CommandAccepted> => {
  const outcome = await client(who).command(mutation, input);
  if (!outcome.accepted) throw new Error(`${mutation} was refused: ${JSON.stringify(outcome)}`);
  position = outcome.position;
  return outcome;
};
const propose = async (marking: object, more: object = {}): Promise<string> =>
  (await done(US, 'proposeProject', { ...PROJECT, ...more, marking })).recordId;
const remark = (id: string, marking: object, who = US) =>
  done(who, 'changeMarking', { kind: 'PROJECT', id, marking, reason: 'Agreed anew' });

type Seen = { readonly id: string; readonly title: string; readonly marking: { readonly mayExport: boolean } } | null;
const see = async (who: Person, id: string): Promise<Seen> =>
  (
    await client(who).query<{ project: Seen }>(
      'query ($id: ID!, $p: Position) { project(id: $id, atLeast: $p) { id title marking { mayExport } } }',
      { id, p: position },
    )
  ).project;

/** A request under a purpose, as a client that exports sends it. */
const exported = async (who: Person, query: string, variables: object = {}): Promise<Answer> =>
  send(platform.graphql, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      'lodestone-purpose': 'export',
      authorization: `Bearer ${await platform.tokenOf(who)()}`,
    },
    body: JSON.stringify({ query, variables }),
  });

type Reading = { reader: string; kind: string; record: string; ways: { how: string; person: string | null }[] };
const READINGS = `query ($record: ID!) { readings(filter: { record: [$record] }) {
  totalCount nodes { record kind reader ways { how person } } } }`;
const readings = async (who: Person, record: string): Promise<readonly Reading[]> =>
  (await client(who).query<{ readings: { nodes: Reading[] } }>(READINGS, { record })).readings.nodes;
const readBy = async (reader: string, record: string): Promise<Reading> =>
  until(`that ${reader} has read ${record} stands in the log`, async () =>
    (await readings(US, record)).find((each) => each.reader === reader),
  );

type Recall = { id: string; reader: string; cause: string; acknowledgedAt: string | null; note: string | null };
const recalls = async (who: Person, record: string): Promise<readonly Recall[]> =>
  (
    await client(who).query<{ recalls: { nodes: Recall[]; totalCount: number } }>(
      `query ($record: ID!) { recalls(filter: { record: [$record] }) { totalCount nodes { id reader cause acknowledgedAt note } } }`,
      { record },
    )
  ).recalls.nodes;

type Changed = {
  readonly projectChanged: { cursor: string; id: string; project: { id: string; title: string } | null };
};
const CHANGED = 'subscription ($after: Cursor) { projectChanged(after: $after) { cursor id project { id title } } }';
const next = async (changes: Subscription<Changed>) => ((await changes.next()).value as Changed).projectChanged;

beforeAll(async () => {
  platform = await startPlatform();
  for (const country of ['JP', 'US', 'KR']) await done(SECRETARIAT, 'admitMember', { country, since: '2026-05-01' });
  await done(SECRETARIAT, 'registerMaterial', {
    code: 'gallium',
    name: 'Gallium',
    group: 'minor metals',
    hsCodes: ['811292'],
  });
});

afterAll(() => platform?.stop());

describe('The audience of a record', () => {
  it('is narrower with the next read and on open subscriptions, and wider likewise', async () => {
    const id = await propose({ releaseTo: ['JP'] });
    expect(await see(JP, id)).not.toBeNull();
    expect(await see(KR, id)).toBeNull();
    const heard = { JP: client(JP).subscribe<Changed>(CHANGED), KR: client(KR).subscribe<Changed>(CHANGED) };
    await Promise.all([heard.JP.opened, heard.KR.opened]);

    await remark(id, { releaseTo: ['KR'] });
    expect(await see(JP, id)).toBeNull();
    expect((await see(KR, id))?.id).toBe(id);
    expect(await next(heard.JP)).toMatchObject({ id, project: null });
    expect(await next(heard.KR)).toMatchObject({ id, project: { title: 'A refinery' } });

    await done(US, 'reviseProject', { id, title: 'Since then' });
    expect((await next(heard.KR)).project?.title).toBe('Since then');
    const marker = await propose({ releaseTo: ['JP'] }, { title: 'Marker' });
    expect(await next(heard.JP)).toMatchObject({ id: marker });
    heard.JP.stop();
    heard.KR.stop();
  });

  it('covers a stock declaration that waits for approval, and what waits of it', async () => {
    const { recordId: id } = await done(US, 'declareStock', {
      ...{ material: 'gallium', form: 'metal', purity: '99', quantity: '7', asOf: '2026-01-31' },
      marking: { releaseTo: ['JP'] },
    });
    await done(US, 'changeMarking', { kind: 'STOCK_DECLARATION', id, marking: { releaseTo: ['KR'] }, reason: 'x' });
    const approver: Person = { country: 'US', roles: ['APPROVER'], person: 'second' };
    const stock = async (who: Person) =>
      (
        await client(who).query<{ stockDeclarations: { nodes: { id: string }[] } }>(
          'query ($p: Position) { stockDeclarations(atLeast: $p) { nodes { id } } }',
          { p: position },
        )
      ).stockDeclarations.nodes.map((each) => each.id);
    expect(await stock(KR)).not.toContain(id);
    await done(approver, 'approveDeclaration', { id });
    expect(await stock(KR)).toContain(id);
    expect(await stock(JP)).not.toContain(id);
  });

  it('stands with each of its changes in the record’s history, for the owner alone', async () => {
    const id = await propose({ releaseTo: ['JP'] });
    await remark(id, { releaseTo: ['JP', 'KR'] });
    await remark(id, { releaseTo: ['KR'], handling: 'RED' });
    const history = async (who: Person, record = id) =>
      client(who).query(
        `query ($record: ID!, $p: Position) { audienceChanges(record: $record, atLeast: $p) {
          totalCount nodes { by reason changedTo { releaseTo handling } } } }`,
        { record, p: position },
      );
    expect(await history(US)).toEqual({
      audienceChanges: {
        totalCount: 2,
        nodes: [
          { by: 'US', reason: 'Agreed anew', changedTo: { releaseTo: ['JP', 'KR'], handling: 'AMBER' } },
          { by: 'US', reason: 'Agreed anew', changedTo: { releaseTo: ['KR'], handling: 'RED' } },
        ],
      },
    });
    expect(await history(JP)).toEqual(await history(JP, ABSENT));
    expect(await history(KR)).toEqual(await history(KR, ABSENT));
  });

  it('is told before it is submitted: who, why, and why not', async () => {
    const { recordId: group } = await done(US, 'foundGroup', { name: 'Discreet', members: ['JP', 'KR'] });
    await client(US).query('query ($p: Position) { groups(atLeast: $p) { nodes { members { country } } } }', {
      p: position,
    });
    const preview = (who: Person, marking: object) =>
      client(who).query<{ previewAudience: Record<string, unknown> }>(
        `query ($marking: MarkingInput!) { previewAudience(marking: $marking) {
          ... on AudiencePreview { level readers parties { party verdict because deniedBy lacks } others { audience verdict isResolved } }
          ... on CommandRejected { code message details } } }`,
        { marking },
      );
    const own = (await preview(US, { releaseTo: [group], denyTo: ['KR'], displayOnlyTo: ['CL'] })).previewAudience;
    const verdicts = Object.fromEntries(
      (own['parties'] as { party: string; verdict: string }[]).map(({ party, verdict }) => [party, verdict]),
    );
    expect(verdicts).toEqual({ CL: 'DISPLAY_ONLY', JP: 'READS', KR: 'HIDDEN', US: 'READS', SECRETARIAT: 'HIDDEN' });

    // A member that may not know the others is told of the group as a whole.
    const member = (await preview(JP, { releaseTo: [group] })).previewAudience;
    expect(member['parties']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ party: 'JP', verdict: 'READS' }),
        expect.objectContaining({ party: 'KR', verdict: 'DEPENDS' }),
        expect.objectContaining({ party: 'SECRETARIAT', verdict: 'DEPENDS' }),
      ]),
    );
    expect(member['others']).toEqual([
      { audience: group, verdict: 'READS', isResolved: false },
      { audience: 'PUBLIC', verdict: 'DEPENDS', isResolved: false },
    ]);
    const { recordId: hidden } = await done(US, 'foundGroup', { name: 'Without Korea', members: ['JP'] });
    for (const field of ['releaseTo', 'denyTo', 'displayOnlyTo', 'needToKnow']) {
      const answers = [hidden, ABSENT].map((one) => preview(KR, { [field]: [one] }));
      const [ofHidden, ofAbsent] = await Promise.all(answers);
      expect(ofHidden).toEqual(ofAbsent);
      expect(ofHidden!.previewAudience['code']).toBe('MARKING.UNKNOWN_AUDIENCE');
    }
  });
});

describe('The read log', () => {
  it('tells the owner alone who has read a record, through lists, nested lists, by id and subscriptions', async () => {
    const [one, listed, heard] = [
      await propose({ releaseTo: ['JP', 'KR'] }),
      await propose({ releaseTo: ['JP'] }, { title: 'Listed' }),
      await propose({ releaseTo: ['JP'] }, { title: 'Heard' }),
    ];
    await see(US, heard);
    const changes = client(JP).subscribe<Changed>(CHANGED);
    await changes.opened;
    await done(US, 'reviseProject', { id: heard, title: 'Heard of' });
    expect((await next(changes)).id).toBe(heard);
    changes.stop();
    expect(await readBy('JP', heard)).toMatchObject({ kind: 'projects.projects', ways: [{ how: 'READ' }] });
    expect(await readings(US, one)).toEqual([]);

    await see(JP, one);
    await readBy('JP', one);
    await client(JP).query('query ($p: Position) { projects(atLeast: $p, first: 200) { nodes { id } } }', {
      p: position,
    });
    await readBy('JP', listed);
    await see(JP, one);
    await see(US, one);
    const log = await readings(US, one);
    expect(log).toEqual([
      { record: one, kind: 'projects.projects', reader: 'JP', ways: [{ how: 'READ', person: null }] },
    ]);
    for (const other of [JP, KR, SECRETARIAT])
      expect(await client(other).query(READINGS, { record: one })).toEqual(
        await client(other).query(READINGS, { record: ABSENT }),
      );
  });

  it('is part of what the owner is told of a record, and nobody else', async () => {
    const id = await propose({ releaseTo: ['JP'] });
    await see(JP, id);
    await readBy('JP', id);
    const audience = (who: Person, record = id) =>
      client(who).query<{ audienceOf: { readings: Reading[]; parties: object[] } | null }>(
        `query ($id: ID!) { audienceOf(kind: PROJECT, id: $id) { marking { releaseTo } readings { reader }
          parties { party verdict } } }`,
        { id: record },
      );
    expect((await audience(US)).audienceOf).toMatchObject({
      marking: { releaseTo: ['JP'] },
      readings: [{ reader: 'JP' }],
      parties: expect.arrayContaining([
        { party: 'JP', verdict: 'READS' },
        { party: 'KR', verdict: 'HIDDEN' },
      ]) as never,
    });
    for (const other of [JP, KR]) expect(await audience(other)).toEqual(await audience(other, ABSENT));
  });
});

describe('What an emergency access opened', () => {
  it('is told to the owner with the person who read it, and only what was opened', async () => {
    const [id, other] = [await propose({ releaseTo: ['JP'] }), await propose({ releaseTo: ['JP'] })];
    const { recordId: emergency } = await done(SECRETARIAT, 'requestEmergencyAccess', {
      record: id,
      reason: 'The plant burns',
      approver: 'KR',
    });
    expect(await see(SECRETARIAT, id)).toBeNull();
    await done(KR, 'approveEmergencyAccess', { id: emergency });
    expect(await see(SECRETARIAT, id)).toMatchObject({ id, marking: { mayExport: false } });
    expect(await see(SECRETARIAT, other)).toBeNull();
    const { body } = await exported(SECRETARIAT, 'query ($id: ID!) { project(id: $id) { id } }', { id });
    expect(body).not.toContain(id);
    expect((await readBy('SECRETARIAT', id)).ways).toEqual([{ how: 'EMERGENCY', person: expect.any(String) }]);
    expect(await readings(US, other)).toEqual([]);
  });
});

describe('A recall', () => {
  it('goes to those who had read and may not any more, and to nobody else; they acknowledge it', async () => {
    const id = await propose({ releaseTo: ['JP', 'KR', 'MEMBERS'] });
    await see(JP, id);
    await see(KR, id);
    await Promise.all([readBy('JP', id), readBy('KR', id)]);
    const notices = client(JP).subscribe<{ recallChanged: { recall: Recall } }>(
      'subscription { recallChanged { id recall { id reader cause } } }',
    );
    await notices.opened;
    await remark(id, { releaseTo: ['KR'] });
    const { recall } = ((await notices.next()).value as { recallChanged: { recall: Recall } }).recallChanged;
    expect(recall).toMatchObject({ reader: 'JP', cause: 'NARROWED' });
    notices.stop();

    expect(await recalls(KR, id)).toEqual([]);
    expect(await recalls(JP, id)).toHaveLength(1);
    expect(await recalls(US, id)).toMatchObject([{ reader: 'JP', acknowledgedAt: null }]);
    const refused = (who: Person, notice: string) => client(who).command('acknowledgeRecall', { id: notice });
    const { message: _, ...hidden } = (await refused(KR, recall.id)) as unknown as Record<string, unknown>;
    expect(hidden).toMatchObject({ code: 'RECALLS.NOT_FOUND' });
    expect(await refused(KR, recall.id)).toEqual(await refused(KR, ABSENT));
    expect(await refused(US, recall.id)).toMatchObject({ code: 'ACCESS.DENIED' });
    await done(JP, 'acknowledgeRecall', { id: recall.id, note: 'Two copies destroyed' });
    await until('the owner sees that the notice was heard', async () =>
      (await recalls(US, id)).find((each) => each.note === 'Two copies destroyed' && each.acknowledgedAt),
    );
  });

  it('follows a withdrawal, and a reading that is noted only after the record was narrowed', async () => {
    const id = await propose({ releaseTo: ['JP'] });
    await see(JP, id);
    await readBy('JP', id);
    await done(US, 'withdrawProject', { id, reason: 'No money' });
    await until('Japan is told', async () => (await recalls(JP, id)).find(({ cause }) => cause === 'WITHDRAWN'));

    const late = await propose({ releaseTo: ['JP'] });
    await see(JP, late);
    await remark(late, {});
    await until('Japan is told', async () => (await recalls(JP, late)).find(({ cause }) => cause === 'NARROWED'));
  });
});

describe('What strangers try', () => {
  it('attack case 25: before its embargo ends, a record is its owner’s alone, at its end everybody’s at once, by the server’s clock', async () => {
    const begun = Date.now();
    await see(JP, await propose({ releaseTo: ['JP'] }));
    const changes = client(JP).subscribe<Changed>(CHANGED);
    await changes.opened;
    const end = Date.now() + timeFor(begun);
    const id = await propose({ releaseTo: ['JP'], embargoUntil: new Date(end).toISOString() }, { title: 'At noon' });
    const answers: { began: number; ended: number; isSeen: boolean }[] = [];
    await until('the embargo ends', async () => {
      const began = Date.now();
      const isSeen = (await see(JP, id)) !== null;
      answers.push({ began, ended: Date.now(), isSeen });
      return isSeen;
    });
    expect(answers.length).toBeGreaterThan(1);
    for (const { began, ended, isSeen } of answers) {
      if (isSeen) expect(ended).toBeGreaterThanOrEqual(end);
      else expect(began).toBeLessThan(end);
    }
    expect((await next(changes)).project).toEqual({ id, title: 'At noon' });
    const marker = await propose({ releaseTo: ['JP'] }, { title: 'Marker' });
    expect((await next(changes)).id).toBe(marker);
    changes.stop();
  });

  it('attack case 26: no query of the past, and no old position, opens what was closed since', async () => {
    const schema = await schemaOf(asker(platform, JP));
    const ofThePast = rootFields(schema)
      .filter(({ field }) => field.args.some(({ name }) => /^(asOf|at|version|before|revision)$/.test(name)))
      .map(({ field }) => field.name);
    expect(ofThePast).toEqual(['recordAt']);
    const asOf = async (id: string, at: string): Promise<unknown> =>
      (
        await client(JP).query<{ recordAt: unknown }>(
          'query ($id: ID!, $at: Instant!) { recordAt(id: $id, at: $at) { at } }',
          { id, at },
        )
      ).recordAt;

    const id = await propose({ releaseTo: ['JP'] });
    const old = position;
    expect(await see(JP, id)).not.toBeNull();
    const open = new Date().toISOString();
    expect(await asOf(id, open)).not.toBeNull();
    await remark(id, {});
    expect(await see(JP, id)).toBeNull();
    expect(await asOf(id, open)).toBeNull();
    position = old;
    expect(await see(JP, id)).toBeNull();
  });

  it('attack case 27: the history of a record shows no trace, and no gap, of what its reader may not see', async () => {
    const consent = async (marking: (id: string) => Promise<unknown>): Promise<unknown> => {
      const id = await propose({ releaseTo: ['JP'] }, { hostCountry: 'JP', title: 'At yours' });
      await marking(id);
      const { revision, recorded } = await done(JP, 'giveHostConsent', { id });
      const shown = await client(JP).query(
        `query ($id: ID!, $p: Position) { project(id: $id, atLeast: $p) { title revisedAt marking { releaseTo } }
          audienceChanges(record: $id) { totalCount nodes { at } } }`,
        { id, p: position },
      );
      return { revision, recorded, history: (shown as { audienceChanges: unknown }).audienceChanges };
    };
    const quiet = await consent(() => Promise.resolve());
    const busy = await consent(async (id) => {
      await remark(id, { releaseTo: ['JP', 'KR'] });
      await remark(id, { releaseTo: ['JP', 'KR'], denyTo: ['KR'] });
    });
    expect(busy).toEqual(quiet);
  });

  it('attack case 28: whoever is paging, subscribed or exporting gets nothing of a record after it was closed', async () => {
    const ids = [];
    for (const title of ['Page 1', 'Page 2', 'Page 3']) ids.push(await propose({ releaseTo: ['JP'] }, { title }));
    const PAGE = `query ($after: Cursor, $p: Position) { projects(first: 1, after: $after, atLeast: $p,
      orderBy: { field: PROPOSED_AT, direction: DESC }) { nodes { id } pageInfo { endCursor } } }`;
    type Page = { projects: { nodes: { id: string }[]; pageInfo: { endCursor: string } } };
    const first = (await client(JP).query<Page>(PAGE, { p: position })).projects;
    expect(first.nodes).toEqual([{ id: ids[2] }]);
    const changes = client(JP).subscribe<Changed>(CHANGED);
    await changes.opened;

    await remark(ids[1]!, {});
    const second = (await client(JP).query<Page>(PAGE, { p: position, after: first.pageInfo.endCursor })).projects;
    expect(second.nodes).toEqual([{ id: ids[0] }]);
    await done(US, 'reviseProject', { id: ids[1], title: 'Closed' });
    await done(US, 'reviseProject', { id: ids[0], title: 'Open' });
    expect(await next(changes)).toMatchObject({ id: ids[1], project: null });
    expect((await next(changes)).id).toBe(ids[0]);
    changes.stop();
    const { body } = await exported(JP, 'query ($p: Position) { projects(first: 200, atLeast: $p) { nodes { id } } }', {
      p: position,
    });
    expect(body).toContain(ids[0]);
    expect(body).not.toContain(ids[1]);
  });

  it('attack case 30: what was withdrawn from a reader is not reached by an old cursor or a resumed subscription', async () => {
    const changes = client(JP).subscribe<Changed>(CHANGED);
    await changes.opened;
    const before = await propose({ releaseTo: ['JP'] }, { title: 'Before' });
    const { cursor } = await next(changes);
    const id = await propose({ releaseTo: ['JP'] }, { title: 'To be closed' });
    const told = await next(changes);
    expect(told.id).toBe(id);
    changes.stop();
    const PAGE = `query ($after: Cursor, $p: Position) { projects(first: 1, after: $after, atLeast: $p,
      orderBy: { field: PROPOSED_AT, direction: DESC }) { nodes { id } pageInfo { startCursor } } }`;
    type Page = { projects: { nodes: { id: string }[]; pageInfo: { startCursor: string } } };
    const page = (await client(JP).query<Page>(PAGE, { p: position })).projects;
    expect(page.nodes).toEqual([{ id }]);

    await remark(id, {});
    const after = await client(JP).query<Page>(PAGE, { p: position, after: page.pageInfo.startCursor });
    expect(after.projects.nodes).toEqual([{ id: before }]);
    const resumed = [cursor, told.cursor].map((each) => client(JP).subscribe<Changed>(CHANGED, { after: each }));
    await Promise.all(resumed.map(({ opened }) => opened));
    // Whoever had been told of it is told that it is gone; whoever could not see it at its cursor hears nothing of it.
    expect(await next(resumed[1]!)).toMatchObject({ id, project: null });
    const marker = await propose({ releaseTo: ['JP'] }, { title: 'Marker' });
    for (const each of resumed) {
      expect((await next(each)).id).toBe(marker);
      each.stop();
    }
  });

  it('attack case 41: nobody but the owner widens an audience, nor does a repetition of the owner’s command', async () => {
    const id = await propose({ releaseTo: ['JP'] });
    const widen = { kind: 'PROJECT', id, marking: { releaseTo: ['KR', 'JP'] }, reason: 'Please' };
    expect(await client(JP).command('changeMarking', widen)).toMatchObject({ code: 'ACCESS.DENIED' });
    expect(await client(KR).command('changeMarking', widen)).toEqual(
      await client(KR).command('changeMarking', { ...widen, id: ABSENT }),
    );
    const liaison: Person = { country: 'US', roles: ['LIAISON'] };
    expect(await client(liaison).command('changeMarking', widen)).toMatchObject({ code: 'ACCESS.DENIED' });

    const commandId = 'widened-once';
    const wide = await done(US, 'changeMarking', { ...widen, commandId });
    expect(await see(KR, id)).not.toBeNull();
    await remark(id, { releaseTo: ['JP'] });
    expect(await see(KR, id)).toBeNull();
    expect(await done(US, 'changeMarking', { ...widen, commandId })).toMatchObject({ position: expect.any(String) });
    expect(wide.recorded).toBe(true);
    expect(await client(JP).command('changeMarking', { ...widen, commandId })).toMatchObject({ code: 'ACCESS.DENIED' });
    await remark(id, { releaseTo: ['JP'] });
    expect(await see(KR, id)).toBeNull();
  });

  it('attack case 43: what is only for display is seen, and in nothing that leaves the platform', async () => {
    const shown = await propose({ displayOnlyTo: ['JP'] }, { title: 'Look here' });
    const given = await propose({ releaseTo: ['JP'] }, { title: 'Take it' });
    expect(await see(JP, shown)).toMatchObject({ title: 'Look here', marking: { mayExport: false } });
    expect(await see(JP, given)).toMatchObject({ marking: { mayExport: true } });
    await readBy('JP', given);

    const list =
      'query ($p: Position) { projects(first: 2, atLeast: $p, orderBy: { field: PROPOSED_AT, direction: DESC }) { nodes { id } } }';
    const { body } = await exported(JP, list, { p: position });
    const nodes = (JSON.parse(body) as { data: { projects: { nodes: { id: string }[] } } }).data.projects.nodes;
    expect(nodes).toHaveLength(2);
    expect(nodes[0]).toEqual({ id: given });
    expect(body).not.toContain(shown);
    const one = await exported(JP, 'query ($id: ID!) { project(id: $id) { id } }', { id: shown });
    expect(one).toEqual(await exported(JP, 'query ($id: ID!) { project(id: $id) { id } }', { id: ABSENT }));
    await until('the export is noted', async () =>
      (await readBy('JP', given)).ways.some(({ how }) => how === 'EXPORT'),
    );
    expect((await readBy('JP', shown)).ways).toEqual([{ how: 'READ', person: null }]);
  });

  it('attack case 47: a record is never seen by others between its first and its narrow marking', async () => {
    const changes = client(JP).subscribe<Changed>(CHANGED);
    await changes.opened;
    const seen = new Set<string>();
    let isOver = false;
    const watching = (async () => {
      while (!isOver) {
        const { projects } = await client(JP).query<{ projects: { nodes: { id: string }[] } }>(
          'query { projects(first: 200) { nodes { id } } }',
        );
        for (const { id } of projects.nodes) seen.add(id);
      }
    })();
    const narrow = [];
    for (let index = 0; index < 20; index++) narrow.push(await propose(index % 2 ? {} : { releaseTo: ['KR'] }));
    const marker = await propose({ releaseTo: ['JP'] }, { title: 'Marker' });
    expect((await next(changes)).id).toBe(marker);
    isOver = true;
    await watching;
    changes.stop();
    expect(narrow.filter((id) => seen.has(id))).toEqual([]);
  });
});
