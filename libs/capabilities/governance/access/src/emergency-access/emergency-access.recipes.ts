import {
  delegateOf,
  fit,
  isOfOthers,
  isOpen,
  MEMBERS,
  note,
  secretTitle,
  SECRETARIAT,
  type Recipes,
  type Recorded,
  type Scene,
  type Step,
} from '../../../../../../test/access/worlds/recipe.js';

const emergency = (scene: Scene, step: (record: Recorded) => Step): Step | null => {
  const record = scene.isHidden ? scene.pick(fit(scene, 'emergencyAccess', isOpen)) : null;
  return record && step(record);
};

/** Whose records these act on. */
export const needs = ['project'];

/** How to give each command of this record type so that it is accepted. */
export const recipes: Recipes = {
  requestEmergencyAccess: (scene) => {
    const { world, reader, isHidden, pick } = scene;
    const record = isHidden && reader.party !== 'SECRETARIAT' ? pick(fit(scene, 'project', isOfOthers(scene))) : null;
    const approver = pick(world.actors.filter((each) => MEMBERS.includes(each)));
    return record && approver
      ? {
          by: SECRETARIAT,
          input: { record: record.id, approver, reason: secretTitle() },
          then: (id) =>
            void world.add({ kind: 'emergencyAccess', id, owner: 'SECRETARIAT', audience: [approver, record.owner] }),
        }
      : null;
  },
  approveEmergencyAccess: (scene) =>
    emergency(scene, (record) => ({
      by: delegateOf(record.audience[0]!),
      input: { id: record.id },
      then: note(record, 'decided'),
    })),
  refuseEmergencyAccess: (scene) =>
    emergency(scene, (record) => ({
      by: delegateOf(record.audience[0]!),
      input: { id: record.id, reason: secretTitle() },
      then: note(record, 'closed'),
    })),
};
