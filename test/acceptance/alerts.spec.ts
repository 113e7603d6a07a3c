import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LodestoneClient } from '@adapters/lodestone-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/waiting.js';
import { startPlatform, type RunningPlatform } from './support/platform.js';

type Alert = {
  id: string;
  kind: string;
  severity: string;
  state: string;
  record: string;
  recordKind: string;
  rule: string | null;
  link: string;
  text: string;
};
const ALERT = 'id kind severity state record recordKind rule link text';
const ALERTS = `query ($at: Position, $filter: AlertsFilter) {
  unreadAlertCount alerts(atLeast: $at, filter: $filter) { totalCount nodes { ${ALERT} } } }`;

let platform: RunningPlatform;
const alertsOf = async (of: LodestoneClient, at?: string, filter = {}): Promise<readonly Alert[]> =>
  (await of.query<{ alerts: { nodes: Alert[] } }>(ALERTS, { at, filter })).alerts.nodes;
const unreadOf = async (of: LodestoneClient): Promise<number> =>
  (await of.query<{ unreadAlertCount: number }>('{ unreadAlertCount }')).unreadAlertCount;
const done = async (by: LodestoneClient, mutation: string, input: object) => {
  const outcome = await by.command(mutation, input);
  if (!outcome.accepted) throw new Error(`${mutation}: ${JSON.stringify(outcome)}`);
  return outcome;
};
const proposal = (title: string, ...releaseTo: string[]) => ({
  title,
  materials: ['gallium'],
  stages: ['MINING'],
  hostCountry: 'AU',
  marking: { releaseTo },
});
const rule = (name: string, more: object = {}) => ({ name, scope: 'PERSON', ...more });

describe('Alerts', () => {
  let secretary: LodestoneClient;
  let australia: LodestoneClient;
  let japan: LodestoneClient;
  let colleague: LodestoneClient;

  beforeAll(async () => {
    platform = await startPlatform();
    secretary = platform.as(null, 'SECRETARIAT', 'keeper');
    australia = platform.as('AU', ['DELEGATE', 'LIAISON'], 'author');
    japan = platform.as('JP', ['DELEGATE', 'LIAISON'], 'desk');
    colleague = platform.as('JP', ['DELEGATE'], 'colleague');
    for (const country of ['AU', 'JP', 'US']) await done(secretary, 'admitMember', { country, since: '2026-05-01' });
    await done(secretary, 'registerMaterial', {
      code: 'gallium',
      name: 'Gallium',
      group: 'minor',
      hsCodes: ['811292'],
    });
  });
  afterAll(() => platform?.stop());

  it('reach whoever has a rule for what it may read, once, whatever is said of it twice', async () => {
    const saved = await done(japan, 'saveAlertRule', {
      rule: rule('Gallium', { kinds: ['PROJECT_PROPOSED'], filter: { materials: ['gallium'] } }),
    });
    const proposed = await done(australia, 'proposeProject', proposal('Shown', 'JP'));
    const [alert, ...others] = await alertsOf(japan, proposed.position);
    expect(others).toEqual([]);
    expect(alert).toMatchObject({
      kind: 'PROJECT_PROPOSED',
      severity: 'INFO',
      state: 'NEW',
      record: proposed.recordId,
      recordKind: 'PROJECT',
      rule: saved.recordId,
      link: `/records/PROJECT/${proposed.recordId}`,
      text: 'A project was proposed: Shown',
    });
    // A personal rule and what it tells are the person's alone.
    expect(await alertsOf(colleague)).toEqual([]);
    const rules = '{ alertRules { totalCount nodes { name } } }';
    expect(await colleague.query(rules)).toEqual({ alertRules: { totalCount: 0, nodes: [] } });
    expect(await japan.query(rules)).toEqual({ alertRules: { totalCount: 1, nodes: [{ name: 'Gallium' }] } });
  });

  it('tell nobody of what it may not read (example 2)', async () => {
    const before = [await alertsOf(japan), await unreadOf(japan)];
    const hidden = await done(australia, 'proposeProject', proposal('Hidden', 'US'));
    expect([await alertsOf(japan, hidden.position), await unreadOf(japan)]).toEqual(before);
    // It was released, and is narrowed: what was told before is gone, from the list and from the count.
    const shown = await done(australia, 'proposeProject', proposal('For a while', 'JP'));
    expect((await alertsOf(japan, shown.position)).map(({ record }) => record)).toContain(shown.recordId);
    const narrowed = await done(australia, 'changeMarking', {
      kind: 'PROJECT',
      id: shown.recordId,
      marking: { releaseTo: [] },
      reason: 'No longer',
    });
    const left = await alertsOf(japan, narrowed.position);
    expect(left.filter(({ kind }) => kind === 'PROJECT_PROPOSED')).toEqual(before[0] as Alert[]);
    expect(left.map(({ record }) => record)).not.toContain(shown.recordId);
  });

  it('tell a party’s people what awaits their act, without a rule', async () => {
    const asked = await done(japan, 'requestAccess', { of: 'US', subject: 'Stocks', reason: 'To plan.' });
    const america = platform.as('US', ['DELEGATE'], 'desk');
    const [alert] = await alertsOf(america, asked.position, { kind: ['ACCESS_REQUEST_AWAITS_ANSWER'] });
    expect(alert).toMatchObject({ severity: 'HIGH', state: 'NEW', record: asked.recordId, rule: null });
    const other = platform.as('US', ['DELEGATE'], 'other');
    // Having seen it is each one's own; seeing to it is all of theirs.
    const seen = await done(america, 'answerAlerts', { alerts: [alert!.id], answer: 'SEEN' });
    expect((await alertsOf(america, seen.position))[0]).toMatchObject({ state: 'SEEN' });
    expect(await unreadOf(america)).toBe(0);
    expect((await alertsOf(other))[0]).toMatchObject({ state: 'NEW' });
    const taken = await done(other, 'answerAlerts', { alerts: [alert!.id], answer: 'ACKNOWLEDGED' });
    expect((await alertsOf(america, taken.position))[0]).toMatchObject({ state: 'ACKNOWLEDGED' });
    // Nobody else's answer changes anything.
    const foreign = await done(japan, 'answerAlerts', { alerts: [alert!.id], answer: 'RESOLVED' });
    expect((await alertsOf(america, foreign.position))[0]).toMatchObject({ state: 'ACKNOWLEDGED' });
    // Who passes it on tells people of another role, and their inbox has it under an id of its own.
    const liaison = platform.as('US', ['LIAISON'], 'liaison');
    expect(await alertsOf(liaison)).toEqual([]);
    const passed = await done(america, 'answerAlerts', { alerts: [alert!.id], answer: 'ESCALATED', to: 'LIAISON' });
    expect(await alertsOf(liaison, passed.position)).toMatchObject([{ record: asked.recordId, state: 'NEW' }]);
  });

  it('of a party take two persons, and reach the people of its roles', async () => {
    const outcome = await japan.prepare('saveAlertRule', {
      rule: rule('All of Japan', { scope: 'COUNTRY', kinds: ['PROJECT_DELAYED'], to: ['LIAISON'] }),
    });
    if (!('act' in outcome)) throw new Error(JSON.stringify(outcome));
    const approver = platform.as('JP', 'APPROVER', 'approver');
    const [awaits] = await until('the approver is told', async () => {
      const own = await alertsOf(approver, undefined, { kind: ['ACT_AWAITS_YOU'] });
      return own.length > 0 ? own : null;
    });
    expect(awaits).toMatchObject({ record: outcome.act, recordKind: 'ACT', severity: 'HIGH' });
    await done(approver, 'approveAct', { id: outcome.act, digest: outcome.digest });
    const project = await done(australia, 'proposeProject', proposal('Delayed', 'JP'));
    const delayed = await done(australia, 'reportDelay', { id: project.recordId, reason: 'Rain' });
    const liaison = platform.as('JP', 'LIAISON', 'another');
    expect(await alertsOf(liaison, delayed.position)).toMatchObject([{ kind: 'PROJECT_DELAYED' }]);
    expect(await alertsOf(approver, delayed.position, { kind: ['PROJECT_DELAYED'] })).toEqual([]);
  });

  it('are previewed as their owner reads today, and the answer for no such kind is nothing (example 10)', async () => {
    const preview = 'query ($rule: AlertRuleInput!) { previewAlertRule(rule: $rule, days: 30) { kind record } }';
    const of = async (by: LodestoneClient, kinds: string[]) =>
      (await by.query<{ previewAlertRule: { record: string }[] }>(preview, { rule: rule('Try', { kinds }) }))
        .previewAlertRule;
    const america = platform.as('US', 'DELEGATE', 'looks');
    const japanese = await of(japan, ['PROJECT_PROPOSED']);
    expect(japanese.length).toBeGreaterThan(0);
    const seen = await of(america, ['PROJECT_PROPOSED']);
    expect(seen.length).toBe(1);
    expect(japanese.map(({ record }) => record)).not.toContain(seen[0]!.record);
    expect(await of(america, ['NO_SUCH_KIND'])).toEqual([]);
    expect(await of(america, ['STOCK_DECLARED'])).toEqual([]);
  });

  it('come over a subscription, and after a cursor in order and once (example 7)', async () => {
    const listen = (after?: string) =>
      japan.subscribe<{ alertReceived: { cursor: string; alert: Alert } }>(
        'subscription ($after: Cursor) { alertReceived(after: $after) { cursor alert { record kind } } }',
        { after },
      );
    const heard: { cursor: string; alert: Alert }[] = [];
    const first = listen();
    const hearing = (async () => {
      for await (const { alertReceived } of first) {
        heard.push(alertReceived);
        break;
      }
    })();
    const titles = ['One', 'Two', 'Three'];
    const records: string[] = [];
    // Until it listens nothing is missed that matters: it is asked to hear one of them.
    while (heard.length === 0) {
      records.push((await done(australia, 'proposeProject', proposal(titles[records.length % 3]!, 'JP'))).recordId);
      await Promise.race([hearing, new Promise((resolve) => setTimeout(resolve, 1_000))]);
    }
    await hearing;
    const from = records.indexOf(heard[0]!.alert.record);
    expect(from).toBeGreaterThanOrEqual(0);
    for (const title of titles) records.push((await done(australia, 'proposeProject', proposal(title, 'JP'))).recordId);
    const resumed: string[] = [];
    for await (const { alertReceived } of listen(heard[0]!.cursor)) {
      resumed.push(alertReceived.alert.record);
      if (resumed.length === records.length - from - 1) break;
    }
    expect(resumed).toEqual(records.slice(from + 1));
    await expect(
      (async () => {
        for await (const _ of colleague.subscribe(
          'subscription ($after: Cursor) { alertReceived(after: $after) { cursor } }',
          { after: heard[0]!.cursor },
        ))
          return;
      })(),
    ).rejects.toThrow(/cursor/);
  });

  it('have kinds that everybody may know', async () => {
    const { alertKinds } = await japan.query<{ alertKinds: { kind: string }[] }>(
      '{ alertKinds { kind leads awaitsAct } }',
    );
    expect(alertKinds.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['ACT_AWAITS_YOU', 'ACT_LAPSES', 'GROUP_LET_IN', 'GROUP_LEFT', 'RECALL_ISSUED']),
    );
  });

  it('tell a country that it was let into a group, and that it is in it no more', async () => {
    const group = await done(australia, 'foundGroup', { name: 'Two', members: ['JP'] });
    await done(japan, 'saveAlertRule', { rule: rule('Groups', { kinds: ['GROUP_LET_IN', 'GROUP_LEFT'] }) });
    const another = await done(australia, 'foundGroup', { name: 'Three', members: ['JP'] });
    const out = await done(australia, 'removeFromGroup', { id: another.recordId, country: 'JP', reason: 'Over' });
    const alerts = await alertsOf(japan, out.position, { kind: ['GROUP_LET_IN', 'GROUP_LEFT'] });
    expect(alerts.map(({ kind, record }) => [kind, record])).toEqual([['GROUP_LEFT', another.recordId]]);
    expect(group.recordId).not.toBe(another.recordId);
  });

  it('are written by e-mail to whoever asks for it: the kind and the link, and nothing of the record', async () => {
    const reader = platform.as('JP', 'LIAISON', 'mailed');
    await done(reader, 'setAlertSettings', { zone: 'Asia/Tokyo', mailbox: 'desk@ministry.example' });
    await done(reader, 'saveAlertRule', {
      rule: rule('By mail', { kinds: ['PROJECT_PROPOSED', 'PROJECT_ENDED'], channels: ['EMAIL'] }),
    });
    const shown = await done(australia, 'proposeProject', proposal('A title that is a secret', 'JP'));
    const narrowed = await done(australia, 'proposeProject', proposal('Narrowed before it is sent', 'JP'));
    expect((await alertsOf(reader, narrowed.position, { kind: ['PROJECT_PROPOSED'] })).length).toBe(2);
    await done(australia, 'changeMarking', {
      kind: 'PROJECT',
      id: narrowed.recordId,
      marking: { releaseTo: [] },
      reason: 'No longer',
    });
    const folder = join(platform.folder, 'mail');
    const [mail, ...others] = await until('an e-mail has been written', () => {
      const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.eml')) : [];
      return files.length > 0 ? files.map((file) => readFileSync(join(folder, file), 'utf8')) : null;
    });
    expect(others).toEqual([]);
    expect(mail).toMatch(/^To: desk@ministry\.example\r$/m);
    expect(mail).toMatch(/^Subject: Lodestone: an alert\r$/m);
    const body = mail!.replaceAll('=\r\n', '');
    expect(body).toContain(shown.recordId);
    expect(body).not.toContain(narrowed.recordId);
    expect(body).not.toMatch(/secret|Narrowed|gallium|AU\b/);
  });
});
