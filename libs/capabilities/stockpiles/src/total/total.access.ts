import { partyOf, SECRETARIAT, type Access } from '@kernel';
import type { StockTotalCommand, StockTotalState } from './total.decider.js';

/** The secretariat publishes, although it may not read what is in the total. */
export const stockTotalAccess: Access<StockTotalCommand, StockTotalState> = {
  mayIssue: (_, who) => partyOf(who) === SECRETARIAT,
  mayAct: (_, who, _state, { owner }) => partyOf(who) === owner,
};
