import { inFile } from '../guard.js';

const EVENTING = 'libs/foundation/eventing/src';
const FOLD = `${EVENTING}/command-pipeline.spec`;
const pipeline = inFile(`${EVENTING}/command-pipeline.ts`, `${EVENTING}/command-pipeline.access.spec`);
const judge = inFile(`${EVENTING}/judge.ts`, `${EVENTING}/command-pipeline.access.spec`);
const records = inFile(`${EVENTING}/record-cache.ts`, `${EVENTING}/command-pipeline.access.spec`);
const references = inFile(`${EVENTING}/references.ts`, `${EVENTING}/command-pipeline.access.spec`);
const snapshot = inFile(`${EVENTING}/record-snapshot.ts`, `${EVENTING}/command-pipeline.access.spec`);
const request = inFile('libs/foundation/kernel/src/marking-request.ts', `${EVENTING}/command-pipeline.access.spec`);
const DERIVED = { specs: [FOLD], tests: 'where a record is derived from others' };
const AUDIENCE = { specs: [FOLD], tests: 'another audience|whose audience|loses nothing' };
const recordDoor = inFile(`${EVENTING}/record-gateway.ts`, `${EVENTING}/command-pipeline.access.spec`);
const ACTS = 'libs/capabilities/governance/acts/src/acts.pipeline.spec';
const projection = inFile(`${EVENTING}/projection.ts`, `${EVENTING}/projection.spec`);
const projector = inFile(`${EVENTING}/changed-rows.ts`, 'libs/adapters/read-store-postgres/src/projection-store.spec');
const SEALS = 'libs/adapters/key-store-postgres/src/key-store.spec';
const binding = inFile(`${EVENTING}/binding.ts`, SEALS);
const seal = inFile(`${EVENTING}/encrypted-event-store.ts`, SEALS);
const KEYS = 'libs/adapters/key-store-postgres/src';
const ownerKeys = inFile(`${KEYS}/owner-key-checks.ts`, SEALS);
const TIME = { specs: [`${EVENTING}/elapsed.spec`], tests: 'read and named by others|judged as it stands' };
const register = inFile(`${EVENTING}/register.ts`, `${EVENTING}/register.spec`);
const AT_REVISION = { tests: 'at another revision' };
const OPEN = { tests: 'held to its commitment' };
const UNSEALED = { tests: 'that is not sealed' };
const UNREADABLE = { tests: 'is shown to nobody' };
const FROZEN = { specs: ['test/audit/frozen.spec'], tests: 'under another marking' };

/** The way from a command to the history, and from there to the read models. */
export const pipelineGuards = [
  pipeline(
    'a command is given by whom its kind of record allows to, for a party',
    'if (party === null || !this.#mayIssue(recordType, command, who))',
    'if (party === null)',
  ),
  pipeline(
    'who acts for no party gives no command',
    'const party = partyOf(who);',
    "const party: Party | null = partyOf(who) ?? 'SECRETARIAT';",
  ),
  pipeline('a mandate to read gives no command', 'mandate.mayCommand && ', ''),
  pipeline(
    'a mandate gives commands in its subjects alone',
    ' && mandate.subjects.includes(this.#records.capabilityOf(recordType))',
    '',
  ),
  pipeline(
    'who may change a record’s audience is asked before anything is read',
    'isRecordCommand(command) ? mayIssueOfRecord(command, who) : recordType',
    'isRecordCommand(command) ? true : recordType',
    AUDIENCE,
  ),
  judge(
    'a record that its asker cannot read is not there',
    '!this.records.mayRead(recordType, id, present, who) ||\n',
    '',
    AUDIENCE,
  ),
  judge(
    'a record is read as time has left it',
    'this.records.mayRead(recordType, id, present, who)',
    'this.records.mayRead(recordType, id, before, who)',
    TIME,
  ),
  judge(
    'a command is judged by what time has left of the record',
    'decide(command, present.state,',
    'decide(command, before.state,',
    TIME,
  ),
  references(
    'a record that is named is found as time has left it',
    ': asOfNow(await this.records.refreshed(recordType, id));',
    ': await this.records.refreshed(recordType, id);',
    TIME,
  ),
  records(
    'the policy is asked of a record with the time of now',
    'mayRead(inForce(recordType, state, marking), reader, this.#now())',
    "mayRead(inForce(recordType, state, marking), reader, '9999-01-01T00:00:00.000Z' as Instant)",
  ),
  snapshot(
    'a record is under the marking that its state lets be in force',
    'recordType.access.markingIn?.(state, marking) ?? marking',
    'marking',
    DERIVED,
  ),
  records(
    'what was erased is not there',
    'if (marking === null || isErased) return false;',
    'if (marking === null) return false;',
  ),
  records(
    'under a mandate, a command reads as its subjects let it',
    'readerFor(who, this.capabilityOf(recordType))',
    'who',
  ),
  judge(
    'a part of what its asker cannot read is not there',
    "(current.owner !== party && (await this.references.parentOf(recordType, present.state, who)) === 'hidden')",
    'false',
  ),
  judge(
    'a part stays its owner’s though the whole is hidden',
    "(current.owner !== party && (await this.references.parentOf(recordType, present.state, who)) === 'hidden')",
    "(await this.references.parentOf(recordType, present.state, who)) === 'hidden'",
  ),
  judge(
    'a natural key that something hidden has taken is refused without its name',
    "reject('key' in target && target.mayCreate ? 'ACCESS.DENIED' : recordType.notFound)",
    'reject(recordType.notFound)',
  ),
  judge(
    'what acts on a record is allowed by its kind',
    ': recordType.access.mayAct(command, who, present.state, current);',
    ': true;',
  ),
  judge(
    'the audience of a record changes at its owner’s word alone',
    '? mayActOnRecord(who, present.record)',
    '? true',
    AUDIENCE,
  ),
  judge(
    'a marking that does not fit is refused',
    'if (unfit) return rejectedWith(unfit);\n    const isFirst',
    'const isFirst',
  ),
  references(
    'a command names no record that is not there for its asker',
    'if (!found) return reference.missing;',
    'if (!found) continue;',
    DERIVED,
  ),
  references(
    'a record that is named is one that its asker can read',
    'if (!this.records.mayRead(recordType, id, record, who)) return null;',
    'if (record.record.marking === null) return null;',
    DERIVED,
  ),
  references('a record that is named is in a state to be named', 'if (unfit) return unfit;', ''),
  references(
    'a part that is named is not there where its whole is hidden',
    "if (parent === 'hidden' && marking.owner !== partyOf(who)) return null;",
    '',
    DERIVED,
  ),
  references(
    'a derived record keeps to the parent of its source',
    "...(parent === null || parent === 'hidden' ? [] : parent.sources)",
    '',
    DERIVED,
  ),
  judge('what is derived keeps to its sources', 'if (obstacle) return rejectedWith(obstacle);', '', DERIVED),
  references(
    'what is derived without an approval that it needs is refused',
    "if (obstacle === 'UNAPPROVED') return derivedFrom!.unapproved;",
    '',
    DERIVED,
  ),
  references(
    'what is derived for more than its sources is refused',
    "if (obstacle === 'TOO_WIDE') return reject('MARKING.WIDER_THAN_SOURCE', { field: 'marking' });",
    '',
    DERIVED,
  ),
  references(
    'an approval that was taken back holds no more',
    '!derivedFrom && !approvalIn && known !== undefined',
    '!derivedFrom && known !== undefined',
    DERIVED,
  ),
  references(
    'a derived record is bound to its sources when it is re-marked',
    'return mayWiden ? (recordType.sourcesOf?.(before.state) ?? []) : [];',
    'return [];',
    DERIVED,
  ),
  references(
    'only what becomes narrower is not bound to its sources anew',
    '!(current && isNarrower(marking, current))',
    'false',
    DERIVED,
  ),
  judge(
    'a new marking is what is held against the sources',
    'isFirstOrChanged ? marking : current)',
    'current ?? marking)',
    DERIVED,
  ),
  pipeline(
    'nothing is read of a hidden record that is acted on',
    'if (mustBe && !(await this.#records.mayAddress(recordType, id, who)))\n      return rejection(reject(recordType.notFound), recordType);',
    '',
  ),
  references(
    'nothing is read of a hidden record that is named',
    'if (!(await this.records.mayAddress(recordType, id, who))) return null;',
    '',
  ),
  snapshot(
    'a record stands under the marking that its state lets be in force',
    'marking: record.marking && !record.isErased ? inForce(recordType, state, record.marking) : null,',
    'marking: record.marking && !record.isErased ? record.marking : null,',
  ),
  snapshot(
    'an erased record stands under no marking',
    'marking: record.marking && !record.isErased ?',
    'marking: record.marking ?',
  ),
  recordDoor('the record gateway asks the policy', ' || mayRead(marking, reader, this.now())', ' || true'),
  pipeline(
    'a rejection is said of the stream’s true end',
    'let isCertain = known === undefined;',
    'let isCertain = true as boolean;',
    AUDIENCE,
  ),
  request(
    'nobody makes a record in another’s name',
    "if (asked.owner !== undefined && asked.owner !== partyOf(who)) return reject('ACCESS.DENIED');",
    '',
  ),
  request('a marking names no group that its giver is not in', ' && !who.audiences.includes(one);', ' && false;'),
  request(
    'a group may be named in no part of a marking by who is not in it',
    'Object.entries({ releaseTo, displayOnlyTo, denyTo, needToKnow })',
    'Object.entries({ releaseTo })',
    { specs: [FOLD], tests: 'exists unseen' },
  ),
  request(
    'the handling goes with the audience',
    'if (!handlingAllows(marking.handling, [...releaseTo, ...displayOnlyTo]))',
    'if (false as boolean)',
  ),
  request(
    'the handling goes with those to whom a record is only shown',
    '[...releaseTo, ...displayOnlyTo]',
    '[...releaseTo]',
  ),
  request(
    'no owner is denied its own record',
    "if (denyTo.includes(ownerAudience(owner))) return reject('MARKING.CONTRADICTION', { field: 'marking.denyTo' });",
    '',
  ),
  request('no embargo ends after the record expires', 'embargoUntil >= expiresAt)', 'false)'),
  judge('a record begins with a marking', 'requireMarking(before.revision, events, recordType);', '', {
    specs: [FOLD],
    tests: 'without a marking',
  }),
  snapshot('revisions leave no gap where an audience changed', 'revision - unlistedEvents;', 'revision;'),
  snapshot(
    'a commandId of one party is not another’s',
    'const commandOf = ({ party, commandId }: Metadata): string => `${party} ${commandId}`;',
    'const commandOf = ({ commandId }: Metadata): string => `JP ${commandId}`;',
    { specs: [FOLD], tests: 'knows an id by the party' },
  ),
  judge(
    'a commandId is not used again for another command',
    "if (!isCommitmentTo(body, earlier.digest)) return rejectedWith(reject('COMMAND.ID_REUSED'));",
    '',
  ),

  pipeline(
    'what rests on other records of its kind is decided one after the other',
    'const turn = recordType.readsHistoryOf ? recordType.category : nameOf(recordType, id);',
    'const turn = nameOf(recordType, id);',
    { specs: [FOLD], tests: 'rests on' },
  ),

  projection('rows go under the new marking of their record', 'isRecordEvent(event) || view.events', 'view.events'),
  projector(
    'the rows of a record of which an event cannot be read are taken away',
    'const row = isUnreadable(event) ? null :',
    'const row = isUnreadable(event) ? before :',
    UNREADABLE,
  ),
  projector(
    'what comes after an event that cannot be read is withheld as well',
    'if (isWithheld.has(streamOf(event))) return [];',
    '',
    UNREADABLE,
  ),
  projection(
    'a row whose content is withheld is taken away',
    'if (isContentWithheld(event)) return null;',
    'if (isContentWithheld(event)) return row;',
  ),

  binding('a content opens under its own marking alone', '...(marking !== undefined && { marking }),', ''),
  binding('a content opens at its own revision alone', 'revision: revision.toString(), ', '', AT_REVISION),
  binding('what stands open is what was committed to', 'isCommitmentTo(event.data, metadata.commitment) && ', '', OPEN),
  ownerKeys('no key is made for an owner that the database knows', 'if (wrapped.length === 0 && (await', 'if ((await', {
    tests: 'from before check values',
  }),
  ownerKeys('no key is made by looking', 'if (wrapped.length === 0 && !mayMake) return;', '', { tests: 'by looking' }),
  ownerKeys(
    'no key is made in a folder of another platform',
    ' && (await this.#isAtHome(ask))',
    ' && ((await this.#isAtHome(ask)) || true)',
    { tests: 'holds no key of the platform' },
  ),
  ownerKeys(
    'a key that is another than the database knows wraps nothing',
    'if (!known.equals(await this.owners.checkValue(owner))) throw another(owner);',
    'await this.owners.checkValue(owner);',
    { tests: 'are made for an owner|are of another folder' },
  ),
  ownerKeys(
    'a key that opens nothing of its owner does not become the known one',
    'if (wrapped.length > 0 && !opens.includes(true)) throw another(owner);',
    '',
    { tests: 'from before check values' },
  ),
  ownerKeys(
    'nodes that meet a new owner at once end with one key',
    "await ask('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${OWNER_KEYS} ${owner}`]);",
    '',
    { tests: 'however many nodes' },
  ),
  inFile(`${KEYS}/key-store.ts`, SEALS)(
    'nothing is wrapped before the key is looked at',
    'await this.#checks.demand(owner);\n    const wrapped',
    'const wrapped',
    { tests: 'The keys of the owners' },
  ),
  seal('what should be sealed cannot stand open', 'const mayBeOpen =', 'const mayBeOpen = true ||', UNSEALED),
  seal(
    'an older content is under its own marking',
    'content.v !== 1 || isOfWhole',
    'content.v > 0 || isOfWhole',
    FROZEN,
  ),
  judge(
    'an altered record is not made anew',
    'if (current === null && !isErased) {',
    'if ((current === null && !isErased) || current === null) {',
    { specs: ['test/audit/forgery.spec'], tests: 'makes nothing anew' },
  ),
  register('nothing of an altered record counts', ' && !this.#withheld.has(stream)) {', ' && stream === "") {'),
  judge('what takes two persons waits for the second', 'mayWaitForSecond(issued) && issued', 'false && issued', {
    specs: [ACTS],
    tests: 'judged at once',
  }),
  inFile(`${EVENTING}/two-persons.ts`, ACTS)(
    'an act is used once',
    'commandId: commandIdOfAct(act),\n      act:',
    'commandId,\n      act:',
    { tests: 'in both their names' },
  ),
];
