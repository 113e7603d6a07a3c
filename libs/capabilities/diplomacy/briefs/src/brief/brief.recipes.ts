import {
  delegateOf,
  fit,
  isOfOthers,
  isOpen,
  note,
  onOwn,
  secretTitle,
  type Recipes,
} from '../../../../../../test/access/worlds/recipe.js';

/** Whose records these act on. */
export const needs = ['project'];

/** How to give each command of this record type so that it is accepted. */
export const recipes: Recipes = {
  writeBrief: (scene) => {
    const source = scene.pick(fit(scene, 'project', isOfOthers(scene)));
    if (!source) return null;
    return {
      by: delegateOf(source.owner),
      input: {
        title: secretTitle(),
        text: secretTitle(),
        sources: [{ kind: 'PROJECT', id: source.id }],
        ...(!scene.isHidden && { marking: { releaseTo: source.audience } }),
      },
      then: (id) =>
        void scene.world.add({
          kind: 'brief',
          id,
          owner: source.owner,
          audience: scene.isHidden ? [] : source.audience,
        }),
    };
  },
  reviseBrief: (scene) => {
    const source = scene.pick(fit(scene, 'project', isOfOthers(scene)));
    if (!source) return null;
    return onOwn(
      scene,
      'brief',
      ({ id }) => ({
        input: { id, title: secretTitle(), text: secretTitle(), sources: [{ kind: 'PROJECT', id: source.id }] },
      }),
      (record) => isOpen(record) && record.owner === source.owner && scene.isHidden,
    );
  },
};

/** Those that end a record, given after all others. */
export const endings: Recipes = {
  withdrawBrief: (scene) =>
    onOwn(scene, 'brief', (record) => ({
      input: { id: record.id, reason: secretTitle() },
      then: note(record, 'closed'),
    })),
};
