import {
  delegateOf,
  isOpen,
  MEMBERS,
  note,
  onOwn,
  secretTitle,
  TODAY,
  type Recipes,
  type Asked,
  type Scene,
} from '../../../../../../test/access/worlds/recipe.js';

const projectOf = (scene: Scene): { readonly country: string; readonly host: string; readonly asked: Asked } => {
  const { world, pick, marking, reader } = scene;
  const country = pick(world.actors)!;
  const host = pick([...world.actors].filter((each) => each !== reader.country))!;
  return { country, host, asked: marking(country, [host]) };
};

const PROJECT = { stages: ['REFINING'], estimatedCost: { amount: '12.5', currency: 'EUR' }, startsOn: '2026-01-01' };

/** Whose records these act on. */
export const needs = ['material'];

/** How to give each command of this record type so that it is accepted. */
export const recipes: Recipes = {
  proposeProject: (scene) => {
    const { country, host, asked } = projectOf(scene);
    const { world, pick } = scene;
    return {
      by: delegateOf(country),
      input: {
        ...PROJECT,
        title: secretTitle(),
        materials: [pick(world.materials)],
        hostCountry: host,
        marking: asked.input,
      },
      then: (id) =>
        void world.add({
          kind: 'project',
          id,
          owner: country,
          audience: asked.audience,
          closedTo: asked.closedTo,
          hostCountry: host,
        }),
    };
  },
  reviseProject: (scene) =>
    onOwn(scene, 'project', ({ id }) => ({ input: { id, summary: secretTitle(), reason: secretTitle() } })),
  refuseHostConsent: (scene) =>
    onOwn(
      scene,
      'project',
      (record) => ({
        by: delegateOf(record.hostCountry!),
        input: { id: record.id, reason: secretTitle() },
        then: () => void record.facts.delete('consent'),
      }),
      (record) => isOpen(record) && !record.facts.has('designated'),
    ),
  giveHostConsent: (scene) =>
    onOwn(scene, 'project', (record) => ({
      by: delegateOf(record.hostCountry!),
      input: { id: record.id, note: secretTitle() },
      then: note(record, 'consent'),
    })),
  endorseProject: (scene) =>
    onOwn(
      scene,
      'project',
      (record) => ({ by: delegateOf(record.hostCountry!), input: { id: record.id, note: secretTitle() } }),
      (record) => isOpen(record) && record.hostCountry !== record.owner && MEMBERS.includes(record.hostCountry!),
    ),
  designateProject: (scene) =>
    onOwn(
      scene,
      'project',
      (record) => ({ input: { id: record.id, designation: secretTitle() }, then: note(record, 'designated') }),
      (record) => isOpen(record) && record.facts.has('consent'),
    ),
  reportMilestone: (scene) =>
    onOwn(scene, 'project', ({ id }) => ({ input: { id, milestone: secretTitle(), reachedOn: TODAY } })),
  reportDelay: (scene) => onOwn(scene, 'project', ({ id }) => ({ input: { id, reason: secretTitle() } })),
};

/** Those that end a record, given after all others. */
export const endings: Recipes = {
  completeProject: (scene) =>
    onOwn(scene, 'project', (record) => ({ input: { id: record.id, on: TODAY }, then: note(record, 'closed') })),
  withdrawProject: (scene) =>
    onOwn(scene, 'project', (record) => ({
      input: { id: record.id, reason: secretTitle() },
      then: note(record, 'closed'),
    })),
};
