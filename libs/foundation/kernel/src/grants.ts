import type { Marking } from './marking.js';
import { actsFor, hasRole, partyOf, type Principal, type Role } from './principal.js';
import { SECRETARIAT, type Party } from './values.js';

/** One kind of people who may give a command: asked before anything is read, and again of a record that they can read. */
export type Grant<Given, State> = {
  readonly mayIssue: (who: Principal, given: Given) => boolean;
  readonly mayAct: (who: Principal, state: State, marking: Marking) => boolean;
};

/** The secretariat, of the records that it owns. */
export const secretariat: Grant<unknown, unknown> = {
  mayIssue: (who) => partyOf(who) === SECRETARIAT,
  mayAct: (who, _, { owner }) => partyOf(who) === owner,
};

/** People of the country that owns the record. */
export const owners = (...roles: readonly Role[]): Grant<unknown, unknown> => ({
  mayIssue: (who) => who.country !== null && hasRole(who, ...roles),
  mayAct: (who, _, { owner }) => actsFor(who, owner, ...roles),
});

/** People of the country that is to own the new record: the one that the command names, or their own. */
export const newOwners = (...roles: readonly Role[]): Grant<{ readonly country?: Party }, unknown> => ({
  ...owners(...roles),
  mayIssue: (who, given) => who.country !== null && actsFor(who, given.country ?? who.country, ...roles),
});

/** People of any member state. */
export const members = (...roles: readonly Role[]): Grant<unknown, unknown> => ({
  mayIssue: (who) => who.isMember && who.country !== null && hasRole(who, ...roles),
  mayAct: (who) => who.isMember,
});

/** People of the country that the command itself names. */
export const peopleOf = <Given>(
  country: (given: Given) => Party,
  ...roles: readonly Role[]
): Grant<Given, unknown> => ({
  mayIssue: (who, given) => actsFor(who, country(given), ...roles),
  mayAct: () => true,
});

/** People of a country that the record's state or marking names. */
export const peopleIn = <State>(
  country: (state: State, marking: Marking) => Party | null,
  ...roles: readonly Role[]
): Grant<unknown, State> => ({
  mayIssue: (who) => who.country !== null && hasRole(who, ...roles),
  mayAct: (who, state, marking) =>
    who.country !== null && actsFor(who, country(state, marking) ?? SECRETARIAT, ...roles),
});

/** The same people, but nobody who acts for them under a mandate: it is not passed on. */
export const inPerson = <Given, State>({ mayIssue, mayAct }: Grant<Given, State>): Grant<Given, State> => ({
  mayIssue: (who, given) => who.mandate === null && mayIssue(who, given),
  mayAct,
});
