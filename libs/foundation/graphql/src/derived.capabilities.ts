import type { Type } from '@nestjs/common';
import {
  commandsForClients,
  wholesOf,
  type AnyView,
  type Capability,
  type RecordTypeWithCommands,
  type ShownView,
} from '@kernel';
import { commandsOf } from './derived.commands.js';
import { childrenOf, recordsOf } from './derived.records.js';

const isShown = (view: AnyView): view is ShownView => 'node' in view;

/** `requestedAt` → `REQUESTED_AT` */
const inCapitals = (field: string): string => field.replace(/[A-Z]/g, (capital) => `_${capital}`).toUpperCase();
const orderOf = ({ fields, list }: ShownView): Readonly<Record<string, string>> | string =>
  list?.orderBy ??
  Object.fromEntries(
    Object.entries(fields)
      .filter(([, field]) => field?.sort)
      .map(([name]) => [inCapitals(name), name]),
  );

/**
 * What follows from the declarations of capabilities: a mutation for each command that clients may give; the list of each
 * view that has one, with its single records and subscription; the rows that stand within those of another view.
 */
export const resolversOf = (capabilities: readonly Capability[]): Type[] => {
  const shown = capabilities.flatMap(({ views }) => views).filter(isShown);
  const named = (name: string): ShownView => {
    const view = shown.find((each) => each.name === name);
    if (!view) throw new Error(`no capability shows clients a view ${name}, which another view names: check its name`);
    return view;
  };
  /** What is shown with the rows of a view, and therefore has to be as far as they are. */
  const shownWith = (view: ShownView): readonly ShownView[] => [
    ...[...(view.alsoShows ?? []), ...wholesOf(view)].map(named),
    ...shown.filter((each) => each.nested && wholesOf(each).includes(view.name)),
  ];
  const recordTypes = capabilities
    .flatMap((each) => each.recordTypes)
    .filter((each) => commandsForClients(each as RecordTypeWithCommands).length > 0);

  return [
    ...recordTypes.map((each) => commandsOf(each)),
    ...shown.flatMap((view) => {
      const { list, changed, nested, parent } = view;
      return [
        ...(list
          ? [
              recordsOf(view, {
                list: { ...list, orderBy: orderOf(view) },
                ...(changed && { changed }),
                alsoShows: shownWith(view),
              }),
            ]
          : []),
        ...wholesOf(view).flatMap((whole) =>
          nested && parent ? [childrenOf(named(whole), view, { ...nested, by: parent.field })] : [],
        ),
      ];
    }),
  ];
};
