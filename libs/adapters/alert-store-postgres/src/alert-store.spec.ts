import { alertOf, type Alert, type HeldLedger, type HeldMail, type Recipient, type Step } from '@foundation/alerting';
import { FeedExpired } from '@foundation/eventing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Instant, PersonRef } from '@kernel';
import { Client } from 'pg';
import { admitReader, ChangeNotifications } from '../../read-store-postgres/src/index.js';
import { startDatabase, type StartedDatabase } from '../../../../test/support/database.js';
import { ALERT_NEWS, PostgresAlertInbox, PostgresAlertLedger, PostgresMailQueue } from './index.js';
import { SCHEMA } from './tables.js';

const NOW = '2026-06-01T09:00:00.000Z' as Instant;
const LATER = '2026-06-01T10:00:00.000Z' as Instant;
const PERSON = '7c0f3a52-3d4f-5a5e-9a34-3a0f6f1f2b10' as PersonRef;
const DELEGATE = 'JP DELEGATE' as Recipient;
const ONESELF = `JP ${PERSON}` as Recipient;
const OTHER = 'US DELEGATE' as Recipient;
const looker = { recipients: [ONESELF, DELEGATE], person: PERSON };
const alert = (key: string, recipient: Recipient = DELEGATE, at = NOW): Alert =>
  alertOf({ kind: 'PROJECT_PROPOSED', view: 'projects.projects', key, fact: 'f', at }, 'rule', recipient, 'INFO');
const nothing: Step = {
  ...{ position: null, clock: NOW, alerts: [], facts: [], takings: [], mails: [] },
  ...{ kept: new Map(), dues: new Map() },
};
const keysOf = (rows: readonly { readonly key: string }[]): readonly string[] => rows.map(({ key }) => key);

let database: StartedDatabase;
let inbox: PostgresAlertInbox;
let news: ChangeNotifications;
let queue: PostgresMailQueue;
let readerUrl: string;
const held = (): Promise<HeldLedger> => new PostgresAlertLedger(database.url).hold(new AbortController().signal);

beforeAll(async () => {
  database = await startDatabase();
  await using _first = await held();
  readerUrl = await admitReader(database.url, 'secret');
  news = new ChangeNotifications(readerUrl, ALERT_NEWS);
  inbox = new PostgresAlertInbox(readerUrl, news);
  queue = new PostgresMailQueue(database.url);
});
afterAll(async () => {
  await inbox.close();
  await news.close();
  await queue.close();
  await database.stop();
});
beforeEach(async () => {
  const owner = new Client({ connectionString: database.url });
  await owner.connect();
  await owner.query(`TRUNCATE ${SCHEMA}.inbox, ${SCHEMA}.takings, ${SCHEMA}.facts, ${SCHEMA}.waiting, ${SCHEMA}.sent`);
  await owner.end();
});

describe('The inbox', () => {
  it('has an alert once, however often it was matched', async () => {
    await using one = await held();
    const before = await inbox.latest();
    await one.commit({ ...nothing, alerts: [alert('a'), alert('a')] });
    await one.commit({ ...nothing, alerts: [alert('a'), alert('b')] });
    expect(keysOf(await inbox.before(looker, {}, null, 10))).toEqual(['b', 'a']);
    expect(keysOf(await inbox.after(looker, before, 10))).toEqual(['a', 'b']);
    // Nothing is skipped: a number tells nothing of what was matched in vain.
    expect(await inbox.latest()).toBe(before + 2n);
  });
  it('is each recipient’s own, also for who gets past the question', async () => {
    await using one = await held();
    await one.commit({ ...nothing, alerts: [alert('a'), alert('b', OTHER), alert('c', ONESELF)] });
    expect(keysOf(await inbox.before(looker, {}, null, 10))).toEqual(['c', 'a']);
    const reader = new Client({ connectionString: readerUrl });
    await reader.connect();
    await reader.query('BEGIN');
    await reader.query(`SELECT set_config('lodestone.recipients', $1, true)`, [OTHER]);
    expect((await reader.query(`SELECT key FROM ${SCHEMA}.inbox`)).rows).toEqual([{ key: 'b' }]);
    expect((await reader.query(`SELECT * FROM ${SCHEMA}.facts`)).rows).toEqual([]);
    await expect(reader.query(`DELETE FROM ${SCHEMA}.inbox`)).rejects.toThrow(/permission/);
    await reader.end();
  });
  it('says how far an alert has come: seen is each person’s own, the rest is everybody’s', async () => {
    await using one = await held();
    await one.commit({ ...nothing, alerts: [alert('a')] });
    const taking = { alerts: [alert('a').id], recipients: [DELEGATE], person: PERSON, at: NOW };
    const states = async (person: string) =>
      (await inbox.before({ recipients: [DELEGATE], person: person as PersonRef }, {}, null, 10)).map(
        ({ state }) => state,
      );
    await one.commit({ ...nothing, takings: [{ ...taking, recipients: [OTHER], answer: 'RESOLVED' }] });
    expect(await states(PERSON)).toEqual(['NEW']);
    await one.commit({ ...nothing, takings: [{ ...taking, answer: 'SEEN' }] });
    expect([await states(PERSON), await states('another')]).toEqual([['SEEN'], ['NEW']]);
    await one.commit({ ...nothing, takings: [{ ...taking, answer: 'ACKNOWLEDGED' }] });
    expect([await states(PERSON), await states('another')]).toEqual([['ACKNOWLEDGED'], ['ACKNOWLEDGED']]);
  });
  it('forgets what is old, and says so to whom a cursor leads back there', async () => {
    await using one = await held();
    const before = await inbox.latest();
    await one.commit({ ...nothing, alerts: [alert('a'), alert('b', DELEGATE, LATER)] });
    await one.forget(LATER);
    expect(keysOf(await inbox.before(looker, {}, null, 10))).toEqual(['b']);
    await expect(inbox.after(looker, before, 10)).rejects.toThrow(FeedExpired);
  });
});

describe('The notifier’s tables', () => {
  it('are one notifier’s at a time; the next finds what was kept, whole or not at all', async () => {
    const first = await held();
    const kept = new Map([['r', { category: 'alertRule', body: { name: 'A' } }]]);
    await first.commit({ ...nothing, position: 7n, kept });
    // A step that cannot be written leaves nothing of itself.
    const wrong = { ...alert('x'), id: 'no uuid' };
    await expect(
      first.commit({ ...nothing, position: 8n, alerts: [wrong], kept: new Map([['r', null]]) }),
    ).rejects.toThrow();
    const order: string[] = [];
    const second = held().then((ledger) => (order.push('second'), ledger));
    await new Promise((resolve) => setTimeout(resolve, 100));
    order.push('first ends');
    await first[Symbol.asyncDispose]();
    await using other = await second;
    expect(order).toEqual(['first ends', 'second']);
    expect(other.ledger.position).toBe(7n);
    expect(other.ledger.kept.get('r')).toEqual({ category: 'alertRule', body: { name: 'A' } });
  });
});

describe('The e-mails that wait', () => {
  const mail = (key: string, sendAt = NOW) => ({ alert: alert(key).id, recipient: ONESELF, sendAt });
  const sent = async (
    now: Instant,
    work: (one: HeldMail) => Promise<void>,
    pauseMs = 0,
  ): Promise<readonly string[]> => {
    const keys: string[] = [];
    await queue.next(now, pauseMs, async (one) => {
      keys.push(...keysOf(one.alerts));
      await work(one);
    });
    return keys;
  };

  it('wait once, and are sent together when it is time', async () => {
    await using one = await held();
    await one.commit({ ...nothing, alerts: [alert('a'), alert('b')], mails: [mail('a'), mail('b', LATER)] });
    await one.commit({ ...nothing, alerts: [alert('a')], mails: [mail('a', LATER)] });
    expect(await sent(NOW, (each) => each.done('DELIVERED'))).toEqual(['a']);
    expect(await sent(NOW, (each) => each.done('DELIVERED'))).toEqual([]);
    expect(await sent(LATER, (each) => each.done('DELIVERED'))).toEqual(['b']);
  });
  it('leave a person alone for a while: a flood is few messages, and no alert is lost', async () => {
    await using one = await held();
    const all = Array.from({ length: 250 }, (_, nth) => `k${nth}`);
    await one.commit({ ...nothing, alerts: all.map((key) => alert(key)), mails: all.map((key) => mail(key)) });
    const told: string[] = [];
    let messages = 0;
    for (let minute = 0; minute < 20; minute++) {
      const now = new Date(Date.parse(NOW) + minute * 60_000).toISOString() as Instant;
      const some = await sent(now, (each) => each.done('DELIVERED'), 300_000);
      if (some.length > 0) messages++;
      told.push(...some);
    }
    expect(messages).toBe(2);
    expect(told.toSorted()).toEqual(all.toSorted());
    expect((await inbox.before(looker, {}, null, 1_000)).length).toBe(250);
  });
  it('are there again where whoever sent them ended before it was noted', async () => {
    await using one = await held();
    await one.commit({ ...nothing, alerts: [alert('a')], mails: [mail('a')] });
    await expect(queue.next(NOW, 0, () => Promise.reject(new Error('killed')))).rejects.toThrow('killed');
    expect(await sent(NOW, (each) => each.done('DELIVERED'))).toEqual(['a']);
  });
  it('are sent by one, of two who look at once', async () => {
    await using one = await held();
    await one.commit({ ...nothing, alerts: [alert('a')], mails: [mail('a')] });
    const slow = sent(NOW, async (each) => {
      expect(await sent(NOW, () => Promise.resolve())).toEqual([]);
      await each.done('DELIVERED');
    });
    expect(await slow).toEqual(['a']);
  });
  it('that failed wait on, with the times that they were tried', async () => {
    await using one = await held();
    await one.commit({ ...nothing, alerts: [alert('a')], mails: [mail('a')] });
    await sent(NOW, (each) => each.later(LATER, 'busy'));
    expect(await sent(NOW, (each) => each.done('DELIVERED'))).toEqual([]);
    await queue.next(LATER, 0, async (each) => {
      expect(each.tries).toBe(1);
      await each.done('FAILED', 'gone');
    });
  });
});
