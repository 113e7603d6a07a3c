import { hasRole, partyOf, type Access } from '@kernel';
import type { AccessRequestCommand, AccessRequestState } from './access-request.decider.js';

/** A country's liaisons and delegates ask, and answer where it is asked; for the secretariat its own people answer. */
export const accessRequestAccess: Access<AccessRequestCommand, AccessRequestState> = {
  mayIssue: (command, who) =>
    who.country !== null
      ? hasRole(who, 'LIAISON', 'DELEGATE')
      : command.type === 'AnswerAccessRequest' && hasRole(who, 'SECRETARIAT'),
  mayAct: (_, who, state) => state !== null && partyOf(who) === state.of,
};
