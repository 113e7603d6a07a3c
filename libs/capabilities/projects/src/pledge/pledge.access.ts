import { actsFor, hasRole, type Access } from '@kernel';
import type { PledgeCommand, PledgeState } from './pledge.decider.js';

/** A delegate commits its own country, and an approver of the same country is the second pair of eyes. */
export const pledgeAccess: Access<PledgeCommand, PledgeState> = {
  mayIssue: (command, who) => {
    if (who.country === null) return false;
    switch (command.type) {
      case 'PledgeInvestment':
        return actsFor(who, command.country ?? who.country, 'DELEGATE');
      case 'ConfirmPledge':
        return hasRole(who, 'APPROVER');
      case 'DrawDownPledge':
      case 'WithdrawPledge':
        return hasRole(who, 'DELEGATE');
    }
  },
  mayAct: (command, who, _, { owner }) =>
    actsFor(who, owner, command.type === 'ConfirmPledge' ? 'APPROVER' : 'DELEGATE'),
};
