import type { LodestoneClient } from '@adapters/lodestone-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/waiting.js';
import type { Person } from './support/answers.js';
import { startPlatform, type RunningPlatform } from './support/platform.js';

/** Japan founds the groups and leaves the alliance; of those that stay, the United States came first. */
const JP: Person = { country: 'JP', roles: ['DELEGATE'] };
const US: Person = { country: 'US', roles: ['DELEGATE'] };
const KR: Person = { country: 'KR', roles: ['DELEGATE'] };
const AU: Person = { country: 'AU', roles: ['DELEGATE'] };
const SECRETARIAT: Person = { country: null, roles: ['SECRETARIAT'] };

let platform: RunningPlatform;
let position: string;
const clients = new Map<Person, LodestoneClient>();
const client = (who: Person): LodestoneClient => {
  const made = clients.get(who) ?? platform.as(who.country, who.roles);
  clients.set(who, made);
  return made;
};
const give = async (who: Person, mutation: string, input: object) => {
  const outcome = await client(who).command(mutation, input);
  if (outcome.accepted) position = outcome.position;
  return outcome;
};
const done = async (who: Person, mutation: string, input: object): Promise<string> => {
  const outcome = await give(who, mutation, input);
  if (!outcome.accepted) throw new Error(`${mutation} was refused: ${JSON.stringify(outcome)}`);
  return outcome.recordId;
};
type Group = {
  readonly id: string;
  readonly owner: string;
  readonly members: readonly { readonly country: string }[];
  readonly subgroups: readonly { readonly id: string }[];
};
const groups = async (
  who: Person,
): Promise<Record<string, Pick<Group, 'owner'> & { members: string[]; inner: number }>> => {
  const document =
    'query ($p: Position) { groups(atLeast: $p) { nodes { id owner members { country } subgroups { id } } } }';
  const { nodes } = (await client(who).query<{ groups: { nodes: readonly Group[] } }>(document, { p: position }))
    .groups;
  return Object.fromEntries(
    nodes.map(({ id, owner, members, subgroups }) => [
      id,
      { owner, members: members.map(({ country }) => country).sort(), inner: subgroups.length },
    ]),
  );
};
const reads = async (who: Person, id: string): Promise<boolean> =>
  (
    await client(who).query<{ project: unknown }>(
      'query ($id: ID!, $p: Position) { project(id: $id, atLeast: $p) { id } }',
      {
        id,
        p: position,
      },
    )
  ).project !== null;

let outer: string;
let inner: string;
let alone: string;
let project: string;

beforeAll(async () => {
  platform = await startPlatform();
  for (const country of ['JP', 'US', 'KR', 'AU'])
    await done(SECRETARIAT, 'admitMember', { country, since: '2026-05-01' });
  await done(SECRETARIAT, 'registerMaterial', { code: 'gallium', name: 'Gallium', group: 'minor metals', hsCodes: [] });
  outer = await done(JP, 'foundGroup', { name: 'Outer', members: [] });
  inner = await done(JP, 'foundGroup', { name: 'Inner', members: ['US', 'KR'] });
  alone = await done(JP, 'foundGroup', { name: 'Alone', members: [] });
  await done(JP, 'admitSubgroup', { id: outer, group: inner });
  project = await done(KR, 'proposeProject', {
    ...{ title: 'A refinery', materials: ['gallium'], stages: ['REFINING'], hostCountry: 'KR' },
    marking: { releaseTo: [outer] },
  });
  await done(SECRETARIAT, 'withdrawMember', { country: 'JP' });
}, 300_000);
afterAll(() => platform?.stop());

describe('The groups of a country that has left the alliance', () => {
  it('are ruled at once by the oldest remaining member, a group in which no country remains by who rules the one in it', async () => {
    expect(await give(KR, 'admitToGroup', { id: inner, country: 'AU' })).toMatchObject({ code: 'ACCESS.DENIED' });
    for (const id of [inner, outer])
      expect(await give(US, 'admitToGroup', { id, country: 'AU' })).toMatchObject({ recorded: true });
    expect(await reads(AU, project)).toBe(true);
  });

  it('are shown as its own to the country that they passed to, with who is in them, and to the country that left not at all', async () => {
    expect(await groups(US)).toEqual({
      [outer]: { owner: 'US', members: ['AU', 'US'], inner: 1 },
      [inner]: { owner: 'US', members: ['AU', 'KR', 'US'], inner: 0 },
    });
    expect(await groups(KR)).toEqual({
      [outer]: { owner: 'US', members: ['US'], inner: 1 },
      [inner]: { owner: 'US', members: ['KR', 'US'], inner: 0 },
    });
    expect(await groups(JP)).toEqual({});
    expect(await reads(JP, project)).toBe(false);
    for (const id of [inner, outer])
      expect(await give(JP, 'admitToGroup', { id, country: 'JP' })).toMatchObject({ accepted: false });
  });

  it('do not come back with it, and take it in again where whoever rules them does', async () => {
    await done(SECRETARIAT, 'admitMember', { country: 'JP', since: '2026-06-01' });
    expect(await groups(JP)).toEqual({});
    expect(await give(JP, 'admitToGroup', { id: inner, country: 'JP' })).toMatchObject({ code: 'GROUPS.NOT_FOUND' });
    expect(await reads(JP, project)).toBe(false);
    await done(US, 'admitToGroup', { id: inner, country: 'JP' });
    expect(await groups(JP)).toEqual({
      [outer]: { owner: 'US', members: ['US'], inner: 1 },
      [inner]: { owner: 'US', members: ['JP', 'US'], inner: 0 },
    });
    expect(await reads(JP, project)).toBe(true);
  });

  it('end where nobody is left in them', async () => {
    expect(await give(JP, 'admitToGroup', { id: alone, country: 'US' })).toMatchObject({ code: 'GROUPS.ENDED' });
    await until('the group is not listed', async () => !(alone in (await groups(JP))));
  });

  it('have it in their history', async () => {
    const document = 'query ($id: ID!, $p: Position) { history(id: $id, atLeast: $p) { facts { type } } }';
    type Told = { history: { facts: { type: string }[] } | null };
    const of = async (who: Person) => (await client(who).query<Told>(document, { id: inner, p: position })).history;
    expect((await of(US))?.facts.map(({ type }) => type)).toContain('access.GroupPassedOn.v1');
    expect(await of(AU)).not.toBeNull();
  });
});
