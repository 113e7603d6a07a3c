import {
  fit,
  materialCode,
  note,
  secretTitle,
  SECRETARIAT,
  type Recipes,
} from '../../../../../../test/access/worlds/recipe.js';

/** How to give each command of this record type so that it is accepted. */
export const recipes: Recipes = {
  registerMaterial: ({ world, reader, isHidden, marking }) => {
    if (reader.party === 'SECRETARIAT') return null;
    const { input, audience, closedTo } = marking('SECRETARIAT');
    const code = materialCode();
    return {
      by: SECRETARIAT,
      input: { code, name: secretTitle(), group: 'minor metals', hsCodes: ['811292'], marking: input },
      then: () => {
        world.add({ kind: 'material', id: code, owner: 'SECRETARIAT', audience, closedTo });
        if (!isHidden && audience.includes('PUBLIC')) world.materials.push(code);
      },
    };
  },
  listMaterial: (scene) => {
    const record = scene.pick(fit(scene, 'material', ({ facts }) => !facts.has('listed')));
    return (
      record && {
        by: SECRETARIAT,
        input: { code: record.id, list: 'EU_CRITICAL', since: '2026-01-01' },
        then: note(record, 'listed'),
      }
    );
  },
  delistMaterial: (scene) => {
    const record = scene.pick(fit(scene, 'material', ({ facts }) => facts.has('listed')));
    return (
      record && {
        by: SECRETARIAT,
        input: { code: record.id, list: 'EU_CRITICAL', on: '2026-02-01', reason: 'No longer' },
        then: () => void record.facts.delete('listed'),
      }
    );
  },
};
