import {
  delegateOf,
  fit,
  isOpen,
  note,
  secretTitle,
  type Recipes,
} from '../../../../../../test/access/worlds/recipe.js';

/** Whose records these act on. */
export const needs = ['project', 'pledge', 'declaration', 'brief', 'group'];

const TARGETS = {
  project: 'PROJECT',
  pledge: 'PLEDGE',
  stockDeclaration: 'STOCK_DECLARATION',
  brief: 'BRIEF',
  group: 'GROUP',
} as const;

/** How to give each command of this record type so that it is accepted. */
export const recipes: Recipes = {
  writeComment: (scene) => {
    const { world, reader, pick, isHidden, marking } = scene;
    const target = pick(
      world.records.filter(
        (record) => record.kind in TARGETS && isOpen(record) && (isHidden || world.isVisible(record, reader)),
      ),
    );
    if (!target) return null;
    const country = pick(world.actors.filter((each) => world.isVisible(target, world.asReader(each))));
    if (country === null) return null;
    const about = { kind: TARGETS[target.kind as keyof typeof TARGETS], id: target.id };
    const said = { about, kind: 'COMMENT', text: secretTitle(), section: secretTitle() };
    const seen = { kind: 'comment', owner: country, within: target } as const;
    // Whoever sees its record sees it, unless it says otherwise.
    const isForAll = !isHidden || !world.isVisible(target, reader);
    const asked = marking(country);
    return {
      by: delegateOf(country),
      input: isForAll ? said : { ...said, marking: asked.input },
      then: (id) =>
        void world.add(
          isForAll
            ? { ...seen, id, audience: ['PUBLIC'] }
            : { ...seen, id, audience: asked.audience, closedTo: asked.closedTo },
        ),
    };
  },
  withdrawComment: (scene) => {
    const comment = scene.pick(
      fit(scene, 'comment', (each) => isOpen(each) && scene.world.actors.includes(each.owner)),
    );
    return (
      comment && {
        by: delegateOf(comment.owner),
        input: { id: comment.id, reason: secretTitle() },
        then: note(comment, 'closed'),
      }
    );
  },
};
