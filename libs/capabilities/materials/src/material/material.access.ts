import { actsFor, country, partyOf, SECRETARIAT, type Access, type CountryCode } from '@kernel';
import type { MaterialCommand, MaterialState } from './material.decider.js';
import type { ListName } from './material.events.js';

/** Whose law each list is. */
const JURISDICTIONS: Readonly<Record<ListName, CountryCode>> = {
  EU_CRITICAL: country('EU'),
  EU_STRATEGIC: country('EU'),
  US_CRITICAL: country('US'),
  JP_CRITICAL: country('JP'),
};

/** The secretariat runs the register; a jurisdiction's delegate speaks for its own lists. */
export const materialAccess: Access<MaterialCommand, MaterialState> = {
  mayIssue: (command, who) => {
    switch (command.type) {
      case 'RegisterMaterial':
        return partyOf(who) === SECRETARIAT;
      case 'ListMaterial':
      case 'DelistMaterial':
        return partyOf(who) === SECRETARIAT || actsFor(who, JURISDICTIONS[command.list], 'DELEGATE');
    }
  },
  // Nothing in a material's own past narrows this: who speaks for a list may put every readable material on it.
  mayAct: () => true,
};
