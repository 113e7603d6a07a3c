import { actsFor, hasRole, type Access } from '@kernel';
import type { UseRequestCommand, UseRequestState } from './use-request.decider.js';

/**
 * Liaisons and delegates ask; the owner of the source answers through a delegate of its own people, as with every
 * question of who may learn what.
 */
export const useRequestAccess: Access<UseRequestCommand, UseRequestState> = {
  mayIssue: (command, who) => {
    if (who.country === null) return false;
    return isAnswer(command) ? who.mandate === null && hasRole(who, 'DELEGATE') : hasRole(who, 'LIAISON', 'DELEGATE');
  },
  mayAct: (command, who, state, { owner }) =>
    isAnswer(command)
      ? state !== null && actsFor(who, state.sourceOwner, 'DELEGATE')
      : actsFor(who, owner, 'LIAISON', 'DELEGATE'),
};

const isAnswer = ({ type }: UseRequestCommand): boolean => type === 'ApproveUse' || type === 'RefuseUse';
