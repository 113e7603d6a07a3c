import { inFile } from '../guard.js';

const SHARING = 'test/access/attack-cases-sharing.spec';
const CAPACITIES = 'test/acceptance/stories.spec';
const parties = inFile('apps/api/src/known-parties.ts', SHARING);
const principals = inFile('apps/api/src/identity.ts', CAPACITIES);
const api = inFile('apps/api/src/platform.module.ts', SHARING);

/** What only a running platform shows. */
export const platformGuards = [
  parties(
    'a preview tells only those members of a group whom its asker may know',
    '(row.membersVisible || (who.mandate === null && row.owner === partyOf(who)))',
    'true',
    { tests: 'before it is submitted' },
  ),
  api('what is read is noted', 'new LoggedReadModels(reads, readLog, now)', '(void readLog, void now, reads)', {
    tests: 'tells the owner alone who has read',
  }),
  principals(
    'a capacity is one that a mandate gives',
    'if (who === null) throw notMandated();',
    'if (who === null) return principalOf(identity, state, now);',
    { tests: 'has no mandate from those' },
  ),
];
