import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { startDatabase, type StartedDatabase } from '../../../../test/support/database.js';
import { until } from '../../../../test/support/waiting.js';
import { admitSessionKeeper, PostgresSessions, type Lifetimes, type SignedIn } from './index.js';

let database: StartedDatabase;
let url: string;
const opened: PostgresSessions[] = [];
const running = new AbortController();

const node = (lifetimes?: Lifetimes): PostgresSessions => {
  const sessions = new PostgresSessions(url, lifetimes);
  opened.push(sessions);
  return sessions;
};
const anna = (): SignedIn => ({
  person: randomUUID(),
  issuer: 'https://sso.example.jp',
  sid: randomUUID(),
  country: 'JP',
  roles: ['DELEGATE'],
});

beforeAll(async () => {
  database = await startDatabase();
  await admitSessionKeeper(database.url);
  url = await admitSessionKeeper(database.url, 'a password');
});
afterAll(async () => {
  running.abort();
  await Promise.all(opened.map((each) => each.onApplicationShutdown()));
  await database?.stop();
});

describe('A session', () => {
  it('is known on every node by its cookie, and by nothing else', async () => {
    const { sid: _, ...said } = anna();
    const cookie = await node().begin({ ...said, sid: null });
    expect(await node().find(cookie)).toMatchObject(said);
    expect(await node().find(`${cookie}x`)).toBeNull();
    expect(cookie).toHaveLength(43);
  });

  it('stands in the database without what opens it, and without the provider’s own id of it', async () => {
    const who = anna();
    const cookie = await node().begin(who);
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query('SELECT * FROM lodestone_sessions.sessions');
    await client.end();
    const text = JSON.stringify(rows, (_, value: unknown) => (Buffer.isBuffer(value) ? String(value) : value));
    expect(text).toContain(who.person);
    for (const secret of [cookie, who.sid!]) expect(text).not.toContain(secret);
  });

  it('is over on every node once it is ended, by its own end or by the provider’s', async () => {
    const [here, there] = [node(), node()];
    const told: string[] = [];
    there.onEnd((id) => told.push(id));
    void there.follow(running.signal, () => undefined);
    const who = anna();
    const [one, other] = [await here.begin(who), await here.begin(who)];
    const { id } = (await there.find(one))!;
    // Until it listens nothing is heard; what is ended twice is told once.
    await until('the other node listens', async () => {
      const probe = await here.begin(anna());
      await here.end(probe);
      return told.length > 0;
    });
    await here.end(one);
    expect(await there.find(one)).toBeNull();
    await until('the other node has heard of it', () => told.includes(id));
    await here.endOf(who.issuer, 'another');
    expect(await there.find(other)).not.toBeNull();
    await here.endOf('https://other.example', who.sid!);
    expect(await there.find(other)).not.toBeNull();
    await here.endOf(who.issuer, who.sid!);
    expect(await there.find(other)).toBeNull();
  });

  it('is over when nobody has used it for long enough, and after its longest time in any case', async () => {
    const idle = node({ idleSeconds: 0, longestSeconds: 60 });
    expect(await idle.find(await idle.begin(anna()))).toBeNull();
    const short = node({ idleSeconds: 60, longestSeconds: 0 });
    expect(await short.find(await short.begin(anna()))).toBeNull();
  });

  it('may be read by its keeper alone', async () => {
    const keeper = new Client({ connectionString: url });
    await keeper.connect();
    await expect(keeper.query('CREATE TABLE lodestone_sessions.other (x int)')).rejects.toThrow('permission denied');
    await keeper.end();
  });
});
