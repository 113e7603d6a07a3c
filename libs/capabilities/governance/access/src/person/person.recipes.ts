import {
  delegateOf,
  newId,
  note,
  secretTitle,
  type Recipes,
  type Recorded,
} from '../../../../../../test/access/worlds/recipe.js';

/** How to give each command of this record type so that it is accepted. */
export const recipes: Recipes = {
  grantRole: ({ world, pick, isHidden }) => {
    if (!isHidden) return null;
    const country = pick(world.actors)!;
    const person = newId();
    return {
      by: delegateOf(country),
      input: { person, role: 'LIAISON' },
      then: () => void world.add({ kind: 'person', id: person, owner: country }),
    };
  },
  revokeRole: (scene) => {
    if (!scene.isHidden) return null;
    const record = scene.pick(
      scene.world.records.filter(({ kind, facts }) => kind === 'person' && !facts.has('revoked')),
    );
    return (
      record && {
        by: delegateOf(record.owner),
        input: { person: record.id, role: 'LIAISON', reason: secretTitle() },
        then: note(record, 'revoked'),
      }
    );
  },
  grantClearance: (scene) => {
    const record = scene.isHidden ? scene.pick(scene.world.records.filter(({ kind }) => kind === 'person')) : null;
    return (
      record && {
        by: delegateOf(record.owner),
        input: { person: record.id, level: 'SECRET' },
        then: note(record, 'cleared'),
      }
    );
  },
  revokeClearance: (scene) => {
    const isCleared = ({ kind, facts }: Recorded): boolean => kind === 'person' && facts.has('cleared');
    const record = scene.isHidden ? scene.pick(scene.world.records.filter(isCleared)) : null;
    return (
      record && {
        by: delegateOf(record.owner),
        input: { person: record.id, reason: secretTitle() },
        then: () => void record.facts.delete('cleared'),
      }
    );
  },
};
