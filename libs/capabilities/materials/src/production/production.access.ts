import { partyOf, SECRETARIAT, type Access } from '@kernel';
import type { ProductionCommand, ProductionState } from './production.decider.js';

/** The secretariat keeps the statistics. */
export const productionAccess: Access<ProductionCommand, ProductionState> = {
  mayIssue: (_, who) => partyOf(who) === SECRETARIAT,
  mayAct: (_, who, _state, { owner }) => partyOf(who) === owner,
};
