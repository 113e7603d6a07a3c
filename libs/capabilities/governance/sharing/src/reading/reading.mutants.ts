import { inFolder, type Guard } from '../../../../../../test/access/mutants/guard.js';

const { of } = inFolder('libs/capabilities/governance/sharing/src/reading');
const readingRecord = of('reading.record', 'reading.access');
const readingReaction = of('reading.reaction');
const readingsView = of('readings.view');
const recallReaction = of('recall.reaction');
const readLogProcess = of('read-log.process');
const recallsProcess = of('recalls.process', '../../../../../../test/access/attack-cases-sharing');

export const guards: readonly Guard[] = [
  readingRecord('a recall is acknowledged in some roles', "hasRole(who, 'DELEGATE', 'SECRETARIAT') && ", ''),
  readingRecord('the platform acknowledges nothing', ' && !isPlatform(who)', ''),
  readingRecord(
    'a recall is acknowledged by who had the record',
    'reader !== null && partyOf(who) === reader',
    'reader !== null',
  ),
  readingReaction(
    'what a reading says goes to the two parties',
    'reader === null || reader === owner ? [] : [ownerAudience(reader)]',
    "reader === null || reader === owner ? [] : ['MEMBERS']",
  ),
  readingReaction('a reading is as sensitive as what was read', '  ...(level && { level }),\n', ''),
  readingReaction(
    'who read what an emergency opened is told by name',
    "!mayRead(marking, readerFor(who, capability), now) ? 'EMERGENCY'",
    "false ? 'EMERGENCY'",
  ),
  readingReaction(
    'under a mandate, what is read is read as its subjects let it',
    'mayRead(marking, readerFor(who, capability), now)',
    'mayRead(marking, who, now)',
  ),
  readingsView('the read log is its owner’s alone', 'marking: ownerAlone(marking)', 'marking'),
  recallReaction(
    'a recall goes to those who had the record and to nobody else',
    'this.#held.get(key)?.values() ?? []',
    '[...this.#held.values()].flatMap((each) => [...each.values()])',
  ),
  recallReaction(
    'a recall is sent to who is not shown the record any more, and to nobody else',
    'if (isSeen) return null;',
    '',
  ),
  recallReaction(
    'a withdrawal is told to who read before it',
    'ended !== undefined && position < ended.at',
    'ended !== undefined && position < 0n',
  ),
  recallReaction('an owner gets no recall of its own', 'if (subject.reader === held.marking.owner) return null;', ''),
  recallReaction('a recall is sent once', 'readings?.delete(recordId);', ''),
  readLogProcess(
    'what only an emergency opened is noted before it is served',
    'await Promise.all(first.map(([name, note]) => this.#say(name, note)));',
    'for (const [name, note] of first) this.#later(name, note);',
  ),
  readLogProcess(
    'what is read page by page is noted',
    '        await this.log.serving(view, who, items);\n        return { items',
    '        return { items',
  ),
  readLogProcess(
    'what is read by its key is noted',
    '    await this.log.serving(view, who, allowed);\n    return new Map',
    '    return new Map',
  ),
  readLogProcess(
    'what is listed is noted',
    '    await this.log.serving(view, who, allowed);\n    return allowed;',
    '    return allowed;',
  ),
  readLogProcess(
    'what is only for display leaves in no export',
    'if (!who.exports) return rows;',
    'if (rows.length >= 0) return rows;',
  ),
  readLogProcess('after a recall, a reading is noted again', 'this.#said.clear();', ''),
  recallsProcess(
    'a recall is due where a row is for others now',
    'for (const { key } of changes) this.#state.noteRow(key);',
    'void this.#state;',
    { tests: 'goes to those who had read' },
  ),
];
