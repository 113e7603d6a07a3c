import { beforeAll, describe, expect, it } from '@jest/globals';
import { LodestoneClient } from '@adapters/lodestone-client';
import { startPlatform, type RunningPlatform } from '../acceptance/support/platform.js';
import { until } from '../support/waiting.js';
import { Browserless } from './support/browserless.js';

let platform: RunningPlatform;
let origin: string;
beforeAll(async () => {
  platform = await startPlatform();
  ({ origin } = new URL(platform.graphql));
});

const browser = (): Browserless => new Browserless(origin);
const ME = '{ me { person country roles } }';
const signOut = (who: Browserless, headers: Record<string, string> = {}): Promise<Response> =>
  who.get(`${origin}/auth/sign-out`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'lodestone-console': '1',
      'sec-fetch-site': 'same-origin',
      ...headers,
    },
    body: '{}',
  });

describe('Signing in with a browser', () => {
  it('is offered by name', async () => {
    const ways = (await (await browser().get(`${origin}/auth/ways`)).json()) as { key: string; names: object }[];
    expect(ways).toMatchObject([{ key: 'development', names: { en: expect.stringContaining('made-up') } }]);
    expect(JSON.stringify(ways)).not.toMatch(/secret|client/i);
  });

  it('makes the same person as a token does, and puts no token into the browser', async () => {
    const anna = browser();
    expect(await anna.signIn('JP.DELEGATE.1', '/projects?status=PROPOSED')).toBe('/projects?status=PROPOSED');
    const { body } = await anna.ask(ME);
    expect(body.data!['me']).toEqual((await platform.as('JP', 'DELEGATE').query<{ me: object }>(ME)).me);
    expect([...anna.cookies().keys()]).toEqual(['__Host-lodestone']);
    expect([...anna.cookies().values()].join()).toMatch(/^[\w-]{43}$/);
  });

  it('sets cookies that scripts cannot read and other sites cannot send', async () => {
    const anna = browser();
    const start = await anna.get(`${origin}/auth/start/development`);
    expect(start.headers.getSetCookie()[0]).toMatch(
      /^__Host-lodestone-login=[\w-]+; Secure; HttpOnly; Path=\/; SameSite=Lax; Max-Age=600$/,
    );
    const back = await anna.get(await anna.callbackFor('JP.DELEGATE.1'));
    expect(back.headers.getSetCookie().at(-1)).toMatch(
      /^__Host-lodestone=[\w-]{43}; Secure; HttpOnly; Path=\/; SameSite=Strict$/,
    );
  });

  it.each([
    ['another site', 'https://evil.example/'],
    ['another site without its scheme', '//evil.example'],
    ['another site, as some browsers read it', '/\\evil.example'],
    ['a script', 'javascript:alert(1)'],
    ['a sign-in', '/auth/start/development'],
  ])('returns to no address that is %s', async (_, back) =>
    expect(await browser().signIn('JP.DELEGATE.1', back)).toBe('/'),
  );

  it('is refused where the answer is another browser’s, replayed, forged, or for nobody', async () => {
    const [anna, eve] = [browser(), browser()];
    const callback = await anna.callbackFor('JP.DELEGATE.1');
    // Eve lets Anna's browser, or her own, finish what the other began.
    expect((await eve.get(callback)).status).toBe(400);
    await eve.callbackFor('US.DELEGATE.1');
    expect((await eve.get(callback)).status).toBe(400);
    const forged = new URL(callback);
    forged.searchParams.set('state', 'another');
    expect((await anna.get(forged.href)).status).toBe(400);
    // Wrong or right, a login cookie is good for one answer.
    expect((await anna.get(callback)).status).toBe(400);
    expect((await anna.get(`${origin}/auth/callback/development?error=access_denied`)).status).toBe(400);
    expect((await anna.get(`${origin}/auth/start/nowhere`)).status).toBe(404);
    for (const each of [anna, eve]) expect((await each.ask(ME)).status).toBe(401);
  });

  it('again begins another session, and the one before is over', async () => {
    const anna = browser();
    await anna.signIn('JP.DELEGATE.1');
    const before = anna.cookies().get('__Host-lodestone')!;
    await anna.signIn('JP.APPROVER.1');
    expect(anna.cookies().get('__Host-lodestone')).not.toBe(before);
    const old = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'lodestone-console': '1',
        'sec-fetch-site': 'same-origin',
        cookie: `__Host-lodestone=${before}`,
      },
      body: JSON.stringify({ query: ME }),
    });
    expect(old.status).toBe(401);
  });
});

describe('A session', () => {
  it('gives commands as a token does', async () => {
    const anna = browser();
    await anna.signIn('JP.DELEGATE.1');
    const { body } = await anna.ask(
      'mutation { foundGroup(input: { name: "Console", members: ["US"] }) { ... on CommandAccepted { recordId } ... on CommandRejected { code } } }',
    );
    const found = body.data!['foundGroup']!['recordId'];
    type Groups = { readonly groups: { readonly nodes: readonly { readonly id: string }[] } };
    const delegate = platform.as('JP', 'DELEGATE');
    await until('the group is listed', async () => {
      const { groups } = await delegate.query<Groups>('{ groups { nodes { id } } }');
      return groups.nodes.some(({ id }) => id === found);
    });
  });

  it('serves no other page, no bearer beside it, and no socket', async () => {
    const anna = browser();
    await anna.signIn('JP.DELEGATE.1');
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'lodestone-console': '' },
      { authorization: 'Bearer x' },
    ] as Record<string, string>[])
      expect((await anna.ask(ME, headers)).status).toBe(403);
    expect((await signOut(anna, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await anna.ask(ME)).status).toBe(200);
    const socket = new LodestoneClient({ url: platform.graphql, token: () => Promise.resolve('') });
    await expect(socket.query(ME)).rejects.toThrow();
    await socket.close();
  });

  it('is over when its person signs out, and its streams with it', async () => {
    const anna = browser();
    await anna.signIn('JP.DELEGATE.1');
    const streaming = await anna.get(`${origin}/graphql`, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        'lodestone-console': '1',
        'sec-fetch-site': 'same-origin',
      },
      body: JSON.stringify({ query: 'subscription { projectChanged { cursor } }' }),
    });
    const stream = streaming.text();
    const cookie = anna.cookies().get('__Host-lodestone')!;
    const response = await signOut(anna);
    expect([response.status, response.headers.get('clear-site-data')]).toEqual([200, '"cache", "storage"']);
    expect(await stream).toContain('UNAUTHENTICATED');
    expect(anna.cookies().size).toBe(0);
    const kept = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'lodestone-console': '1',
        'sec-fetch-site': 'same-origin',
        cookie: `__Host-lodestone=${cookie}`,
      },
      body: JSON.stringify({ query: ME }),
    });
    expect(kept.status).toBe(401);
  });
});
