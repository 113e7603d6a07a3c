import {
  approverOf,
  delegateOf,
  fit,
  isOfOthers,
  isOpen,
  note,
  secretTitle,
  type Recipes,
  type Recorded,
} from './recipe.js';

/** Whose records these act on. */
export const needs = ['project'];

/** How to give each command that every record takes so that it is accepted. */
export const recipes: Recipes = {
  changeMarking: (scene) => {
    const record = scene.isHidden ? scene.pick(fit(scene, 'project', isOfOthers(scene))) : null;
    if (!record) return null;
    const asked = scene.marking(record.owner, [record.hostCountry!]);
    return {
      by: delegateOf(record.owner),
      input: { kind: 'PROJECT', id: record.id, marking: asked.input, reason: secretTitle() },
      then: () => void Object.assign(record, { audience: asked.audience, closedTo: asked.closedTo }),
    };
  },
};

/** Those that end a record, given after all others. */
export const endings: Recipes = {
  requestErasure: (scene) => {
    const record = scene.isHidden
      ? scene.pick(fit(scene, 'project', (each) => isOfOthers(scene)(each) && isOpen(each)))
      : null;
    return (
      record && {
        by: delegateOf(record.owner),
        input: { kind: 'PROJECT', id: record.id, basis: 'A law' },
        then: note(record, 'erasureAsked'),
      }
    );
  },
  approveErasure: (scene) => {
    const isAsked = ({ facts }: Recorded): boolean => facts.has('erasureAsked') && !facts.has('closed');
    const record = scene.isHidden ? scene.pick(fit(scene, 'project', isAsked)) : null;
    return (
      record && {
        by: approverOf(record.owner),
        input: { kind: 'PROJECT', id: record.id },
        then: note(record, 'closed'),
      }
    );
  },
};
