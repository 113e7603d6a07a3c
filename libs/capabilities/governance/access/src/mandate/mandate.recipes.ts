import {
  delegateOf,
  note,
  onOwn,
  secretTitle,
  twoOthers,
  type Recipes,
} from '../../../../../../test/access/worlds/recipe.js';

/** How to give each command of this record type so that it is accepted. */
export const recipes: Recipes = {
  grantMandate: (scene) => {
    const pair = twoOthers(scene);
    return (
      pair && {
        by: delegateOf(pair.one),
        input: { delegate: pair.other, subjects: ['PROJECTS'], until: '2999-01-01T00:00:00.000Z' },
        // Granted again to the same country it is the same mandate.
        then: (id) => void scene.world.add({ kind: 'mandate', id, owner: pair.one, audience: [pair.other] }),
      }
    );
  },
  revokeMandate: (scene) =>
    onOwn(scene, 'mandate', (record) => ({
      input: { id: record.id, reason: secretTitle() },
      then: note(record, 'closed'),
    })),
};
