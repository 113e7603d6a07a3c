import { approverOf, delegateOf, fit, note, type Recipes } from '../../../../../../test/access/worlds/recipe.js';

/** What was prepared is prepared by a recipe of its own command. */
export const needs = ['signing-keys'];

/** How to give each command of this record type so that it is accepted. */
export const recipes: Recipes = {
  approveAct: (scene) => {
    const { acts } = scene.world;
    // One of a party whose first act has done what all of them say: what is left to do stands in the act alone.
    const record = scene.isHidden ? scene.pick(fit(scene, 'act', ({ facts }) => facts.has('does nothing'))) : null;
    return (
      record && {
        by: approverOf(record.owner),
        input: acts.signed(record.owner, 'approveAct', { id: record.id, digest: acts.digestOf(record.id) }),
        then: () => void record.facts.delete('does nothing'),
      }
    );
  },
  withdrawAct: (scene) => {
    const isOpen = ({ facts }: { readonly facts: ReadonlySet<string> }): boolean =>
      !facts.has('closed') && facts.has('prepared');
    const record = scene.isHidden ? scene.pick(fit(scene, 'act', isOpen)) : null;
    return (
      record && {
        by: delegateOf(record.owner),
        input: scene.world.acts.signed(record.owner, 'withdrawAct', { id: record.id }),
        then: note(record, 'closed'),
      }
    );
  },
};
