import {
  fit,
  isOpen,
  note,
  secretTitle,
  SECRETARIAT,
  type Recipes,
} from '../../../../../../test/access/worlds/recipe.js';

/** How to give each command of this record type so that it is accepted. */
export const recipes: Recipes = {
  admitMember: ({ world, reader, isHidden, marking }) => {
    if (reader.party === 'SECRETARIAT' || !isHidden) return null;
    const country = world.countriesLeft.shift();
    if (country === undefined) return null;
    const { input, audience, closedTo } = marking('SECRETARIAT');
    return {
      by: SECRETARIAT,
      input: { country, since: '2026-02-01', marking: input },
      then: () => void world.add({ kind: 'member', id: country, owner: 'SECRETARIAT', audience, closedTo }),
    };
  },
  withdrawMember: (scene) => {
    const record = scene.isHidden ? scene.pick(fit(scene, 'member', isOpen)) : null;
    return (
      record && { by: SECRETARIAT, input: { country: record.id, reason: secretTitle() }, then: note(record, 'closed') }
    );
  },
};
