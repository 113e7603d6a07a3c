import { isDeepStrictEqual } from 'node:util';
import { expect } from '@jest/globals';
import { printSchema, type GraphQLSchema } from 'graphql';
import { newId } from '@foundation/eventing';
import type { Answer, Person } from '../../acceptance/support/answers.js';
import { approverOf, delegateOf, READERS } from '../worlds/people.js';
import type { Stage } from '../worlds/stage.js';

/** In the words of design: the owner hides, the outsider asks. The friend is whom the owner releases to instead. */
export const OUTSIDER = READERS[0]!;
export const OWNER = delegateOf('US');
export const OWNERS_APPROVER = approverOf('US');
export const FRIEND: Person = { country: 'KR', roles: ['LIAISON', 'DELEGATE', 'APPROVER'], person: 'friend' };
export const KEEPER = delegateOf('SECRETARIAT');

export const PROJECT = { title: 'A refinery', materials: ['gallium'], stages: ['REFINING'], hostCountry: 'US' };
export const PLEDGE = { kind: 'LOAN', amount: '5', currency: 'USD' };
export const STOCK = { material: 'gallium', form: 'metal', purity: '99', quantity: '7', asOf: '2026-01-31' };
export const FIGURE = {
  material: 'gallium',
  year: 2023,
  stage: 'REFINING',
  quantity: '9',
  basis: 'ESTIMATED',
  source: 'x',
};
export const WORLD_FIGURE = { ...FIGURE, scope: 'WORLD', excludes: [] };

export const propose = (stage: Stage, releaseTo: readonly string[], more: object = {}, by = OWNER): Promise<string> =>
  stage.done(by, 'proposeProject', { ...PROJECT, ...more, marking: { releaseTo } });

export const pledge = (
  stage: Stage,
  projectId: string,
  releaseTo: readonly string[],
  more: object = {},
  by = OWNER,
): Promise<string> => stage.done(by, 'pledgeInvestment', { ...PLEDGE, projectId, ...more, marking: { releaseTo } });

/** A stock that a second person has approved. */
export const stock = async (stage: Stage, releaseTo: readonly string[], more: object = {}): Promise<string> => {
  const id = await stage.done(OWNER, 'declareStock', { ...STOCK, ...more, marking: { releaseTo } });
  await stage.done(OWNERS_APPROVER, 'approveDeclaration', { id });
  return id;
};

/** One record of each kind that the outsider may not see; the pledge is to a project that it sees. */
export const hide = async (stage: Stage, visibleProject: string): Promise<Readonly<Record<string, string>>> => ({
  project: await propose(stage, ['KR']),
  pledge: await pledge(stage, visibleProject, ['KR']),
  stockDeclaration: await stock(stage, ['KR']),
  pending: await stage.done(OWNER, 'declareStock', { ...STOCK, marking: { releaseTo: ['PUBLIC'] } }),
  group: await stage.done(OWNER, 'foundGroup', { name: 'Hidden', members: ['KR'] }),
});

/** What a person is told, as data; there must be no error. */
export const told = async <T>(
  stage: Stage,
  who: Person,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<T> => {
  const { body } = await stage.ask(who)(query, variables);
  const { data, errors } = JSON.parse(body) as { data: T; errors?: unknown };
  expect({ query, errors }).toEqual({ query, errors: undefined });
  return data;
};

/** The answers to the same question about what is hidden and about what is nowhere, with the two names taken out. */
export const sameAsAbsent = async (
  hidden: string,
  absent: string,
  ask: (name: string) => Promise<Answer>,
): Promise<Answer> => {
  const [first, second] = [await ask(hidden), await ask(absent)];
  const nameless = (answer: Answer, name: string): Answer => ({ ...answer, body: answer.body.replaceAll(name, '…') });
  expect(nameless(first, hidden)).toEqual(nameless(second, absent));
  return second;
};

export const nowhere = (): string => newId();

export const isOneOf = <T>(all: readonly T[], one: T): boolean => all.some((each) => isDeepStrictEqual(each, one));

/** What an answer suggests instead of an unknown name stands in the schema, which is told to everybody alike. */
export const expectOfSchema = (body: string, schema: GraphQLSchema): void => {
  const { errors } = JSON.parse(body) as { readonly errors: readonly { readonly message: string }[] };
  const suggested = errors.flatMap(({ message }) =>
    [...message.replace(/^.*?(Did you mean|$)/s, '').matchAll(/"(\w+)"/g)].map(([, name]) => name!),
  );
  expect(suggested.filter((name) => !new RegExp(`\\b${name}\\b`).test(printSchema(schema)))).toEqual([]);
};
