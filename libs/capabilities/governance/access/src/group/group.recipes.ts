import {
  delegateOf,
  fit,
  isOfOthers,
  MEMBERS,
  secretTitle,
  type Recipes,
  type Recorded,
  type Scene,
} from '../../../../../../test/access/worlds/recipe.js';

const group = (scene: Scene, admits: boolean): { readonly record: Recorded; readonly country: string } | null => {
  const { world, reader, pick, isHidden } = scene;
  // A group whose members do not see each other hides who comes and goes from those in it, too.
  const isFit = (record: Recorded): boolean =>
    record.kind === 'group' &&
    isOfOthers(scene)(record) &&
    (world.isVisible(record, reader) !== isHidden || (isHidden && !record.facts.has('membersVisible')));
  const record = pick(world.records.filter(isFit));
  if (!record) return null;
  const countries = [...world.actors, 'DE', 'IT', 'CA', 'AU'].filter(
    (each) => each !== record.owner && each !== reader.country && record.members.has(each) !== admits,
  );
  const country = pick(countries);
  return country === null ? null : { record, country };
};

/** Two groups of one owner. */
const groupsOfOne = (scene: Scene): { readonly outer: Recorded; readonly inner: Recorded } | null => {
  const groups = scene.isHidden ? fit(scene, 'group', isOfOthers(scene)) : [];
  const outer = scene.pick(groups);
  const inner = scene.pick(groups.filter((each) => each !== outer && each.owner === outer?.owner));
  return outer && inner && { outer, inner };
};

/** Who may leave the alliance rules groups too. */
export const needs = ['member'];

/** A country that was admitted unseen and rules nothing yet: it founds a group, and passes it on when it leaves. */
const newcomer = (scene: Scene): Recorded | null =>
  scene.isHidden
    ? (fit(scene, 'member', ({ facts }) => !facts.has('closed') && !facts.has('rules')).at(0) ?? null)
    : null;

/** How to give each command of this record type so that it is accepted. */
export const recipes: Recipes = {
  foundGroup: (scene) => {
    const { world, reader, pick, isHidden } = scene;
    const ruler = newcomer(scene);
    const owner = ruler?.id ?? pick(world.actors)!;
    const heirs = ruler ? world.actors.filter((each) => MEMBERS.includes(each)) : world.actors;
    const others = heirs.filter((each) => each !== owner && each !== reader.country);
    const members = [pick(others)!, ...(!isHidden && reader.country ? [reader.country] : [])];
    if (!isHidden && reader.country === null) return null;
    const membersVisible = pick([true, false])!;
    return {
      by: delegateOf(owner),
      input: { name: secretTitle(), purpose: secretTitle(), members, membersVisible },
      then: (id) => {
        const made = world.add({ kind: 'group', id, owner, audience: [id], members: new Set([owner, ...members]) });
        if (membersVisible) made.facts.add('membersVisible');
        ruler?.facts.add('rules');
      },
    };
  },
  admitToGroup: (scene) => {
    const found = group(scene, true);
    return (
      found && {
        by: delegateOf(found.record.owner),
        input: { id: found.record.id, country: found.country },
        then: () => void found.record.members.add(found.country),
      }
    );
  },
  removeFromGroup: (scene) => {
    const found = group(scene, false);
    return (
      found && {
        by: delegateOf(found.record.owner),
        input: { id: found.record.id, country: found.country, reason: secretTitle() },
        then: () => void found.record.members.delete(found.country),
      }
    );
  },
  admitSubgroup: (scene) => {
    const pair = groupsOfOne(scene);
    return (
      pair && {
        by: delegateOf(pair.outer.owner),
        input: { id: pair.outer.id, group: pair.inner.id },
        then: () => pair.inner.members.forEach((each) => pair.outer.members.add(each)),
      }
    );
  },
  removeSubgroup: (scene) => {
    const pair = groupsOfOne(scene);
    return (
      pair && {
        by: delegateOf(pair.outer.owner),
        input: { id: pair.outer.id, group: pair.inner.id, reason: secretTitle() },
      }
    );
  },
};
