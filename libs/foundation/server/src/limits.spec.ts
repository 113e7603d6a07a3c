import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse } from 'graphql';
import { PAGE } from '@foundation/graphql';
import { costOf } from './limits.js';

const schema = buildSchema(`
  type Query { things(first: Int, after: String): ThingConnection!, thing: Thing, me: Me, any: Any, named(ids: [ID!]!): [Named]! }
  type Mutation { change: Outcome! }
  type Subscription { changed: Thing! }
  type ThingConnection { edges: [Edge!]!, nodes: [Thing!]!, totalCount: Int! }
  type Edge { node: Thing! }
  type Thing { name: String, codes: [String!]!, parts: [Part!]!, owner: Me, near(first: Int): ThingConnection! }
  type Part { thing: Thing!, weight: Int }
  type Me { name: String }
  type Done { thing: Thing }
  type Refused { code: String }
  union Outcome = Done | Refused
  interface Named { name: String, owner: Me }
  union Any = Thing | Me
`);

const cost = (text: string, variableValues: Record<string, unknown> = {}, operationName?: string): number =>
  costOf({ schema, document: parse(text), variableValues, operationName });

describe('The cost of an operation', () => {
  it('is an object each, and nothing for what is in it', () => {
    expect(cost('{ me { name } }')).toBe(1);
    expect(cost('{ thing { name codes owner { name } } }')).toBe(2);
  });

  it('is that of each item times the page', () => {
    expect(cost('{ things(first: 7) { nodes { name } } }')).toBe(1 + 7);
    expect(cost('{ things(first: 7) { edges { node { name owner { name } } } } }')).toBe(1 + 7 * 3);
    expect(cost('{ things(first: 7) { totalCount } }')).toBe(1);
  });

  it('multiplies along the way down', () => {
    expect(cost('{ things(first: 3) { nodes { near(first: 5) { nodes { name } } } } }')).toBe(1 + 3 * (1 + 1 + 5));
    expect(cost('{ things(first: 3) { nodes { parts { thing { parts { weight } } } } } }')).toBe(
      1 + 3 * (1 + 10 * (1 + 1 + 10)),
    );
  });

  it('takes the usual page where none is asked for, and the largest where none can be meant', () => {
    const page = (first: string, variables?: Record<string, unknown>): number =>
      cost(`query ($n: Int, $d: Int = 4) { things${first} { nodes { name } } }`, variables) - 1;
    expect(page('')).toBe(PAGE.usual);
    expect(page('(first: null)')).toBe(PAGE.usual);
    expect(page('(first: -1)')).toBe(PAGE.most);
    expect(page('(first: 99999)')).toBe(PAGE.most);
    expect(page('(first: $n)')).toBe(PAGE.usual);
    expect(page('(first: $n)', { n: 9 })).toBe(9);
    expect(page('(first: $n)', { n: null })).toBe(PAGE.usual);
    expect(page('(first: $n)', { n: 'many' })).toBe(PAGE.most);
    expect(page('(first: $d)')).toBe(4);
    expect(page('(first: $d)', { d: 5 })).toBe(5);
  });

  it('is that of each id that is asked for', () => {
    const named = (ids: string, variables?: Record<string, unknown>): number =>
      cost(`query ($ids: [ID!]! = []) { named(ids: ${ids}) { name owner { name } } }`, variables);
    expect(named('["a", "b", "c"]')).toBe(3 * 2);
    expect(named('$ids', { ids: Array.from({ length: 90 }, String) })).toBe(90 * 2);
    expect(named('$ids')).toBe(PAGE.most * 2);
  });

  it('is the same through fragments, aliases and directives', () => {
    const plain = cost('{ things(first: 5) { nodes { owner { name } } } }');
    expect(
      cost(
        '{ ...F } fragment F on Query { things(first: 5) { ...G } } fragment G on ThingConnection { nodes { owner { name } } }',
      ),
    ).toBe(plain);
    expect(cost('{ ... on Query { x: things(first: 5) { ... { nodes { ... on Thing { owner { name } } } } } } }')).toBe(
      plain,
    );
    expect(cost('{ things(first: 5) { nodes { owner @skip(if: true) { name } } } }')).toBe(plain);
    expect(cost('{ a: me { name } b: me { name } }')).toBe(2);
  });

  it('is counted for fragments within fragments without going through them over and over', () => {
    const levels = Array.from({ length: 60 }, (_, at) => `fragment F${at} on Thing { ...F${at + 1} ...F${at + 1} }`);
    expect(cost(`{ thing { ...F0 } } ${levels.join(' ')} fragment F60 on Thing { owner { name } }`)).toBe(1 + 2 ** 60);
  });

  it('is that of the operation which is named', () => {
    const two = 'query A { me { name } } query B { things(first: 2) { nodes { name } } }';
    expect([cost(two, {}, 'A'), cost(two, {}, 'B'), cost(two, {}, 'C'), cost(two)]).toEqual([1, 3, 0, 0]);
  });

  it('counts mutations and subscriptions like questions, and the schema not at all', () => {
    expect(cost('mutation { change { ... on Done { thing { name } } ... on Refused { code } } }')).toBe(2);
    expect(cost('subscription { changed { parts { weight } } }')).toBe(11);
    expect(cost('{ __schema { types { fields { type { name } } } } __typename }')).toBe(0);
  });
});
