import { beforeAll, describe, expect, it } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import type { Stage } from '../worlds/stage.js';
import { expectOfSchema, hide, FRIEND, nowhere, OUTSIDER, OWNER, propose, told } from './cast.js';

export const errorsAndCaches = (stage: () => Stage): void =>
  describe('Caches, errors and the schema', () => {
    let visible: string;
    let hidden: Readonly<Record<string, string>>;
    beforeAll(async () => {
      visible = await propose(stage(), ['PUBLIC']);
      hidden = await hide(stage(), visible);
      await stage().shown();
    });

    it('attack case 21: answers to two countries that ask the same at the same time are never mixed', async () => {
      const document = `query ($id: ID!) { project(id: $id) { id pledges { id amount } } pledges(filter: { projectId: [$id] }) { totalCount nodes { project { id } } }
        projects(first: 200) { totalCount nodes { id marking { releaseTo } } } groups { nodes { id } } me { country groups { id } } }`;
      const people = [OUTSIDER, OWNER, FRIEND];
      const ask = (at: number) => stage().ask(people[at % people.length]!)(document, { id: visible });
      const alone = [await ask(0), await ask(1), await ask(2)];
      expect(new Set(alone.map(({ body }) => body)).size).toBe(3);
      const mixed = await Promise.all(Array.from({ length: 60 }, (_, at) => ask(at)));
      for (const [at, answer] of mixed.entries()) expect(answer).toEqual(alone[at % people.length]);
    });

    it('attack case 23: what else is asked beside something forbidden is answered as if it were asked alone', async () => {
      const list = 'projects(first: 3) { totalCount nodes { id title } }';
      const one = `project(id: "${visible}") { id title pledges { id } }`;
      const alone = await told<object>(stage(), OUTSIDER, `{ a: ${list} b: ${one} }`);
      for (const id of [hidden['project']!, nowhere()]) {
        const beside = await told<object>(
          stage(),
          OUTSIDER,
          `{ x: project(id: "${id}") { id } a: ${list} y: project(id: "${id}") { pledges { id } } b: ${one} }`,
        );
        expect(beside).toEqual({ x: null, y: null, ...alone });
      }
      const commands = (
        id: string,
      ) => `mutation { x: confirmPledge(input: { id: "${id}" }) { __typename ... on CommandRejected { code } }
        a: withdrawProject(input: { id: "${visible}", reason: "x" }) { __typename ... on CommandRejected { code } } }`;
      const [first, second] = [
        await stage().ask(OUTSIDER)(commands(hidden['pledge']!)),
        await stage().ask(OUTSIDER)(commands(nowhere())),
      ];
      expect(first).toEqual(second);
      expect(first.body).toContain('ACCESS.DENIED');
    });

    it('attack case 24: the schema is the same for all, and nothing that anybody recorded is in it', async () => {
      const schemas = await Promise.all(
        [OUTSIDER, OWNER, FRIEND].map((who) => stage().ask(who)(getIntrospectionQuery())),
      );
      expect(schemas[1]).toEqual(schemas[0]);
      expect(schemas[2]).toEqual(schemas[0]);
      for (const secret of [visible, 'A refinery', ...Object.values(hidden)])
        expect(schemas[0]!.body).not.toContain(secret);
      for (const wrong of [
        '{ projcts { totalCount } }',
        '{ projects(filter: { statu: PROPOSED }) { totalCount } }',
        '{ projects(filter: { status: [PROPOSE] }) { totalCount } }',
      ])
        expectOfSchema((await stage().ask(OUTSIDER)(wrong)).body, stage().schema);
    });
  });
