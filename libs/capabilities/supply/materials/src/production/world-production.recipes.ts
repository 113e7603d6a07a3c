import { secretTitle, SECRETARIAT, type Recipes } from '../../../../../../test/access/worlds/recipe.js';

/** Whose records these act on. */
export const needs = ['material'];

/** How to give each command of this record type so that it is accepted. */
export const recipes: Recipes = {
  reportWorldProduction: ({ world, reader, pick, marking }) =>
    reader.party === 'SECRETARIAT'
      ? null
      : {
          by: SECRETARIAT,
          input: {
            material: pick(world.materials),
            scope: pick(['WORLD', 'OTHER_COUNTRIES']),
            year: 2024,
            stage: 'MINING',
            form: secretTitle(),
            quantity: '4711',
            excludes: [pick(world.actors)],
            basis: 'ESTIMATED',
            source: secretTitle(),
            marking: marking('SECRETARIAT').input,
          },
        },
};
