import { beforeAll, describe, expect, it } from '@jest/globals';
import type { CommandAccepted, LodestoneClient } from '@adapters/lodestone-client';
import { until } from '../../support/waiting.js';
import { sharedPlatform, type RunningPlatform } from '../support/platform.js';

type Comment = { id: string; owner: string; kind: string; text: string | null; replyTo: string | null; state: string };
const LIST = `query ($about: ID!, $p: Position) { comments(atLeast: $p, filter: { about: [$about] }, orderBy: { field: WRITTEN_AT }) {
  totalCount nodes { id owner kind text replyTo state reason bySource { name source } marking { handling } } } }`;

export const commentStory = (): void =>
  describe('Comments', () => {
    let platform: RunningPlatform;
    const as = (country: string | null, role = 'DELEGATE', person = role): LodestoneClient =>
      platform.as(country, role, person);
    const parties: Record<string, LodestoneClient> = {};
    let secretariat: LodestoneClient;
    let position: string;

    beforeAll(async () => {
      platform = await sharedPlatform();
      for (const country of ['NL', 'SE', 'PT', 'MX']) parties[country] = as(country);
      secretariat = as(null, 'SECRETARIAT');
      for (const country of ['NL', 'SE', 'PT'])
        await done(secretariat, 'admitMember', { country, since: '2026-05-01' });
      await done(secretariat, 'registerMaterial', {
        ...{ code: 'germanium', name: 'Germanium', group: 'minor metals', hsCodes: ['811292'] },
      });
    });

    const done = async (who: LodestoneClient, mutation: string, input: object): Promise<CommandAccepted> => {
      const outcome = await who.command(mutation, input);
      if (!outcome.accepted) throw new Error(`${mutation} was rejected: ${JSON.stringify(outcome)}`);
      ({ position } = outcome);
      return outcome;
    };
    const propose = (owner: string, marking: object) =>
      done(parties[owner]!, 'proposeProject', {
        ...{ title: 'A refinery', materials: ['germanium'], stages: ['REFINING'], hostCountry: owner, marking },
      });
    const say = (who: LodestoneClient, kind: string, id: string, text: string, more: object = {}) =>
      done(who, 'writeComment', { about: { kind: 'PROJECT', id }, kind, text, ...more });
    const seen = async (who: LodestoneClient, about: string) =>
      (await who.query<{ comments: { totalCount: number; nodes: Comment[] } }>(LIST, { about, p: position })).comments;
    const texts = async (who: LodestoneClient, about: string) => (await seen(who, about)).nodes.map(({ text }) => text);

    it('are read by whoever reads their record, in the order in which they were said', async () => {
      const { recordId: id } = await propose('NL', { releaseTo: ['SE', 'MX'], level: 'OPEN' });
      const { recordId: question } = await say(parties['SE']!, 'QUESTION', id, 'Which grade?');
      await say(parties['NL']!, 'ANSWER', id, '5N.', { replyTo: question });
      await say(parties['MX']!, 'COMMENT', id, 'We could take part.');
      for (const who of [parties['NL']!, parties['SE']!, parties['MX']!])
        expect(await texts(who, id)).toEqual(['Which grade?', '5N.', 'We could take part.']);
      const [, answer] = (await seen(parties['MX']!, id)).nodes;
      expect(answer).toMatchObject({ kind: 'ANSWER', replyTo: question, marking: { handling: 'AMBER' } });

      // To everybody else the record is as one that there is not, and so is all that is said on it.
      const absent = '00000000-0000-4000-8000-000000000000';
      for (const who of [parties['PT']!, secretariat]) {
        expect(await seen(who, id)).toEqual(await seen(who, absent));
        const write = (about: string) =>
          who.command('writeComment', { about: { kind: 'PROJECT', id: about }, kind: 'COMMENT', text: 'Hm.' });
        const [hidden, nowhere] = [await write(id), await write(absent)];
        expect(hidden).toMatchObject({ code: 'COMMENTS.TARGET_NOT_FOUND' });
        expect({ ...hidden, commandId: '' }).toEqual({ ...nowhere, commandId: '' });
      }
    });

    it('come and go with the rights of the moment, and subscriptions are told', async () => {
      const { recordId: id } = await propose('NL', { releaseTo: ['SE'] });
      const { recordId: first } = await say(parties['SE']!, 'COMMENT', id, 'Early.');
      const heard: { id: string; comment: { text: string } | null }[] = [];
      const listening = parties['PT']!.subscribe<{ commentChanged: (typeof heard)[number] }>(
        'subscription { commentChanged { id comment { text } } }',
      );
      await listening.opened;
      void (async () => { for await (const { commentChanged } of listening) heard.push(commentChanged); })(); // prettier-ignore
      const remark = async (releaseTo: string[]) =>
        done(parties['NL']!, 'changeMarking', { kind: 'PROJECT', id, marking: { releaseTo }, reason: 'r' });
      expect(await texts(parties['PT']!, id)).toEqual([]);
      await remark(['PT']);
      expect(await texts(parties['PT']!, id)).toEqual(['Early.']);
      // Its author keeps what it said; Sweden sees nothing more.
      expect(await texts(parties['SE']!, id)).toEqual(['Early.']);
      await say(parties['PT']!, 'COMMENT', id, 'Late.');
      expect(await texts(parties['SE']!, id)).toEqual(['Early.']);
      await remark([]);
      // What Portugal has said itself it keeps.
      expect(await texts(parties['PT']!, id)).toEqual(['Late.']);
      await until('told of both', () => heard.length >= 3);
      expect(heard.filter((each) => each.id === first).map(({ comment }) => comment)).toEqual([
        { text: 'Early.' },
        null,
      ]);
    });

    it('may be for fewer than their record, and an answer goes to whom the other was said', async () => {
      const { recordId: id } = await propose('NL', { releaseTo: ['SE', 'PT'] });
      const aside = { marking: { releaseTo: ['NL'] } };
      const { recordId: question } = await say(parties['SE']!, 'QUESTION', id, 'Between us?', aside);
      await say(parties['NL']!, 'ANSWER', id, 'Yes.', { replyTo: question });
      await say(parties['NL']!, 'FOLLOW_UP', id, 'To all.', {
        replyTo: question,
        marking: { releaseTo: ['SE', 'PT'] },
      });
      expect(await texts(parties['SE']!, id)).toEqual(['Between us?', 'Yes.', 'To all.']);
      const { nodes, totalCount } = await seen(parties['PT']!, id);
      expect(nodes).toMatchObject([{ text: 'To all.', replyTo: null }]);
      expect(totalCount).toBe(1);
    });

    // The example of restrictions, number 9, on a record that there is already.
    it('let the secretariat put beside a record what somebody says who is no party, for ever', async () => {
      const { recordId: id } = await propose('NL', { releaseTo: ['PUBLIC'] });
      const bySource = { name: 'Ministry of Commerce', source: 'Press conference of 26 November 2010' };
      await say(secretariat, 'REPLY', id, 'No ban was imposed.', { bySource });
      expect((await seen(parties['MX']!, id)).nodes).toMatchObject([
        { owner: 'SECRETARIAT', kind: 'REPLY', text: 'No ban was imposed.', bySource, state: 'WRITTEN' },
      ]);
      expect(
        await parties['SE']!.command('writeComment', {
          ...{ about: { kind: 'PROJECT', id }, kind: 'REPLY', text: 'x', bySource },
        }),
      ).toMatchObject({ code: 'ACCESS.DENIED' });
    });

    // The example of agreements, number 8, on a record that there is already.
    it('contest a fact in public, which stays as it is until it is corrected', async () => {
      const { recordId: id } = await propose('NL', { releaseTo: ['PUBLIC'] });
      const { recordId: contested } = await say(parties['MX']!, 'CORRECTION', id, 'The host is another.');
      await say(parties['NL']!, 'FOLLOW_UP', id, 'We look into it.', { replyTo: contested });
      expect(await texts(parties['PT']!, id)).toEqual(['The host is another.', 'We look into it.']);
      const { project } = await parties['PT']!.query<{ project: object }>(
        'query ($id: ID!) { project(id: $id) { hostCountry } }',
        { id },
      );
      expect(project).toEqual({ hostCountry: 'NL' });
    });

    it('are taken back by their author, and hidden by two persons of whose record it is', async () => {
      const { recordId: id } = await propose('NL', { releaseTo: ['SE'] });
      const { recordId: own } = await say(parties['SE']!, 'COMMENT', id, 'Mistaken.');
      await done(parties['SE']!, 'withdrawComment', { id: own });
      const { recordId: rude } = await say(parties['SE']!, 'COMMENT', id, 'Names a person.');
      const hide = { id: rude, reason: 'Names a person.' };
      const prepared = await parties['NL']!.prepare('withdrawComment', hide);
      if (!('act' in prepared)) throw new Error(JSON.stringify(prepared));
      expect((await texts(parties['SE']!, id)).at(-1)).toBe('Names a person.');
      await done(as('NL', 'APPROVER'), 'approveAct', { id: prepared.act, digest: prepared.digest });
      expect((await seen(parties['SE']!, id)).nodes).toMatchObject([
        { state: 'WITHDRAWN', text: null, reason: null },
        { state: 'HIDDEN', text: null, reason: 'Names a person.' },
      ]);
      expect(await parties['MX']!.command('withdrawComment', hide)).toMatchObject({ code: 'COMMENTS.NOT_FOUND' });
    });
  });
