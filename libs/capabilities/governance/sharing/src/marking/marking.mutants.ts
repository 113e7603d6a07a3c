import { inFolder, type Guard } from '../../../../../../test/access/mutants/guard.js';

const { of } = inFolder('libs/capabilities/governance/sharing/src/marking');
const audienceChangesView = of('audience-changes.view');
const reachRule = of('reach.rule');
const audienceQuery = of('audience.query', '../../../../../../test/access/attack-cases-sharing');

export const guards: readonly Guard[] = [
  audienceChangesView(
    'how an audience changed is told to its owner alone',
    'changedTo: marking, marking: ownerAlone(marking)',
    'changedTo: marking, marking',
  ),
  audienceChangesView(
    'how an audience changed is gone with the content',
    'revisionsBefore(revision).map((each) => `${id}:${each}`)',
    '[id]',
  ),
  reachRule('a preview tells nobody who may be in a group unseen', "if (!sees(atWorst)) return 'DEPENDS';", ''),
  reachRule(
    'a preview does not take a denial for unknown',
    'open.filter((one) => !terms.denied.includes(one))',
    'open',
  ),
  reachRule(
    'a preview says what is only shown',
    "mayExport(marking, { audiences, deniedAs: [], clearance: 'SECRET' }, now) ? 'READS' : 'DISPLAY_ONLY'",
    "'READS'",
  ),
  reachRule(
    'a preview says what is not open yet',
    "if (terms.opensAt !== null && now < terms.opensAt) return 'NOT_YET';",
    '',
  ),
  audienceQuery(
    'who may see a record is told to its owner alone',
    'if (who.mandate !== null || row.marking.owner !== partyOf(who)) return null;',
    '',
    { tests: 'part of what the owner is told' },
  ),
  audienceQuery(
    'a preview of a marking names no group that its asker is not in',
    'return unfit ? rejection(unfit) : await previewOf(this.parties, marking, who, now);',
    'return await previewOf(this.parties, marking, who, now);',
    { tests: 'before it is submitted' },
  ),
];
