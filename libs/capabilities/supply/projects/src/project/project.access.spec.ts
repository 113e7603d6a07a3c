import { describe, expect, it } from '@jest/globals';
import { country, day, materialCode, reject, type Principal } from '@kernel';
import { EU, JP, markedFor, person, RECORD, secretariat, specify, US } from '@kernel/testing';
import { projectRecordType } from './project.record.js';
import type { ProjectCommand } from './project.record.js';
import type { ProjectProposed } from './project.events.js';

const NA = country('NA');
const gallium = materialCode('gallium');
const today = day('2026-06-01');
const terms = { title: 'Otavi gallium', materials: [gallium], stages: ['REFINING'], hostCountry: NA } as const;
const commands = {
  propose: { type: 'ProposeProject', ...terms },
  revise: { type: 'ReviseProject', id: RECORD, title: 'Otavi' },
  consent: { type: 'GiveHostConsent', id: RECORD },
  refuse: { type: 'RefuseHostConsent', id: RECORD, reason: 'no water' },
  endorse: { type: 'EndorseProject', id: RECORD },
  designate: { type: 'DesignateProject', id: RECORD },
  milestone: { type: 'ReportMilestone', id: RECORD, milestone: 'Permit granted', reachedOn: today },
  delay: { type: 'ReportDelay', id: RECORD, reason: 'Permit late' },
  complete: { type: 'CompleteProject', id: RECORD, on: today },
  withdraw: { type: 'WithdrawProject', id: RECORD, reason: 'no finance' },
} as const satisfies Record<string, ProjectCommand>;
type Act = keyof typeof commands;
const acts = Object.keys(commands) as Act[];
const onRecord = acts.filter((act) => act !== 'propose');

const owned = markedFor(EU, 'MEMBERS');
const proposed: ProjectProposed = { type: 'projects.ProjectProposed.v1', data: { ...terms, marking: owned } };
const outsider = (who: Principal): Principal => ({ ...who, isMember: false });
const { mayIssue, mayAct } = specify(projectRecordType);
const issuedBy = (who: Principal) => acts.filter((act) => mayIssue(commands[act], who));
const actedBy = (who: Principal) => onRecord.filter((act) => mayAct(commands[act], who, [proposed], owned));

describe('What may be asked of projects at all', () => {
  it('by a delegate: everything', () => expect(issuedBy(person(JP, 'DELEGATE'))).toEqual(acts));
  it('by a liaison: what commits nobody', () =>
    expect(issuedBy(person(JP, 'LIAISON'))).toEqual(['propose', 'revise', 'milestone', 'delay']));
  it('by the secretariat: the record of a designation', () => expect(issuedBy(secretariat)).toEqual(['designate']));
  it('by the delegate of a country that is no member: all but an endorsement', () =>
    expect(issuedBy(outsider(person(JP, 'DELEGATE')))).toEqual(acts.filter((act) => act !== 'endorse')));
  it('by approvers, auditors and observers: nothing', () => {
    expect(issuedBy(person(JP, 'APPROVER'))).toEqual([]);
    expect(issuedBy(person(null, ['AUDITOR', 'OBSERVER']))).toEqual([]);
  });
  it('by whoever acts for no country: nothing', () =>
    expect(issuedBy({ ...person(JP, ['LIAISON', 'DELEGATE']), country: null })).toEqual([]));
  it('for another country: nothing', () => {
    expect(mayIssue({ ...commands.propose, country: JP }, person(JP, 'LIAISON'))).toBe(true);
    expect(mayIssue({ ...commands.propose, country: US }, person(JP, 'DELEGATE'))).toBe(false);
  });
});

describe('What may be done to a project', () => {
  it('by a delegate of its owner: to shape, designate and end it', () =>
    expect(actedBy(person(EU, 'DELEGATE'))).toEqual([
      'revise',
      'endorse',
      'designate',
      'milestone',
      'delay',
      'complete',
      'withdraw',
    ]));
  it('by a liaison of its owner: to shape it', () =>
    expect(actedBy(outsider(person(EU, 'LIAISON')))).toEqual(['revise', 'milestone', 'delay']));
  it('by a delegate of its host, member or not: to consent or refuse, and to report', () =>
    expect(actedBy(outsider(person(NA, 'DELEGATE')))).toEqual(['consent', 'refuse', 'milestone', 'delay']));
  it('by a liaison of its host: to report', () =>
    expect(actedBy(outsider(person(NA, 'LIAISON')))).toEqual(['milestone', 'delay']));
  it('by a delegate of another member: to endorse it', () =>
    expect(actedBy(person(JP, 'DELEGATE'))).toEqual(['endorse']));
  it('by a delegate of a country that is no member: nothing', () =>
    expect(actedBy(outsider(person(JP, 'DELEGATE')))).toEqual([]));
  it('by the secretariat: to record its designation', () => expect(actedBy(secretariat)).toEqual(['designate']));
  it('by the host of the day, not by the one before', () => {
    const moved = { type: 'projects.ProjectRevised.v1', data: { changes: { hostCountry: US } } } as const;
    const past = [proposed, moved];
    expect(mayAct(commands.consent, person(US, 'DELEGATE'), past, owned)).toBe(true);
    expect(mayAct(commands.consent, person(NA, 'DELEGATE'), past, owned)).toBe(false);
  });
});

describe('A project', () => {
  it('is a new record when proposed, and the one named afterwards', () => {
    expect(projectRecordType.targetOf(commands.propose, JP)).toEqual({ fresh: true });
    for (const act of onRecord) expect(projectRecordType.targetOf(commands[act], JP)).toEqual({ id: RECORD });
  });
  it('names materials that are in the register', () => {
    const gone = reject('MATERIALS.UNKNOWN', { field: 'materials', value: gallium });
    const material = { category: 'material', at: { key: gallium }, missing: gone };
    expect(projectRecordType.refersTo?.(commands.propose)).toEqual([material]);
    expect(projectRecordType.refersTo?.({ ...commands.revise, materials: [gallium] })).toEqual([material]);
    expect(projectRecordType.refersTo?.(commands.revise)).toEqual([]);
    expect(projectRecordType.refersTo?.(commands.designate)).toEqual([]);
    expect(projectRecordType.rejections['MATERIALS.UNKNOWN']).toMatch(/register/);
  });
  it('is its owner’s alone unless released', () => expect(projectRecordType.defaultMarking).toBeUndefined());
});
