import {
  delegateOf,
  fit,
  isOfOthers,
  isOpen,
  note,
  secretTitle,
  type Recipes,
  type Recorded,
  type Scene,
  type Step,
} from '../../../../../../test/access/worlds/recipe.js';

const usesOf = (scene: Scene, step: (record: Recorded) => Step): Step | null => {
  const record = scene.isHidden ? scene.pick(fit(scene, 'useRequest', isOpen)) : null;
  return record && step(record);
};

/** Whose records these act on. */
export const needs = ['project'];

/** How to give each command of this record type so that it is accepted. */
export const recipes: Recipes = {
  requestUse: (scene) => {
    const { world, isHidden, pick } = scene;
    const source = isHidden
      ? pick(fit(scene, 'project', (each) => isOfOthers(scene)(each) && each.owner !== each.hostCountry))
      : null;
    return (
      source && {
        by: delegateOf(source.hostCountry!),
        input: { source: { kind: 'PROJECT', id: source.id }, purpose: 'QUOTE', explanation: secretTitle() },
        then: (id) => void world.add({ kind: 'useRequest', id, owner: source.hostCountry!, audience: [source.owner] }),
      }
    );
  },
  approveUse: (scene) => usesOf(scene, (record) => ({ by: delegateOf(record.audience[0]!), input: { id: record.id } })),
  refuseUse: (scene) =>
    usesOf(scene, (record) => ({
      by: delegateOf(record.audience[0]!),
      input: { id: record.id, reason: secretTitle() },
    })),
  withdrawUse: (scene) =>
    usesOf(scene, (record) => ({
      by: delegateOf(record.owner),
      input: { id: record.id },
      then: note(record, 'closed'),
    })),
};
