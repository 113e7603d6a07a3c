import { describe, expect, it } from '@jest/globals';
import { currency, day, decimal, materialCode, reject, type Principal, type Reference } from '@kernel';
import { JP, markedFor, person, RECORD, secretariat, specify, US } from '@kernel/testing';
import type { ProjectState } from '../project/project.state.js';
import type { ProjectStatus } from '../project/project.events.js';
import { pledgeRecordType } from './pledge.record.js';
import type { PledgeCommand } from './pledge.record.js';

const commands = {
  pledge: {
    type: 'PledgeInvestment',
    projectId: RECORD,
    kind: 'GRANT',
    amount: decimal('5'),
    currency: currency('EUR'),
  },
  confirm: { type: 'ConfirmPledge', id: RECORD },
  draw: { type: 'DrawDownPledge', id: RECORD, amount: decimal('1'), on: day('2026-06-01') },
  withdraw: { type: 'WithdrawPledge', id: RECORD, reason: 'budget cut' },
} as const satisfies Record<string, PledgeCommand>;
const acts = Object.keys(commands) as (keyof typeof commands)[];
const onRecord = acts.filter((act) => act !== 'pledge');

const owned = markedFor(JP, 'MEMBERS');
const { mayIssue, mayAct } = specify(pledgeRecordType);
const issuedBy = (who: Principal) => acts.filter((act) => mayIssue(commands[act], who));
const actedBy = (who: Principal) => onRecord.filter((act) => mayAct(commands[act], who, [], owned));

describe('What may be asked of pledges at all', () => {
  it('by a delegate: to pledge, draw and withdraw', () =>
    expect(issuedBy(person(JP, 'DELEGATE'))).toEqual(['pledge', 'draw', 'withdraw']));
  it('by an approver: to confirm', () => expect(issuedBy(person(JP, 'APPROVER'))).toEqual(['confirm']));
  it('by others: nothing', () => {
    expect(issuedBy(person(JP, 'LIAISON'))).toEqual([]);
    expect(issuedBy(secretariat)).toEqual([]);
    expect(issuedBy(person(null, ['AUDITOR', 'OBSERVER']))).toEqual([]);
    expect(issuedBy({ ...person(JP, ['DELEGATE', 'APPROVER']), country: null })).toEqual([]);
  });
  it('for another country: nothing', () => {
    expect(mayIssue({ ...commands.pledge, country: JP }, person(JP, 'DELEGATE'))).toBe(true);
    expect(mayIssue({ ...commands.pledge, country: US }, person(JP, 'DELEGATE'))).toBe(false);
  });
});

describe('What may be done to a pledge', () => {
  it('by a delegate of its country: to draw and withdraw', () =>
    expect(actedBy(person(JP, 'DELEGATE'))).toEqual(['draw', 'withdraw']));
  it('by an approver of its country: to confirm', () => expect(actedBy(person(JP, 'APPROVER'))).toEqual(['confirm']));
  it('by other countries that see it: nothing', () =>
    expect(actedBy(person(US, ['LIAISON', 'DELEGATE', 'APPROVER']))).toEqual([]));
});

describe('A pledge', () => {
  it('is a new record when made, and the one named afterwards', () => {
    expect(pledgeRecordType.targetOf(commands.pledge, JP)).toEqual({ fresh: true });
    for (const act of onRecord) expect(pledgeRecordType.targetOf(commands[act], JP)).toEqual({ id: RECORD });
  });
  it('is its country’s alone unless released', () => expect(pledgeRecordType.defaultMarking).toBeUndefined());
});

describe('The project of a pledge', () => {
  const [project] = (pledgeRecordType.refersTo?.(commands.pledge) ?? []) as Reference<ProjectState>[];
  const terms = { title: 'Otavi', materials: [materialCode('gallium')], stages: [], hostCountry: US };
  const inStatus = (status: ProjectStatus): ProjectState => ({
    owner: US,
    terms,
    status,
    consent: null,
    endorsedBy: [],
    completedOn: null,
  });

  it('is one that the pledger can read', () =>
    expect(project).toMatchObject({
      category: 'project',
      at: { id: RECORD },
      missing: reject('PROJECTS.NOT_FOUND', { field: 'projectId' }),
    }));
  it.each(['PROPOSED', 'DESIGNATED'] as const)('may be %s', (status) =>
    expect(project?.rejectIf?.(inStatus(status))).toBeNull(),
  );
  it.each(['COMPLETED', 'WITHDRAWN'] as const)('may not be %s', (status) =>
    expect(project?.rejectIf?.(inStatus(status))).toEqual(reject('PROJECTS.CLOSED', { field: 'projectId' })),
  );
  it('is asked for when the pledge is made only', () => {
    for (const act of onRecord) expect(pledgeRecordType.refersTo?.(commands[act])).toEqual([]);
  });
  it.each(['PROJECTS.NOT_FOUND', 'PROJECTS.CLOSED'] as const)('has a sentence for %s', (code) =>
    expect(pledgeRecordType.rejections[code]).toMatch(/project/),
  );
});
