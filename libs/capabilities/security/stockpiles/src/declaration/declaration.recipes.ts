import {
  approverOf,
  delegateOf,
  isOpen,
  note,
  onOwn,
  secretTitle,
  type Recipes,
  type Recorded,
} from '../../../../../../test/access/worlds/recipe.js';

const STOCK = { form: 'metal', purity: '99', asOf: '2026-01-31' };

/** Whose records these act on. */
export const needs = ['material'];

/** How to give each command of this record type so that it is accepted. */
export const recipes: Recipes = {
  declareStock: ({ world, pick, marking }) => {
    const country = pick(world.actors)!;
    const { input, audience, closedTo } = marking(country);
    return {
      by: delegateOf(country),
      input: { ...STOCK, material: pick(world.materials), quantity: '4711', note: secretTitle(), marking: input },
      then: (id) =>
        void world.add({ kind: 'stockDeclaration', id, owner: country, audience, closedTo }).facts.add('pending'),
    };
  },
  approveDeclaration: (scene) => {
    const { world, reader, isHidden, pick } = scene;
    const wouldShow = (record: Recorded): boolean =>
      world.isVisible({ ...record, facts: new Set([...record.facts, 'released']) }, reader);
    const record = pick(
      world.records.filter(
        (each) =>
          each.kind === 'stockDeclaration' && isOpen(each) && each.facts.has('pending') && wouldShow(each) !== isHidden,
      ),
    );
    return (
      record && {
        by: approverOf(record.owner),
        input: { id: record.id },
        then: () => {
          record.facts.add('released').delete('pending');
        },
      }
    );
  },
  correctDeclaration: (scene) => {
    const { world, pick, isHidden } = scene;
    if (!isHidden) return null;
    // That a correction waits is nobody's business but the owner's, whoever sees the declaration.
    const record = pick(
      world.records.filter((each) => each.kind === 'stockDeclaration' && isOpen(each) && !each.facts.has('refused')),
    );
    return (
      record && {
        by: delegateOf(record.owner),
        input: { id: record.id, quantity: `${Date.now()}`, reason: secretTitle() },
        then: note(record, 'pending'),
      }
    );
  },
  refuseDeclaration: ({ world, pick, marking }) => {
    const country = pick(world.actors)!;
    const { input, audience, closedTo } = marking(country);
    return {
      by: delegateOf(country),
      input: { material: pick(world.materials), reason: secretTitle(), marking: input },
      then: (id) => {
        const made = world.add({ kind: 'stockDeclaration', id, owner: country, audience, closedTo });
        note(made, 'released', 'refused')();
      },
    };
  },
  withdrawDeclaration: (scene) =>
    onOwn(scene, 'stockDeclaration', (record) => ({
      input: { id: record.id, reason: secretTitle() },
      then: note(record, 'closed'),
    })),
};
