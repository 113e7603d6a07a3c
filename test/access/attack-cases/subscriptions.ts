import { describe, expect, it } from '@jest/globals';
import { until } from '../../support/waiting.js';
import { cursorIn, Listening } from '../worlds/listening.js';
import { subscriptions } from '../worlds/questions.js';
import type { Stage } from '../worlds/stage.js';
import { hide, OUTSIDER, OWNER, OWNERS_APPROVER, pledge, PROJECT, propose, stock, STOCK, told } from './cast.js';

export const subscriptionsAndAlerts = (stage: () => Stage): void =>
  describe('Subscriptions', () => {
    const listen = (after?: ReadonlyMap<string, string>) =>
      Listening.to(stage().platform, OUTSIDER, subscriptions(stage().schema), after);

    /** One visible change of each kind. @returns the ids */
    const show = async (): Promise<readonly string[]> => {
      const project = await propose(stage(), ['JP']);
      return [project, await pledge(stage(), project, ['JP']), await stock(stage(), ['JP'])];
    };
    /** Waits until each subscription has delivered, and gives the ids of the records that they told of, in their order. */
    const heard = async (listening: Listening, expected: readonly string[]): Promise<readonly string[]> => {
      const ids = (): readonly string[] =>
        listening.messages.flatMap(
          (text) => /"(?:project|pledge|stockDeclaration)":\{"__typename":"\w+","id":"([^"]+)"/.exec(text)?.[1] ?? [],
        );
      await until('each subscription has delivered', () => expected.every((id) => ids().includes(id)));
      return ids();
    };

    it('attack case 31: of what is hidden nothing is delivered at all, and the next visible change comes first', async () => {
      const visible = await propose(stage(), ['PUBLIC']);
      const declared = await stock(stage(), ['JP']);
      await stage().shown();
      const listening = await listen();
      for (let times = 0; times < 10; times++) await hide(stage(), visible);
      await stage().done(OWNER, 'correctDeclaration', { id: declared, quantity: '8', reason: 'x' });
      await stage().shown();
      expect(listening.messages).toEqual([]);
      const shown = await show();
      expect(new Set(await heard(listening, shown))).toEqual(new Set(shown));
      listening.stop();
    });

    it('attack case 32: resuming after a cursor brings nothing that was hidden meanwhile', async () => {
      const visible = await propose(stage(), ['PUBLIC']);
      await stage().shown();
      const listening = await listen();
      await heard(listening, await show());
      listening.stop();
      const after = new Map([...listening.heard].map(([field, messages]) => [field, cursorIn(messages)!]));
      await hide(stage(), visible);
      const group = await stage().done(OWNER, 'foundGroup', { name: 'For a while', members: ['JP'] });
      const lost = await propose(stage(), [group]);
      await stage().done(OWNER, 'removeFromGroup', { id: group, country: 'JP' });
      const shown = await show();
      await stage().shown();
      const resumed = await listen(after);
      expect(new Set(await heard(resumed, shown))).toEqual(new Set(shown));
      expect(resumed.messages.filter((text) => text.includes(lost))).toEqual([]);
      resumed.stop();
    });

    it('attack case 33: what becomes visible comes without what it was before; of what no longer is, only that it is gone', async () => {
      const id = await stage().done(OWNER, 'declareStock', {
        ...STOCK,
        quantity: '111',
        note: 'x',
        marking: { releaseTo: ['JP'] },
      });
      await stage().done(OWNER, 'correctDeclaration', { id, quantity: '222', reason: 'x' });
      const group = await stage().done(OWNER, 'foundGroup', { name: 'For a while', members: ['JP'] });
      const project = await propose(stage(), [group]);
      await stage().shown();
      const listening = await listen();
      await stage().done(OWNERS_APPROVER, 'approveDeclaration', { id });
      await stage().done(OWNER, 'removeFromGroup', { id: group, country: 'JP' });
      await stage().done(OWNER, 'reviseProject', { id: project, title: 'Afterwards' });
      const shown = await show();
      const ids = await heard(listening, [id, ...shown]);
      expect(new Set(ids)).toEqual(new Set([id, ...shown]));
      const [declared] = listening.messages.filter((text) => text.includes(id));
      expect(declared).toContain('"222"');
      expect(declared).not.toContain('"111"');
      const gone = listening.messages.filter((text) => text.includes(project));
      expect(gone.map((text) => text.includes('"project":null'))).toEqual([true]);
      expect(gone.join()).not.toContain('Afterwards');
      listening.stop();
    });

    it('attack case 35: how much is hidden does not show to a subscriber that reads slowly', async () => {
      const SLOW: typeof OUTSIDER = { ...OUTSIDER, person: 'slow' };
      const own = await stage().done(SLOW, 'proposeProject', { ...PROJECT, hostCountry: 'JP' });
      const long = '鉱'.repeat(2_000);
      for (let times = 0; times < 40; times++)
        await stage().done(SLOW, 'reportMilestone', { id: own, milestone: 'x', reachedOn: '2026-01-01', note: long });
      await stage().shown();
      const query = 'subscription { projectChanged { cursor project { id milestones { note } } } }';
      // By server-sent events: a socket is closed on whoever does not answer its pings for long.
      const { body } = await fetch(stage().platform.graphql, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await stage().platform.tokenOf(SLOW)()}`,
          accept: 'text/event-stream',
          'content-type': 'application/json',
        },
        body: JSON.stringify({ query }),
      });
      const stream = body!.pipeThrough(new TextDecoderStream()).getReader();
      let heard = '';
      const readUntil = async (text: string): Promise<void> => {
        for (let from = heard.length; !heard.includes(text, from - text.length);) {
          const { value, done } = await stream.read();
          if (done) throw new Error(`the stream ended: ${heard.slice(-400)}`);
          heard += value;
        }
      };
      const begun = readUntil('event: next');
      let isTakenUp = false;
      void begun.then(() => (isTakenUp = true));
      await until('the subscription is taken up', async () => {
        await stage().done(SLOW, 'reviseProject', { id: own, title: `Title ${Math.random()}` });
        return isTakenUp;
      });
      const projectsShow = () =>
        told(stage(), SLOW, 'query ($p: Position) { projects(atLeast: $p, first: 1) { totalCount } }', {
          p: stage().position,
        });
      // It stops reading, and fills what lies between by changes of its own.
      for (let times = 0; times < 60; times++)
        await stage()
          .done(SLOW, 'reviseProject', { id: own, title: `Title ${times}` })
          .then(() => projectsShow());
      for (let from = 0; from < 1_040; from += 20)
        await Promise.all(Array.from({ length: 20 }, () => propose(stage(), ['KR'])));
      await stage().shown();
      const last = await stage().done(SLOW, 'proposeProject', { ...PROJECT, hostCountry: 'JP' });
      await stage().shown();
      await readUntil(last);
      expect(heard).not.toMatch(/"errors"|event: complete/);
      await stream.cancel();
    });
  });
