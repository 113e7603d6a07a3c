import { delegateOf, secretTitle, type Recipes } from '../../../../../../test/access/worlds/recipe.js';
import { PREPARES } from '../../../../../../test/access/worlds/acts.js';

/** How to give the command of this record type that takes two persons, so that it is kept as an act. */
export const recipes: Recipes = {
  demandSignatures: ({ world, isHidden }) =>
    isHidden
      ? {
          by: delegateOf(PREPARES),
          input: world.acts.signed(PREPARES, 'demandSignatures', { on: false, reason: secretTitle() }),
          then: (id) => world.add({ kind: 'act', id, owner: PREPARES }).facts.add('prepared'),
        }
      : null,
};
