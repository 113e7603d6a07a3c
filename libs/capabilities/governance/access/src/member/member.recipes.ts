import { fit, isOpen, secretTitle, SECRETARIAT, type Recipes } from '../../../../../../test/access/worlds/recipe.js';

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
};

/** Those that end a record, given after all others. */
export const endings: Recipes = {
  withdrawMember: (scene) => {
    const members = scene.isHidden ? fit(scene, 'member', isOpen) : [];
    const record = scene.pick(members.filter(({ facts }) => facts.has('rules'))) ?? scene.pick(members);
    return (
      record && {
        by: SECRETARIAT,
        input: { country: record.id, reason: secretTitle() },
        then: () => {
          record.facts.add('closed');
          // Each group that it ruled passes to the oldest member that is left: here, to the one that there is.
          for (const group of scene.world.records.filter(
            ({ kind, owner }) => kind === 'group' && owner === record.id,
          )) {
            group.members.delete(record.id);
            group.owner = [...group.members][0]!;
            group.facts.add('passed on');
          }
        },
      }
    );
  },
};
