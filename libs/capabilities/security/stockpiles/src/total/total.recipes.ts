import { randomInt } from 'node:crypto';
import { SECRETARIAT, type Recipes } from '../../../../../../test/access/worlds/recipe.js';

/** Whose records these act on. */
export const needs = ['material'];

/** How to give each command of this record type so that it is accepted. */
export const recipes: Recipes = {
  publishStockTotal: ({ world, reader, pick, marking }) =>
    reader.party === 'SECRETARIAT'
      ? null
      : {
          by: SECRETARIAT,
          input: {
            material: pick(world.materials),
            // There is one total for each, so this is one that nobody has asked for yet.
            quarter: `${randomInt(1000, 2000)}-Q${randomInt(1, 5)}`,
            marking: marking('SECRETARIAT').input,
          },
        },
};
