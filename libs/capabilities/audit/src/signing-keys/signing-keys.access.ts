import { hasRole, partyOf, type Access } from '@kernel';
import type { SigningKeysCommand, SigningKeysState } from './signing-keys.decider.js';

/** A delegate registers its own party's keys, and nobody whom it lets act for it. */
export const signingKeysAccess: Access<SigningKeysCommand, SigningKeysState> = {
  mayIssue: (_, who) => who.mandate === null && partyOf(who) !== null && hasRole(who, 'DELEGATE', 'SECRETARIAT'),
  mayAct: (_, who, __, { owner }) => partyOf(who) === owner && hasRole(who, 'DELEGATE', 'SECRETARIAT'),
};
