import {
  approverOf,
  delegateOf,
  isOpen,
  note,
  onOwn,
  secretTitle,
  TODAY,
  type Recipes,
} from '../../../../../../test/access/worlds/recipe.js';

/** Whose records these act on. */
export const needs = ['project'];

/** How to give each command of this record type so that it is accepted. */
export const recipes: Recipes = {
  pledgeInvestment: (scene) => {
    const { world, reader, pick, isHidden, marking } = scene;
    const project = pick(
      world.records.filter(
        (record) => record.kind === 'project' && isOpen(record) && (isHidden || world.isVisible(record, reader)),
      ),
    );
    if (!project) return null;
    const country = pick(world.actors.filter((each) => world.isVisible(project, world.asReader(each))));
    if (country === null) return null;
    // A part of what is hidden may be released to everybody: it is shown with its whole only.
    const isWithinHidden = !world.isVisible(project, reader);
    const asked = isWithinHidden
      ? { input: { releaseTo: ['PUBLIC'] }, audience: ['PUBLIC'], closedTo: () => false }
      : marking(country);
    return {
      by: delegateOf(country),
      input: {
        projectId: project.id,
        kind: 'LOAN',
        amount: '1000',
        currency: pick(['EUR', 'USD']),
        conditions: secretTitle(),
        marking: asked.input,
      },
      then: (id) =>
        void world.add({
          kind: 'pledge',
          id,
          owner: country,
          audience: asked.audience,
          closedTo: asked.closedTo,
          within: project,
        }),
    };
  },
  confirmPledge: (scene) =>
    onOwn(
      scene,
      'pledge',
      (record) => ({ by: approverOf(record.owner), input: { id: record.id }, then: note(record, 'confirmed') }),
      ({ facts }) => facts.size === 0,
    ),
  drawDownPledge: (scene) =>
    onOwn(
      scene,
      'pledge',
      ({ id }) => ({ input: { id, amount: '0.5', on: TODAY, note: secretTitle() } }),
      ({ facts }) => facts.has('confirmed') && !facts.has('closed'),
    ),
  withdrawPledge: (scene) =>
    onOwn(scene, 'pledge', (record) => ({
      input: { id: record.id, reason: secretTitle() },
      then: note(record, 'closed'),
    })),
};
