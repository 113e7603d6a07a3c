import { actsFor, hasRole, type Access } from '@kernel';
import type { ProjectCommand, ProjectState } from './project.decider.js';

/**
 * The owner's liaisons and delegates shape a project, the host's speak of its progress; only delegates commit: the
 * host's consent, a member's endorsement, the owner's completion or withdrawal. Designation is the alliance's, which the
 * secretariat records, or the owner's where it designates projects of its own (the EU does: Regulation (EU) 2024/1252).
 */
export const projectAccess: Access<ProjectCommand, ProjectState> = {
  mayIssue: (command, who) => {
    switch (command.type) {
      case 'ProposeProject':
        return who.country !== null && actsFor(who, command.country ?? who.country, 'LIAISON', 'DELEGATE');
      case 'ReviseProject':
      case 'ReportMilestone':
      case 'ReportDelay':
        return who.country !== null && hasRole(who, 'LIAISON', 'DELEGATE');
      case 'GiveHostConsent':
      case 'RefuseHostConsent':
      case 'CompleteProject':
      case 'WithdrawProject':
        return who.country !== null && hasRole(who, 'DELEGATE');
      case 'EndorseProject':
        return who.isMember && who.country !== null && hasRole(who, 'DELEGATE');
      case 'DesignateProject':
        return hasRole(who, 'SECRETARIAT') || (who.country !== null && hasRole(who, 'DELEGATE'));
    }
  },

  mayAct: (command, who, state, { owner }) => {
    const host = state?.terms.hostCountry ?? owner;
    switch (command.type) {
      case 'ProposeProject':
        return false;
      case 'ReviseProject':
        return actsFor(who, owner, 'LIAISON', 'DELEGATE');
      case 'ReportMilestone':
      case 'ReportDelay':
        return actsFor(who, owner, 'LIAISON', 'DELEGATE') || actsFor(who, host, 'LIAISON', 'DELEGATE');
      case 'GiveHostConsent':
      case 'RefuseHostConsent':
        return actsFor(who, host, 'DELEGATE');
      case 'CompleteProject':
      case 'WithdrawProject':
        return actsFor(who, owner, 'DELEGATE');
      case 'EndorseProject':
        return who.isMember;
      case 'DesignateProject':
        return hasRole(who, 'SECRETARIAT') || actsFor(who, owner, 'DELEGATE');
    }
  },
};
