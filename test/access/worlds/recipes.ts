import { globSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Reader } from './people.js';
import type { Recipes } from './recipe.js';
import type { Recorded } from './world.js';

type Module = { readonly recipes: Recipes; readonly endings?: Recipes; readonly needs?: readonly string[] };

/** `x.recipes.ts` beside each record type, and those of what every record takes. */
const modules = new Map(
  await Promise.all(
    globSync(['libs/capabilities/*/*/src/*/*.recipes.ts', 'test/access/worlds/*.recipes.ts'])
      .toSorted()
      .map(async (file) => [basename(file, '.recipes.ts'), (await import(resolve(file))) as Module] as const),
  ),
);

/** Each after those that it needs. */
const ordered = new Set<Module>();
const place = (name: string): void => {
  const module = modules.get(name);
  if (!module) throw new Error(`there are no recipes for ${name}, which others need`);
  for (const each of module.needs ?? []) place(each);
  ordered.add(module);
};
for (const name of modules.keys()) place(name);

/**
 * How to give each command of the platform so that it is accepted, in an order in which one after the other can be. A
 * mutation that has none must be among the exemptions, with the reason.
 */
export const RECIPES: Recipes = Object.assign(
  {},
  ...[...ordered].map(({ recipes }) => recipes),
  ...[...ordered].reverse().map(({ endings }) => endings),
) as Recipes;

/** Mutations that no hidden side gives, each with the reason. */
export const EXEMPT: Readonly<Record<string, string>> = {
  registerKey: 'keys are public: everybody checks signatures with them',
  revokeKey: 'keys are public: everybody checks signatures with them',
  acknowledgeRecall: 'needs a notice to somebody who had read before: stands in the attack cases of sharing',
};

/** Mutations that readers are not asked to give, each with the reason. */
export const UNASKED: Readonly<Record<string, string>> = {
  demandSignatures: 'from then on every other command of a reader, who signs none, would be refused for that alone',
};

/** Subscriptions of which not every reader can be made to hear, each with the reason. */
export const UNHEARD: Readonly<Record<string, string>> = {
  alertReceived:
    'comes to whoever has a rule or an act to give, once the notifier has matched: stands in acceptance/alerts',
  actChanged: 'acts are their party’s alone, and no reader’s party has one',
  materialChanged:
    'what the secretariat lists and takes off again at once is no change to it, and others register nothing for it',
  groupChanged: 'a group is told to those in it: a reader of no country is in none',
  mandateChanged: 'between the two countries: a reader of no country has none',
  accessRequestChanged: 'between the two parties: a reader of no party has none',
  useRequestChanged: 'between the two parties: a reader of no party has none',
  recallChanged: 'comes to whoever had read and may not any more: stands in the attack cases of sharing',
  briefChanged: 'a brief goes no further than its sources, which not every reader is released',
};

type Way = (reader: Reader) => { readonly input: object; readonly closedTo: Recorded['closedTo'] } | null;

/**
 * How a record that is released to everybody is hidden all the same, by the field of a marking that does it; null for
 * whom it does not hide from. A field of a marking that is neither here nor said to hide nothing fails the test.
 */
export const WAYS_OF_HIDING: Readonly<Record<string, Way>> = {
  denyTo: ({ country }) =>
    country === null ? null : { input: { denyTo: [country] }, closedTo: (other) => other.country === country },
  level: () => ({ input: { level: 'SECRET' }, closedTo: () => true }),
  embargoUntil: () => ({ input: { embargoUntil: '2999-01-01T00:00:00.000Z' }, closedTo: () => true }),
  aggregateOnly: () => ({ input: { aggregateOnly: true }, closedTo: () => true }),
};

export const HIDES_NOTHING: Readonly<Record<string, string>> = {
  owner: 'the party that writes, and no other',
  releaseTo: 'is itself the audience, which every hidden record chooses',
  handling: 'says how readers may pass a record on, not who reads it',
  displayOnlyTo: 'lets in, for looking only',
  needToKnow: 'names groups of the writer: hidden records of this kind stand in the attack cases',
  originatorControl: 'says what may be derived from a record, not who reads it',
  expiresAt: 'hides what has been visible: stands in the attack cases',
};
