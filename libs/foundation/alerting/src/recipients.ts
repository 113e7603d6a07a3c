import { partyOf, type Party, type PersonRef, type Principal, type Role } from '@kernel';

/** `JP DELEGATE`, whoever that is; or `JP <person>`: a person as it acts for one party. */
export type Recipient = `${Party} ${Role | PersonRef}`;

export const recipientOf = (party: Party, to: Role | PersonRef): Recipient => `${party} ${to}`;

/** As which recipients somebody gets alerts. Under a mandate nobody does, nor who acts for no party. */
export const recipientsOf = (who: Principal): readonly Recipient[] => {
  const party = partyOf(who);
  if (party === null || who.mandate !== null) return [];
  return [who.person, ...who.roles].map((each) => recipientOf(party, each));
};
