import { inFolder, type Guard } from '../../../../../../test/access/mutants/guard.js';

const { of } = inFolder('libs/capabilities/governance/comments/src/comment');
const access = of('comment.record', 'comment.access');
const decision = of('comment.record', 'comment.decider');
const rows = of('comments.view');

export const guards: readonly Guard[] = [
  access('a liaison commits nobody', "...(COMMITTING.includes(kind) ? [] : ['LIAISON' as const])", "'LIAISON'"),
  access('the secretariat alone speaks for who is no party', '!bySource &&', ''),
  access(
    'a comment is hidden by whose record it stands on',
    'state !== null && partyOf(who) === state.targetOwner',
    'state !== null',
  ),
  access('two persons hide a comment', 'state !== null && partyOf(who) !== state.by', 'false'),
  access(
    'a comment is told within its record',
    'state && { category: TARGETS[state.about.kind].category, at: { id: state.about.id } }',
    'null',
  ),
  decision(
    'a comment is handled as its record is',
    'asPartOf(asked === undefined',
    '((one: Marking) => one)(asked === undefined',
  ),
  decision(
    'an answer goes to whom the other was said',
    '(asked === undefined ? answering(marking, references) : marking',
    '(asked === undefined ? marking : marking',
  ),
  decision(
    'an answer stands on the same record',
    "if (state?.about.id !== about.id) return reject('COMMENTS.NOT_FOUND', { field: 'replyTo' });",
    "if (state === null) return reject('COMMENTS.NOT_FOUND', { field: 'replyTo' });",
  ),
  rows(
    'a comment is shown within its record',
    "  parent: { view: Object.values(TARGETS).map(({ view }) => view), field: 'about' },\n",
    '',
  ),
  rows('which comment is answered is told to who may know', "  notInReplay: ['replyTo'],\n", ''),
];
