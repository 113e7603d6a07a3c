import {
  delegateOf,
  fit,
  isOpen,
  note,
  secretTitle,
  twoOthers,
  type Recipes,
} from '../../../../../../test/access/worlds/recipe.js';

/** Whose records these act on. */
export const needs = ['material'];

/** How to give each command of this record type so that it is accepted. */
export const recipes: Recipes = {
  requestAccess: (scene) => {
    const pair = twoOthers(scene);
    const { reader, isHidden, world, pick } = scene;
    const of = !isHidden && reader.party !== null ? reader.party : pair!.other;
    return {
      by: delegateOf(pair!.one),
      input: { of, subject: secretTitle(), reason: secretTitle(), material: pick(world.materials) },
      then: (id) => void world.add({ kind: 'accessRequest', id, owner: pair!.one, audience: [of] }),
    };
  },
  answerAccessRequest: (scene) => {
    const record = scene.pick(
      fit(scene, 'accessRequest', (each) => isOpen(each) && scene.world.actors.includes(each.audience[0]!)),
    );
    return (
      record && {
        by: delegateOf(record.audience[0]!),
        input: { id: record.id, answer: 'GRANTED', note: secretTitle() },
        then: note(record, 'closed'),
      }
    );
  },
};
