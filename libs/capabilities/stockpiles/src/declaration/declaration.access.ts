import { actsFor, ownerAlone, type Access, type Role } from '@kernel';
import type { StockDeclarationCommand, StockDeclarationState } from './declaration.decider.js';

/** A liaison prepares figures, another person approves them; only a delegate commits the country on its own. */
const ROLES_FOR: Readonly<Record<StockDeclarationCommand['type'], readonly Role[]>> = {
  DeclareStock: ['LIAISON', 'DELEGATE'],
  CorrectDeclaration: ['LIAISON', 'DELEGATE'],
  ApproveDeclaration: ['APPROVER'],
  RefuseDeclaration: ['DELEGATE'],
  WithdrawDeclaration: ['DELEGATE', 'APPROVER'],
};

export const stockDeclarationAccess: Access<StockDeclarationCommand, StockDeclarationState> = {
  mayIssue: (command, who) => {
    const country = ('country' in command ? command.country : undefined) ?? who.country;
    return country !== null && actsFor(who, country, ...ROLES_FOR[command.type]);
  },
  mayAct: (command, who, _, { owner }) => actsFor(who, owner, ...ROLES_FOR[command.type]),
  markingIn: ({ isReleased }, marking) => (isReleased ? marking : ownerAlone(marking)),
};
