import { inFile } from '../guard.js';

const SHARING = 'test/access/attack-cases-sharing.spec';
const CAPACITIES = 'test/acceptance/stories.spec';
const audienceResolver = inFile('libs/capabilities/governance/sharing/src/marking/audience.query.ts', SHARING);
const parties = inFile('apps/api/src/known-parties.ts', SHARING);
const recalls = inFile('libs/capabilities/governance/sharing/src/reading/recalls.process.ts', SHARING);
const principals = inFile('apps/api/src/identity.ts', CAPACITIES);
const api = inFile('apps/api/src/platform.module.ts', SHARING);

/** What only a running platform shows. */
export const platformGuards = [
  audienceResolver(
    'who may see a record is told to its owner alone',
    'if (who.mandate !== null || row.marking.owner !== partyOf(who)) return null;',
    '',
    { tests: 'part of what the owner is told' },
  ),
  audienceResolver(
    'a preview of a marking names no group that its asker is not in',
    'return unfit ? rejection(unfit) : await previewOf(this.parties, marking, who, now);',
    'return await previewOf(this.parties, marking, who, now);',
    { tests: 'before it is submitted' },
  ),
  parties(
    'a preview tells only those members of a group whom its asker may know',
    '(row.membersVisible || (who.mandate === null && row.owner === partyOf(who)))',
    'true',
    { tests: 'before it is submitted' },
  ),
  recalls(
    'a recall is due where a row is for others now',
    'for (const { key } of changes) this.#state.noteRow(key);',
    'void this.#state;',
    {
      tests: 'goes to those who had read',
    },
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
