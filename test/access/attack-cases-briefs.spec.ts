import { EventStoreDbEventStore } from '@adapters/event-store-db';
import type { CommandAccepted, CommandRejected, LodestoneClient } from '@adapters/lodestone-client';
import { briefRecordType } from '@capabilities/briefs';
import { projectRecordType } from '@capabilities/projects';
import { CommandPipeline, newId, wholly, type Outcome } from '@foundation/eventing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AnyRecordType, Audience, Command, Marking, Principal, RecordId } from '@kernel';
import { JP, NOW, person, US } from '@kernel/testing';
import { capabilities } from '../../apps/api/src/capabilities.js';
import { startPlatform, type RunningPlatform } from '../acceptance/support/platform.js';
import { startEventStore, type StartedEventStore } from '../support/event-store.js';

/* Japan and Korea own what is hidden; the United States write from it; Germany is who may not know. */
const ABSENT = '5f0c1b1e-7a57-4c1e-9a52-0d1c8a7be001';
const PROJECT = { title: 'A refinery', materials: ['gallium'], stages: ['REFINING'], hostCountry: 'JP' };
const STOCK = { material: 'gallium', form: 'metal', purity: '99', quantity: '7', asOf: '2026-01-31' };
const PLEDGE = { kind: 'LOAN', amount: '5', currency: 'JPY' };
const BRIEF = { title: 'Gallium', text: 'There is enough of it.' };

let platform: RunningPlatform;
let japan: LodestoneClient;
let approver: LodestoneClient;
let korea: LodestoneClient;
let america: LodestoneClient;
let germany: LodestoneClient;
/** Where everything that was recorded before shows. */
let atLeast: string;

beforeAll(async () => {
  platform = await startPlatform();
  [japan, korea, america, germany] = ['JP', 'KR', 'US', 'DE'].map((country) =>
    platform.as(country, ['LIAISON', 'DELEGATE']),
  ) as [LodestoneClient, LodestoneClient, LodestoneClient, LodestoneClient];
  approver = platform.as('JP', 'APPROVER', 'approver');
  const secretariat = platform.as(null, 'SECRETARIAT');
  for (const country of ['JP', 'KR', 'US', 'DE'])
    await done(secretariat, 'admitMember', { country, since: '2026-05-01' });
  await done(secretariat, 'registerMaterial', {
    code: 'gallium',
    name: 'Gallium',
    group: 'minor metals',
    hsCodes: ['811292'],
  });
});
afterAll(() => platform?.stop());

const done = async (who: LodestoneClient, mutation: string, input: object): Promise<CommandAccepted> => {
  const outcome = await who.command(mutation, input);
  if (!outcome.accepted) throw new Error(`${mutation} was refused: ${JSON.stringify(outcome)}`);
  atLeast = outcome.position;
  return outcome;
};
const refused = async (who: LodestoneClient, mutation: string, input: object): Promise<CommandRejected> => {
  const outcome = await who.command(mutation, input);
  if (outcome.accepted) throw new Error(`${mutation} was accepted`);
  return outcome;
};
const made = async (who: LodestoneClient, mutation: string, input: object): Promise<string> =>
  (await done(who, mutation, input)).recordId;
const declared = async (input: object): Promise<string> => {
  const id = await made(japan, 'declareStock', { ...STOCK, ...input });
  await done(approver, 'approveDeclaration', { id });
  return id;
};
const approvedUse = async (id: string, audience: string[]): Promise<string> => {
  const source = { kind: 'PROJECT', id };
  const use = await made(america, 'requestUse', { source, purpose: 'QUOTE', audience, explanation: 'for a note' });
  await done(japan, 'approveUse', { id: use });
  return use;
};
/** What one person is answered, as it came. */
const seen = async (who: LodestoneClient, query: string): Promise<string> => JSON.stringify(await who.query(query));
/** Waits until lists show all that was recorded. */
const platformShows = async (): Promise<void> => {
  await germany.query(
    `query ($p: Position) { projects(atLeast: $p, first: 1) { totalCount } stockDeclarations(atLeast: $p, first: 1) { totalCount } }`,
    { p: atLeast },
  );
};
const shown = async (who: LodestoneClient, id: string) => {
  const { brief } = await who.query<{ brief: Record<string, unknown> | null }>(
    `query ($id: ID!, $atLeast: Position) { brief(id: $id, atLeast: $atLeast) {
      owner title text status withdrawnBecause sources { kind id } marking { owner handling mayExport } } }`,
    { id, atLeast },
  );
  return brief;
};

describe('A link to what a reader may not see', () => {
  it('attack case 7: a brief names to its reader no source that is hidden from it, and a source no use of it', async () => {
    const hidden = await made(japan, 'proposeProject', { ...PROJECT, marking: { releaseTo: ['US'] } });
    const open = await made(japan, 'proposeProject', { ...PROJECT, marking: { releaseTo: ['US', 'DE'] } });
    const use = await approvedUse(hidden, ['DE']);
    const id = await made(america, 'writeBrief', {
      ...BRIEF,
      sources: [
        { kind: 'PROJECT', id: hidden },
        { kind: 'PROJECT', id: open },
      ],
      approvals: [use],
      marking: { releaseTo: ['DE'] },
    });
    expect(await shown(germany, id)).toMatchObject({ ...BRIEF, sources: [{ kind: 'PROJECT', id: open }] });
    expect((await shown(america, id))!['sources']).toHaveLength(2);
    const all = await seen(
      germany,
      `{ projects { totalCount nodes { id } } useRequests { totalCount nodes { id } } briefs { nodes { id sources { id } } } }`,
    );
    for (const secret of [hidden, use]) expect(all).not.toContain(secret);
    const request = (which: string) => seen(germany, `{ it: useRequest(id: "${which}") { id } }`);
    expect(await request(use)).toBe(await request(ABSENT));
  });

  it('attack case 14: a brief with a hidden source reads as one without', async () => {
    const hidden = await made(japan, 'proposeProject', { ...PROJECT, marking: { releaseTo: ['US'] } });
    const open = {
      kind: 'PROJECT',
      id: await made(japan, 'proposeProject', { ...PROJECT, marking: { releaseTo: ['US', 'DE'] } }),
    };
    const approvals = [await approvedUse(hidden, ['DE'])];
    const write = (sources: object[]) =>
      made(america, 'writeBrief', { ...BRIEF, sources, approvals, marking: { releaseTo: ['DE'] } });
    const [both, one] = [await write([{ kind: 'PROJECT', id: hidden }, open]), await write([open])];
    expect(await shown(germany, both)).toEqual(await shown(germany, one));
  });
});

describe('What is for totals only', () => {
  const aggregateOnly = { releaseTo: ['MEMBERS'], aggregateOnly: true };
  const stocks = (filter = '{}') =>
    seen(
      germany,
      `{ stockDeclarations(filter: ${filter}, orderBy: { field: QUANTITY }) { totalCount nodes { id } pageInfo { hasNextPage } } }`,
    );

  it('attack case 15: is in no total but its owner’s, and no difference of totals tells it', async () => {
    const project = await made(america, 'proposeProject', { ...PROJECT, marking: { releaseTo: ['MEMBERS'] } });
    await done(korea, 'pledgeInvestment', { ...PLEDGE, projectId: project, marking: { releaseTo: ['MEMBERS'] } });
    const asked = async (who: LodestoneClient) => {
      const without = (countries: string) =>
        `pledges(filter: { projectId: ["${project}"], country: [${countries}] }) { totalCount }`;
      return seen(
        who,
        `{ project(id: "${project}") { funding { currency pledged confirmed drawn count } pledges { id } }
          all: ${without('"JP", "KR"')} notJapan: ${without('"KR"')} notKorea: ${without('"JP"')} }`,
      );
    };
    await platformShows();
    const before = await asked(germany);
    await done(japan, 'pledgeInvestment', { ...PLEDGE, amount: '1000', projectId: project, marking: aggregateOnly });
    await platformShows();
    expect(await asked(germany)).toBe(before);
    expect(await asked(japan)).toContain('"1005"');
  });

  it('attack case 16: leaves every list and count as it was before it was added', async () => {
    await platformShows();
    const before = await stocks();
    const id = await declared({ quantity: '12345', marking: aggregateOnly });
    await platformShows();
    expect(await stocks()).toBe(before);
    expect(await seen(japan, `{ stockDeclarations { nodes { id } } }`)).toContain(id);
  });

  it('attack case 17: is in no cell, however many contribute to it', async () => {
    const id = await made(japan, 'proposeProject', { ...PROJECT, marking: { releaseTo: ['MEMBERS'] } });
    for (const who of [japan, korea, america])
      await done(who, 'pledgeInvestment', { ...PLEDGE, projectId: id, marking: aggregateOnly });
    await platformShows();
    const funding = await germany.query(`{ project(id: "${id}") { funding { count } pledges { id } } }`);
    expect(funding).toEqual({ project: { funding: [], pledges: [] } });
  });

  it('attack case 18: is told by no two filters that differ by it', async () => {
    await declared({ asOf: '2025-06-15', marking: aggregateOnly });
    await declared({ asOf: '2025-03-15', marking: { releaseTo: ['MEMBERS'] } });
    await platformShows();
    const until = (to: string) => stocks(`{ asOf: { from: "2025-01-01", to: "${to}" } }`);
    expect(await until('2025-06-15')).toBe(await until('2025-06-14'));
  });

  it('is quoted by nobody, and a request to use it is answered as one to use nothing', async () => {
    const id = await declared({ marking: aggregateOnly });
    for (const [mutation, input] of [
      ['writeBrief', (source: object) => ({ ...BRIEF, sources: [source] })],
      ['requestUse', (source: object) => ({ source, purpose: 'QUOTE', explanation: 'for a note' })],
    ] as const) {
      const answer = async (which: string) => {
        const { details, ...rest } = await refused(america, mutation, input({ kind: 'STOCK_DECLARATION', id: which }));
        return { ...rest, details: { ...details, value: details['value'] === which } };
      };
      expect(await answer(id)).toEqual(await answer(ABSENT));
    }
  });
});

describe('The confused deputy', () => {
  it('attack case 40: writes from a controlled record with its owner’s approval alone, and within it', async () => {
    const id = await made(japan, 'proposeProject', {
      ...PROJECT,
      marking: { releaseTo: ['US', 'KR'], originatorControl: true },
    });
    const write = (releaseTo: string[], approvals: string[] = []) => ({
      ...BRIEF,
      sources: [{ kind: 'PROJECT', id }],
      approvals,
      marking: { releaseTo, originatorControl: true },
    });
    expect(await refused(america, 'writeBrief', write([]))).toMatchObject({ code: 'BRIEFS.APPROVAL_NEEDED' });
    const approval = await approvedUse(id, []);
    expect(await refused(america, 'writeBrief', write(['MEMBERS'], [approval]))).toMatchObject({
      code: 'MARKING.WIDER_THAN_SOURCE',
    });
    // An approval is the party’s that asked for it.
    expect(await refused(korea, 'writeBrief', write([], [approval]))).toMatchObject({
      code: 'BRIEFS.APPROVAL_NOT_FOUND',
    });
    const brief = await made(america, 'writeBrief', write(['KR'], [approval]));
    expect(await shown(korea, brief)).toMatchObject(BRIEF);
    expect(await shown(germany, brief)).toBeNull();
    await done(japan, 'refuseUse', { id: approval, reason: 'no longer' });
    expect(
      await refused(america, 'reviseBrief', { id: brief, ...write(['KR'], [approval]), marking: undefined }),
    ).toMatchObject({
      code: 'BRIEFS.APPROVAL_NEEDED',
    });
  });
});

describe('A brief whose marking changes', () => {
  it('attack case 41: stays within its sources; its owner closes it whatever has become of them', async () => {
    const project = await made(japan, 'proposeProject', { ...PROJECT, marking: { releaseTo: ['US', 'KR'] } });
    const sources = [{ kind: 'PROJECT', id: project }];
    const id = await made(america, 'writeBrief', { ...BRIEF, sources, marking: { releaseTo: ['KR'] } });
    const to = (releaseTo: string[], of = id, kind = 'BRIEF') => ({
      kind,
      id: of,
      marking: { releaseTo },
      reason: 'others need it',
    });
    const tooWide = { code: 'MARKING.WIDER_THAN_SOURCE' };
    expect(await refused(america, 'changeMarking', to(['MEMBERS']))).toMatchObject(tooWide);
    expect(await refused(korea, 'changeMarking', to(['KR', 'US']))).toMatchObject({ code: 'ACCESS.DENIED' });
    const strangers = [to(['KR']), to(['KR'], ABSENT)].map((input) => refused(germany, 'changeMarking', input));
    expect(await strangers[0]).toEqual(await strangers[1]);

    await done(japan, 'changeMarking', to([], project, 'PROJECT'));
    expect(await refused(america, 'changeMarking', to(['DE']))).toMatchObject({ code: 'BRIEFS.SOURCE_NOT_FOUND' });
    await done(america, 'changeMarking', to([]));
    expect(await shown(korea, id)).toBeNull();
    expect(await shown(america, id)).toMatchObject({ ...BRIEF, sources: [] });
  });
});

describe('An access request', () => {
  it('is taken whatever there is, is answered to whoever asked, and is nothing to others', async () => {
    const wish = { subject: 'Stocks of gallium', material: 'gallium', reason: 'a joint reserve' };
    const before = await germany.command('requestAccess', { of: 'KR', ...wish });
    await declared({ marking: {} });
    const after = await germany.command('requestAccess', { of: 'JP', ...wish });
    const shape = ({ accepted, ...rest }: object & { accepted: boolean }) => [accepted, Object.keys(rest).sort()];
    expect(shape(after)).toEqual(shape(before));
    const { recordId: id } = after as CommandAccepted;
    await done(japan, 'answerAccessRequest', { id, answer: 'DECLINED' });
    const request = async (who: LodestoneClient, which: string) =>
      JSON.stringify(
        await who.query(`query ($p: Position) { it: accessRequest(id: "${which}", atLeast: $p) { status } }`, {
          p: atLeast,
        }),
      );
    expect(await request(germany, id)).toContain('DECLINED');
    expect(await request(japan, id)).toContain('DECLINED');
    expect(await request(america, id)).toBe(await request(america, ABSENT));
    const answer = (which: string) => refused(america, 'answerAccessRequest', { id: which, answer: 'GRANTED' });
    expect(await answer(id)).toEqual(await answer(ABSENT));
  });
});

describe('Another marking', () => {
  let server: StartedEventStore;
  let store: EventStoreDbEventStore;
  beforeAll(async () => {
    server = await startEventStore();
    store = new EventStoreDbEventStore(server.url);
  });
  afterAll(async () => {
    await store?.close();
    await server?.stop();
  });

  it('attack case 41: is the owner’s to give, within its sources, once; repeating an old command changes nothing', async () => {
    const pipeline = new CommandPipeline(store, capabilities, () => NOW);
    const [writer, owner] = [person(US, 'DELEGATE'), person(JP, 'DELEGATE')];
    const issue = (
      who: Principal,
      recordType: AnyRecordType,
      command: Command,
      commandId: string = newId(),
    ): Promise<Outcome> => pipeline.issue({ recordType, command, who, commandId, correlationId: 'c' });
    const id = async (outcome: Promise<Outcome>): Promise<RecordId> => {
      const answer = await outcome;
      if (answer.accepted !== true) throw new Error(JSON.stringify(answer));
      return answer.recordId;
    };
    const forKorea: Audience[] = ['country:KR' as Audience];
    const source = await id(
      issue(owner, projectRecordType, {
        type: 'ProposeProject',
        title: 'A refinery',
        materials: [],
        stages: ['REFINING'],
        hostCountry: 'JP',
        marking: { releaseTo: ['country:US' as Audience, ...forKorea] },
      } as Command),
    );
    const brief = await id(
      issue(writer, briefRecordType, {
        type: 'WriteBrief',
        ...BRIEF,
        sources: [{ kind: 'PROJECT', id: source }],
        approvals: [],
        marking: { releaseTo: forKorea },
      } as Command),
    );
    const remark = (of: RecordId, releaseTo: Audience[]): Command =>
      ({ type: 'ChangeMarking', id: of, reason: 'others need it', marking: { releaseTo } }) as Command;
    const markingNow = async (): Promise<Marking> => {
      const events = wholly(await Array.fromAsync(store.read('brief', brief)))!;
      return events.flatMap(({ event }) => ('marking' in event.data ? [event.data.marking as Marking] : [])).at(-1)!;
    };

    // Wider than the source; by somebody else; of somebody else’s source.
    expect(await issue(writer, briefRecordType, remark(brief, ['MEMBERS']))).toMatchObject({
      code: 'MARKING.WIDER_THAN_SOURCE',
    });
    expect(await issue(owner, briefRecordType, remark(brief, forKorea))).toMatchObject({ code: 'BRIEFS.NOT_FOUND' });
    expect(await issue(person('KR' as never, 'DELEGATE'), briefRecordType, remark(brief, []))).toMatchObject({
      code: 'ACCESS.DENIED',
    });
    expect(await issue(writer, projectRecordType, remark(source, ['MEMBERS']))).toMatchObject({
      code: 'ACCESS.DENIED',
    });

    // The owner’s old command, sent again, on this node and on one that remembers nothing.
    const wide = newId();
    await issue(writer, briefRecordType, remark(brief, []));
    await issue(writer, briefRecordType, remark(brief, forKorea), wide);
    await issue(writer, briefRecordType, remark(brief, []));
    const length = (await Array.fromAsync(store.read('brief', brief))).length;
    const anew = new CommandPipeline(store, capabilities, () => NOW);
    for (const node of [pipeline, anew])
      await node.issue({
        recordType: briefRecordType,
        command: remark(brief, forKorea),
        who: writer,
        commandId: wide,
        correlationId: 'c',
      });
    expect((await Array.fromAsync(store.read('brief', brief))).length).toBe(length);
    expect((await markingNow()).releaseTo).toEqual([]);
  });
});
