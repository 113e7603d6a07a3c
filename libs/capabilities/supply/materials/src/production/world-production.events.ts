import { many, oneOf, place, required, type DomainEvent, type Marked, type Of } from '@kernel';
import { counted } from './production.events.js';
import type { Statement } from './statement.events.js';

export const scope = oneOf('ProductionScope', 'Whose production a figure adds up.', {
  WORLD: 'That of all producers, but for those that it leaves out.',
  OTHER_COUNTRIES: 'That of all producers of which the source states nothing one by one.',
});

/** All of it together is the record's natural key. */
export const worldProduced = { ...counted, scope: required(scope, 'Whose production it adds up.') };
export const leavesOut = {
  excludes: many(place, 'Countries whose production is not in it.', { distinct: true }),
};
export type WorldProduced = Of<typeof worldProduced>;
export type WorldStatement = Statement & Of<typeof leavesOut>;

/** What a source states of several producers together: of the world, or of those that it does not name. */
export type WorldProductionEvent = WorldProductionReported | WorldProductionRevised;
export type WorldProductionReported = DomainEvent<
  'materials.WorldProductionReported.v1',
  WorldProduced & WorldStatement & Marked
>;
/** A later statement of the same; the earlier one stays in the history. */
export type WorldProductionRevised = DomainEvent<'materials.WorldProductionRevised.v1', WorldStatement>;
