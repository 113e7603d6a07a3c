import type { Person } from '../../acceptance/support/answers.js';
import { delegateOf, type Reader } from './people.js';
import type { Recorded, World } from './world.js';

export { newId } from '@foundation/eventing';
export { approverOf, delegateOf, MEMBERS, SECRETARIAT } from './people.js';
export { materialCode, secretTitle } from './vocabulary.js';
export type { Recorded } from './world.js';

/** A marking as it is asked for, and who is shut out by more than its audience. */
export type Asked = {
  readonly input: Record<string, unknown>;
  readonly audience: readonly string[];
  readonly closedTo: Recorded['closedTo'];
};

/** What a recipe works with. */
export type Scene = {
  readonly world: World;
  /** Who shall see nothing of it, or all of it. */
  readonly reader: Reader;
  readonly isHidden: boolean;
  /** One of these, as the dice fell; null where there is none. */
  readonly pick: <T>(from: readonly T[]) => T | null;
  /** A marking of this owner that lets in `also`, and hides the record from the reader or shows it. */
  readonly marking: (owner: string, also?: readonly string[]) => Asked;
};

/** A command that will be accepted, and what is to be noted then. */
export type Step = {
  readonly by: Person;
  readonly input: Record<string, unknown>;
  readonly then?: (recordId: string) => void;
};

/** By mutation: how to give the command so that it is accepted; null where the scene does not allow it. */
export type Recipes = Readonly<Record<string, (scene: Scene) => Step | null>>;

export const TODAY = '2026-06-01';

/** Records on which a scene may act: hidden ones where it hides, the others where it shows. */
export const fit = (
  { world, reader, isHidden }: Scene,
  kind: Recorded['kind'],
  when: (record: Recorded) => boolean = () => true,
) =>
  world.records.filter(
    (record) => record.kind === kind && world.isVisible(record, reader) !== isHidden && when(record),
  );

export const isOpen = ({ facts }: Recorded): boolean => !facts.has('closed');

export const isOfOthers =
  ({ world }: Scene) =>
  ({ owner }: Recorded): boolean =>
    world.actors.includes(owner);

/** The country that owns a project, or its host. */
export const onOwn = (
  scene: Scene,
  kind: Recorded['kind'],
  make: (record: Recorded) => Omit<Step, 'by'> & { readonly by?: Person },
  when: (record: Recorded) => boolean = isOpen,
): Step | null => {
  const record = scene.pick(fit(scene, kind, (each) => isOfOthers(scene)(each) && when(each)));
  return record && { by: delegateOf(record.owner), ...make(record) };
};

export const note =
  (record: Recorded, ...facts: string[]) =>
  (): void =>
    facts.forEach((each) => record.facts.add(each));

/** Two countries other than the reader's. */
export const twoOthers = ({ world, pick }: Scene): { readonly one: string; readonly other: string } | null => {
  const one = pick(world.actors)!;
  const other = pick(world.actors.filter((each) => each !== one));
  return other === null ? null : { one, other };
};
