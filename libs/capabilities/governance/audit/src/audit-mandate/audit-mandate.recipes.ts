import {
  delegateOf,
  fit,
  isOpen,
  newId,
  note,
  secretTitle,
  type Recipes,
} from '../../../../../../test/access/worlds/recipe.js';

/** How to give each command of this record type so that it is accepted. */
export const recipes: Recipes = {
  grantAuditMandate: ({ world, pick, isHidden }) => {
    if (!isHidden) return null;
    const country = pick(world.actors)!;
    return {
      by: delegateOf(country),
      input: { person: newId(), subjects: ['PROJECTS'], until: '2999-01-01T00:00:00.000Z' },
      then: (id) => void world.add({ kind: 'auditMandate', id, owner: country }),
    };
  },
  revokeAuditMandate: (scene) => {
    const record = scene.isHidden ? scene.pick(fit(scene, 'auditMandate', isOpen)) : null;
    return (
      record && {
        by: delegateOf(record.owner),
        input: { id: record.id, reason: secretTitle() },
        then: note(record, 'closed'),
      }
    );
  },
};
